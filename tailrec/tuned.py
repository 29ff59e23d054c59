"""`Tuned`: every trial of a search, the best of them, and what a reader should know of it."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from tailrec import names, tuned_command
from tailrec.errors import InputError, PluginError
from tailrec.evaluation import label
from tailrec.scenarios import Scenario
from tailrec.search_space import Range, Space
from tailrec.statistics import Interval, bootstrap_interval
from tailrec.trials import Objective, Trial, with_parameters

if TYPE_CHECKING:
    from tailrec.interfaces import ModelPlugin
    from tailrec.runs import RunStore


@dataclass(frozen=True)
class Tuned:
    """What a search found.

    Attributes
    ----------
    scenario
        On whose validation it was chosen.
    objective
        What was made as good as can be, and of which model.
    space
        What was tried for each parameter.
    seed
        Of the search.
    trials
        Every trial, in order.
    notes
        What a reader should know of the data.
    """

    scenario: Scenario
    objective: Objective
    space: Space
    seed: int
    trials: Sequence[Trial] = ()
    notes: Sequence[str] = ()

    def __repr__(self) -> str:
        return (
            f"<Tuned: {self.spelling}, {self.metric} of {self.objective.segment} {self.value:.4f}, {self._of_trials}>"
        )

    @property
    def metric(self) -> str:
        """The metric as it is spelled."""
        return names.spelling(self.objective.metric)

    @cached_property
    def best(self) -> Trial:
        """The trial with the best value; of several, the first."""
        done = [trial for trial in self.trials if not trial.reason]
        if not done:
            ((reason, _),) = Counter(trial.reason for trial in self.trials).most_common(1)
            failed = PluginError(
                f"{label(self.objective.given)}: all {len(self.trials)} trials failed; most often {reason}"
            )
            for trace in {trial.trace: None for trial in self.trials if trial.reason == reason and trial.trace}:
                failed.add_note(trace)
            raise failed
        return max(done, key=lambda trial: self.objective.sign * trial.segments[self.objective.segment])

    def checked(self) -> Tuned:
        """Return itself, having refused a search of which nothing came."""
        self.best  # noqa: B018
        return self

    @property
    def value(self) -> float:
        """The best value."""
        return self.best.segments[self.objective.segment]

    @cached_property
    def model(self) -> ModelPlugin:
        """The best model, not fitted."""
        return with_parameters(self.objective.given, self.best.parameters)

    @property
    def spelling(self) -> str:
        """The best model as it is written after `--model`."""
        return label(self.model)

    @cached_property
    def difference(self) -> Interval | None:
        """The best minus the model as it was given, with its 95 % interval over people; None where that failed."""
        first, best = self.trials[0].values, self.best.values
        if first is None or best is None:
            return None
        chosen = self.objective.asked.masks[self.objective.segment]
        interval: Interval = bootstrap_interval((best - first)[chosen], self.objective.asked.people[chosen])
        return interval

    def table(self) -> pd.DataFrame:
        """Return one row a trial: number, state, the parameters, the metric of every segment, seconds, reason."""
        rows = [
            {
                "number": trial.number,
                "state": "failed" if trial.reason else "complete",
                **{key: names.spell("", {"": value})[2:] for key, value in trial.parameters.items()},
                **{f"{self.metric} {name}": value for name, value in trial.segments.items()},
                "seconds": round(trial.seconds, 3),
                "reason": trial.reason,
            }
            for trial in self.trials
        ]
        last = ["seconds", "reason"]
        table = pd.DataFrame(rows)
        return table[[name for name in table.columns if name not in last] + last]

    def warnings(self) -> list[str]:
        """Return what speaks against taking the best value as it stands."""
        failed = Counter(trial.reason for trial in self.trials if trial.reason)
        said = [f"{count} of {self._of_trials} failed: {reason}" for reason, count in failed.items()]
        for key, one in self.space.items():
            side = one.edge(self.best.parameters[key]) if key in self._searched_best else ""
            if side and (not isinstance(one, Range) or self._could_be_wider(key, one, side)):
                at = names.spell("", {key: self.best.parameters[key]})[1:]
                said.append(f"{at} lies at the {side} edge of {one}: search further out")
        if self.best.number == 0:
            said.append("no trial did better than the model as it was given")
        return [
            *said,
            f"{self.value:.4f} is the best of {self._of_trials} on the validation that chose it, so it flatters; "
            "measure on the test, once",
        ]

    def compare_command(self) -> str:
        """Return the command that measures the best model on the test, beside the model as it was given.

        Nothing where the data or the segments came from Python, which a command cannot name.
        """
        return tuned_command.compare_command(self.scenario, self.objective, self.model)

    def compare_note(self) -> str:
        """Return where the command measures other windows than those tuned on; usually nothing."""
        return tuned_command.compare_note(self.scenario) if self.compare_command() else ""

    def write(self, store: RunStore, *, finished: bool) -> dict[str, Path]:
        """Write ``trials.json`` and ``trials.csv`` and return their paths; each is either whole or as it was."""
        contents = {"trials.json": self.to_json(finished=finished), "trials.csv": self.table().to_csv(index=False)}
        paths = {name: store.folder / name for name in contents}
        with store.publishing():
            for name, content in contents.items():
                store.write(paths[name], content.encode())
        return paths

    def to_json(self, *, finished: bool = True) -> str:
        """Return everything as JSON; two runs of the same search differ in the seconds alone.

        Before it is finished, the best has no interval yet, which takes longer than a quick trial.
        """
        what = self.objective
        document = {
            "best": self._best_row(finished) if any(not trial.reason for trial in self.trials) else None,
            "model": label(what.given), "scenario": self.scenario.name, **self.scenario.spelled(),
            "metric": self.metric, "segment": what.segment, "segments": names.spelling(what.asked.segments),
            "weights": what.weights, "seed": self.seed,
            "search": {key: str(one) for key, one in self.space.items()},
            "notes": list(self.notes), "trials": [self._row(trial) for trial in self.trials],
        }  # fmt: skip
        return json.dumps(document, indent=1, allow_nan=False) + "\n"

    def _best_row(self, finished: bool) -> dict[str, Any]:
        bounds = self.difference if finished else None
        return {
            "model": self.spelling, "number": self.best.number, "value": self.value,
            "difference": None if bounds is None else {k: _defined(v) for k, v in bounds._asdict().items()},
            "compare": self.compare_command(), "compare_note": self.compare_note(), "warnings": self.warnings(),
        }  # fmt: skip

    def _row(self, trial: Trial) -> dict[str, Any]:
        return {
            "number": trial.number,
            "state": "failed" if trial.reason else "complete",
            "parameters": {key: _plain(value) for key, value in trial.parameters.items()},
            "value": _defined(trial.segments.get(self.objective.segment)),
            "segments": {name: _defined(value) for name, value in trial.segments.items()},
            "seconds": round(trial.seconds, 3),
            "reason": trial.reason,
        }

    @property
    def _of_trials(self) -> str:
        return f"{len(self.trials)} trials" if len(self.trials) != 1 else "1 trial"

    @property
    def _searched_best(self) -> Mapping[str, Any]:
        return self.best.parameters if self.best.number else {}

    def _could_be_wider(self, key: str, one: Range, side: str) -> bool:
        """Tell whether the parameter takes values beyond the edge of its range."""
        end, beyond = (one.low, -1) if side == "lower" else (one.high, 1)
        further = end + beyond if one.whole else end * 2.0**beyond if one.log else end + beyond * (one.high - one.low)
        try:
            with_parameters(self.objective.given, {key: further})
        except InputError:
            return False
        return True


def _defined(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, (bool, int, float, str)) else names.spelling(value)
