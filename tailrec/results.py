"""`Result`: the tidy outcome of a comparison, by segment, with intervals and adjusted p-values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tailrec.experiments import Experiment
from tailrec.failures import Failure
from tailrec.names import spelling
from tailrec.statistics import bootstrap_interval, holm, sign_flip_p_value
from tailrec.windows import Window

SUMMARY_COLUMNS = ["scenario", "window", "model", "segment", "metric", "value", "low", "high", "n_users"]
DIFFERENCE_COLUMNS = [
    "scenario", "window", "model", "baseline", "segment", "metric", "difference", "low", "high", "p_value",
    "p_adjusted", "n_users",
]  # fmt: skip
#: The name of the row that pools several windows.
POOLED = "pooled"


@dataclass(frozen=True)
class Measured:
    """The values of one metric for a model and seed on a window: (n,), or (draws,) by segment of a catalogue metric."""

    scenario: str
    window: str
    model: str
    seed: int
    metric: str
    values: Any


@dataclass(frozen=True)
class Result:
    """What a comparison found.

    Attributes
    ----------
    experiment
        The exact specification.
    windows
        The splits, with their users and segments.
    measured
        Every value.
    failures
        The models that could not take part, and why.
    notes
        What a reader should know beside the numbers.
    removed
        By scenario and window, what preparation removed from whom.
    """

    experiment: Experiment
    windows: Sequence[Window]
    measured: Sequence[Measured]
    failures: Sequence[Failure]
    notes: Sequence[str] = ()
    removed: Mapping[tuple[str, str], pd.DataFrame] = field(default_factory=dict)

    def summary(self) -> pd.DataFrame:
        """Return value and 95 % interval of every model by segment, and the number of users behind it.

        Where a scenario has several windows, each has its rows, and those of the window ``pooled`` resample
        the people with all their windows. For a catalogue metric the interval spans the middle 95 % of
        equally large random groups of the segment.
        """
        return self._tables[0].copy()

    def differences(self) -> pd.DataFrame:
        """Return every model minus the baseline, user by user, with 95 % interval and p-value.

        The p-value is that of sign-flipping, ``p_adjusted`` after Holm over models × segments within scenario,
        window and metric. The segment ``new`` has none, since every model serves it the same fallback, nor has
        a catalogue metric.
        """
        return self._tables[1].copy()

    def higher_is_better(self, metric: str) -> bool:
        """Tell whether more of a metric, named as in the tables, is better."""
        return next(one.higher_is_better for one in self.experiment.metrics if spelling(one) == metric)

    def per_user(self) -> pd.DataFrame:
        """Return every value: scenario, window, model, seed, user, metric, value."""
        users = {(w.scenario, w.name): w.split.train.users[w.users].astype(str) for w in self.windows}
        tables = [
            pd.DataFrame(
                {
                    "scenario": m.scenario, "window": m.window, "model": m.model, "seed": m.seed,
                    "user": users[m.scenario, m.window], "metric": m.metric, "value": m.values,
                }
            )
            for m in self.measured
            if not isinstance(m.values, dict)
        ]  # fmt: skip
        columns = ["scenario", "window", "model", "seed", "user", "metric", "value"]
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)

    def report(self, path: str | Path) -> Path:
        """Write the result as one self-contained HTML file and return its path."""
        from tailrec.report.page import report_html

        path = Path(path)
        path.write_text(report_html(self), encoding="utf-8")
        return path

    def _repr_html_(self) -> str:
        table: pd.DataFrame = self.differences()
        return str(table.to_html(index=False, float_format="{:.4f}".format))

    @cached_property
    def _tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        summary: list[dict[str, Any]] = []
        differences: list[dict[str, Any]] = []
        for scenario in dict.fromkeys(window.scenario for window in self.windows):
            windows = [window for window in self.windows if window.scenario == scenario]
            people = pd.Index(np.unique(np.concatenate([np.asarray(w.split.train.users[w.users]) for w in windows])))
            choices = [(w.name, [w]) for w in windows] + ([(POOLED, windows)] if len(windows) > 1 else [])
            for name, chosen in choices:
                self._add_rows(summary, differences, scenario, name, chosen, people)
        tables = pd.DataFrame(summary, columns=SUMMARY_COLUMNS), pd.DataFrame(differences, columns=DIFFERENCE_COLUMNS)
        family = tables[1].groupby(["scenario", "window", "metric"], sort=False)["p_value"]
        tables[1]["p_adjusted"] = family.transform(lambda p: holm(p.to_numpy(dtype=float)))
        return tables

    def _add_rows(
        self,
        summary: list[Any],
        differences: list[Any],
        scenario: str,
        name: str,
        windows: list[Window],
        people: pd.Index[Any],
    ) -> None:
        """Add the rows of one window, or of several pooled."""
        groups = np.concatenate([people.get_indexer(w.split.train.users[w.users]) for w in windows])
        values = self._averaged(scenario, [window.name for window in windows])
        baseline, resamples = self.experiment.baseline, self.experiment.resamples
        gaps = {
            (model, metric): _minus(mine, values[baseline, metric])
            for (model, metric), mine in values.items()
            if model != baseline and (baseline, metric) in values
        }
        for segment in dict.fromkeys(s for w in windows for s in w.segments):
            rows = np.concatenate([w.segments.get(segment, np.zeros(len(w.users), dtype=bool)) for w in windows])
            found = _estimates([*values.values(), *gaps.values()], segment, rows, groups, resamples)
            for (model, metric), estimate in zip(values, found, strict=False):
                row = [scenario, name, model, segment, metric, *estimate]
                summary.append(dict(zip(SUMMARY_COLUMNS, row, strict=True)))
            p_values = _p_values(list(gaps.values()), rows, groups, resamples)
            for (model, metric), (*interval, n), p in zip(gaps, found[len(values) :], p_values, strict=True):
                row = [scenario, name, model, baseline, segment, metric, *interval, p, np.nan, n]
                differences.append(dict(zip(DIFFERENCE_COLUMNS, row, strict=True)))

    def _averaged(self, scenario: str, windows: list[str]) -> dict[tuple[str, str], Any]:
        """Return, by model and metric, the values averaged over seeds within a user, window after window."""
        found: dict[tuple[str, str], dict[str, list[Any]]] = {}
        for m in self.measured:
            if m.scenario == scenario and m.window in windows:
                found.setdefault((m.model, m.metric), {}).setdefault(m.window, []).append(m.values)
        averaged: dict[tuple[str, str], Any] = {}
        for key, by_window in found.items():
            if set(by_window) != set(windows):
                continue  # a model that failed on one window is not pooled
            if isinstance(by_window[windows[0]][0], dict):
                # A segment that is missing from a window has no value for the pool: its groups would be others.
                names = [n for n in by_window[windows[0]][0] if all(n in by_window[w][0] for w in windows)]
                averaged[key] = {
                    name: np.concatenate([np.mean([v[name] for v in by_window[w]], axis=0) for w in windows])
                    for name in names
                }
            else:
                averaged[key] = np.concatenate([np.mean(by_window[w], axis=0) for w in windows])
        return averaged


def _minus(values: Any, others: Any) -> Any:
    if isinstance(values, dict):
        return {name: drawn - others[name] for name, drawn in values.items() if name in others}
    gap = values - others
    # The mean of three equal values can be a rounding away from the value: that is no difference.
    return np.where(np.abs(gap) < 1e-12, 0.0, gap)


def _estimates(columns: list[Any], segment: str, rows: Any, groups: Any, resamples: int) -> list[tuple[Any, ...]]:
    """Return value, interval and number of people of every column, in one segment."""
    n_users = len(np.unique(groups[rows]))
    each = _by_user(columns, rows)
    if each.size == 0:
        found = iter([(np.nan, np.nan, np.nan, 0)] * each.shape[1])
    else:
        interval = bootstrap_interval(each, groups[rows], n_resamples=resamples)
        sizes = [len(np.unique(groups[rows][there])) for there in ~np.isnan(each.T)]
        found = zip(interval.value, interval.low, interval.high, sizes, strict=True)
    return [(*_of_groups(c.get(segment)), n_users) if isinstance(c, dict) else next(found) for c in columns]


def _p_values(gaps: list[Any], rows: Any, groups: Any, resamples: int) -> list[float]:
    each = _by_user(gaps, rows)
    if each.size == 0:
        tested = iter([np.nan] * each.shape[1])
    else:
        p = np.asarray(sign_flip_p_value(each, groups[rows], n_resamples=resamples))
        # Where two models answer the same to everybody there is nothing to test.
        tested = iter(np.where(np.nan_to_num(each).any(axis=0), p, np.nan))
    return [np.nan if isinstance(gap, dict) else float(next(tested)) for gap in gaps]


def _by_user(columns: list[Any], rows: Any) -> np.ndarray[Any, Any]:
    """Return (n, n_columns) the columns that have a value a user, some of their rows."""
    each = [column[rows] for column in columns if not isinstance(column, dict)]
    return np.column_stack(each) if each else np.empty((int(rows.sum()), 0))


def _of_groups(draws: Any) -> tuple[float, float, float]:
    if draws is None:
        return (np.nan, np.nan, np.nan)
    low, high = np.quantile(draws, [0.025, 0.975])
    return (float(np.mean(draws)), float(low), float(high))
