"""A metric by the length of the history: where a model begins to serve people better than another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tailrec.errors import InputError, nearest
from tailrec.figures.activity import range_label
from tailrec.figures.style import LINES, legend_above, marked, panels, title
from tailrec.statistics import bootstrap_interval

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from tailrec.results import Result

COLUMNS = [
    "scenario", "model", "metric", "against", "shortest", "longest", "mean_length", "n_users", "value", "low", "high",
]  # fmt: skip


def compute_by_length(
    result: Result,
    metric: str | None = None,
    *,
    models: Sequence[str] | None = None,
    against: str | None = None,
    min_users: int = 30,
    n_resamples: int = 2_000,
) -> pd.DataFrame:
    """Return every model's mean of a metric by ranges of history lengths, with 95 % intervals.

    The ranges are 1, 2, 3 to 5, 6 to 10, 11 to 20, 21 to 50 and so on; one with fewer than `min_users` people is
    merged with the next longer. Several windows are pooled, and the interval resamples people with all their
    windows (`tailrec.bootstrap_interval`); seeds are averaged within a user. People without a history are left out:
    every model serves them the same.

    Parameters
    ----------
    result
        What a comparison found.
    metric
        A metric that has a value a user, by default the first.
    models
        The models to show, in this order; by default all.
    against
        A model whose value is subtracted, user by user: the paired difference from it. By default nothing is.
    min_users
        The smallest number of people in a range, if there are so many.
    n_resamples
        How many resamples stand behind an interval; a picture shows no difference to more.

    Returns
    -------
    DataFrame
        Columns ``scenario``, ``model``, ``metric``, ``against`` (empty where nothing is subtracted), ``shortest``,
        ``longest`` and ``mean_length`` of the range's histories, ``n_users`` with a value, ``value``, ``low``,
        ``high``.

    Raises
    ------
    InputError
        Where the metric or a model is not in the result, or `min_users` is below one.
    """
    known = list(dict.fromkeys(m.metric for m in result.measured if not isinstance(m.values, dict)))
    metric = next(iter(known), "") if metric is None else metric
    present = list(dict.fromkeys(m.model for m in result.measured))
    for what, names, among in (("metric", [metric], known), ("model", [*(models or ()), against], present)):
        for name in names:
            if name and name not in among:
                raise InputError(f"expected a {what} with a value a user, received `{name}`; {nearest(name, among)}")
    if min_users < 1:
        raise InputError(f"expected `min_users` to be positive, received {min_users}")
    rows: list[list[Any]] = []
    for scenario in dict.fromkeys(window.scenario for window in result.windows):
        lengths, people, values = _pooled(result, scenario, metric)
        shown = [model for model in models or values if model in values and model != against]
        if not shown or (against and against not in values):
            continue
        table = np.column_stack([values[model] - (values[against] if against else 0.0) for model in shown])
        measured = (lengths > 0) & ~np.isnan(table).all(axis=1)
        for shortest, longest in length_ranges(lengths[measured], people[measured], min_users):
            here = measured & (lengths >= shortest) & (lengths <= longest)
            found = bootstrap_interval(table[here], people[here], n_resamples=n_resamples)
            place = [shortest, longest, float(lengths[here].mean())]
            for at, model in enumerate(shown):
                n_users = len(np.unique(people[here][~np.isnan(table[here, at])]))
                interval = [found.value[at], found.low[at], found.high[at]]
                rows.append([scenario, model, metric, against or "", *place, n_users, *interval])
    return pd.DataFrame(rows, columns=COLUMNS).dropna(subset="value").reset_index(drop=True)


def length_ranges(lengths: NDArray[Any], people: NDArray[Any], min_users: int) -> list[tuple[int, int]]:
    """Return the shortest and longest length of every range, each with at least `min_users` different people.

    What is left over at the long end joins the last range.

    Examples
    --------
    >>> length_ranges(np.array([1, 1, 2, 4, 9, 12]), np.arange(6), min_users=2)
    [(1, 1), (2, 4), (9, 12)]
    """
    if len(lengths) == 0:
        return []
    tens = [scale * step for scale in 10 ** np.arange(19) for step in (1, 2, 5)]
    bounds = [0, *(int(bound) for bound in tens if bound < lengths.max()), int(lengths.max())]
    groups: list[list[int]] = []
    open_from = 0
    for _, bound in pairwise(bounds):
        here = (lengths > open_from) & (lengths <= bound)
        if len(np.unique(people[here])) >= min_users:
            groups.append([open_from, bound])
            open_from = bound
    if not groups:
        groups = [[0, bounds[-1]]]
    groups[-1][1] = bounds[-1]
    inside = [lengths[(lengths > low) & (lengths <= high)] for low, high in groups]
    return [(int(those.min()), int(those.max())) for those in inside]


def _pooled(result: Result, scenario: str, metric: str) -> tuple[NDArray[Any], NDArray[Any], dict[str, NDArray[Any]]]:
    """Return lengths, people and every model's values, window after window; seeds are averaged within a user."""
    windows = [window for window in result.windows if window.scenario == scenario]
    lengths = np.concatenate([w.split.train.history_lengths()[w.users] for w in windows])
    ids = np.concatenate([np.asarray(w.split.train.users[w.users]) for w in windows])
    found: dict[str, dict[str, list[Any]]] = {}
    for m in result.measured:
        if (m.scenario, m.metric) == (scenario, metric) and not isinstance(m.values, dict):
            found.setdefault(m.model, {}).setdefault(m.window, []).append(m.values)
    values = {
        model: np.concatenate([np.mean(by_window[w.name], axis=0) for w in windows])
        for model, by_window in found.items()
        if all(w.name in by_window for w in windows)  # a model that failed on one window is not pooled
    }
    return lengths, np.unique(ids, return_inverse=True)[1], values


def draw_by_length(rows: pd.DataFrame) -> Figure:
    """Draw the metric over the length of the history with its interval as a band, a panel a scenario.

    Parameters
    ----------
    rows
        What `compute_by_length` returned.
    """
    from matplotlib.lines import Line2D

    scenarios, models = (list(dict.fromkeys(rows[column])) for column in ("scenario", "model"))
    if against := rows["against"].max():  # the first colour is that of the line of zero, the model subtracted
        models = [against, *models]
    figure, axes = panels([2.9] * len(scenarios), 0.6)
    for ax, scenario in zip(axes, scenarios, strict=True):
        _draw_panel(ax, rows[rows["scenario"] == scenario], models)
        title(ax, scenario)
    handles = [
        Line2D([], [], linestyle=LINES[at % len(LINES)], label=m, **marked(at))  # type: ignore[arg-type]
        for at, m in enumerate(models)
    ]
    if against:
        handles[0] = Line2D([], [], color=marked(0)["color"], linewidth=1, label=f"zero: {against}")
    higher = legend_above(figure, handles, "band: 95 % interval, people resampled")
    figure.set_figheight(figure.get_figheight() + higher)
    return figure


def _draw_panel(ax: Any, rows: pd.DataFrame, models: list[str]) -> None:
    for model, of_model in rows.groupby("model", sort=False):
        at = models.index(str(model))
        x, style = of_model["mean_length"].to_numpy(), marked(at)
        if len(of_model) == 1:  # side by side, where there is no line to follow
            x = x * 1.05 ** (at - (len(models) - 1) / 2)
        ax.plot(x, of_model["value"], linestyle=LINES[at % len(LINES)], **style)
        low, high = of_model["low"].to_numpy(), of_model["high"].to_numpy()
        if len(of_model) > 1:
            ax.fill_between(x, low, high, color=style["color"], alpha=0.13, linewidth=0)
        else:
            ax.vlines(x, low, high, color=style["color"], linewidth=1.6)
    first, against = rows.iloc[0], str(rows["against"].iloc[0])
    ranges = rows.groupby(["shortest", "longest"], as_index=False)[["mean_length", "n_users"]].max()
    columns = (ranges[name].tolist() for name in ("shortest", "longest", "n_users"))
    names = [f"{range_label(low, high)}\n{n:,} users" for low, high, n in zip(*columns, strict=True)]
    ax.set_xscale("log")
    ax.set_xticks(ranges["mean_length"], names, fontsize=8)
    ax.minorticks_off()
    if len(ranges) == 1:
        middle = float(ranges["mean_length"].iloc[0])
        ax.set_xlim(middle / 1.05 ** len(models) / 1.2, middle * 1.05 ** len(models) * 1.2)
    ax.set_xlabel("length of the history (distinct items)", fontsize=9)
    of_what = f"{first.metric}, difference from {against}" if against else str(first.metric)
    ax.set_ylabel(of_what, fontsize=9, parse_math=False)
    if against:
        ax.axhline(0, color=marked(0)["color"], linewidth=1, zorder=1)
    ax.grid(axis="y", alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)
