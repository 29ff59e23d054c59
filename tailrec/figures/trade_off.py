"""A trade-off: where a model moves between two segments as one parameter grows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from tailrec.errors import InputError, nearest
from tailrec.figures.style import GREY, LINES, legend_above, marked, panels, title
from tailrec.figures.window import one_window

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS = [
    "scenario", "model", "metric", "against", "parameter", "gain_segment", "gain", "gain_low", "gain_high",
    "cost_segment", "cost", "cost_low", "cost_high",
]  # fmt: skip


def compute_trade_off(
    tables: Mapping[float, pd.DataFrame],
    metric: str | None = None,
    gain: str = "tail",
    cost: str = "head",
    *,
    model: str | None = None,
) -> pd.DataFrame:
    """Return the points of a curve: what a model does for two segments at every value of a parameter.

    Parameters
    ----------
    tables
        By value of the parameter (say, the exponent of the weights) the rows that `Result.differences` or
        `Result.summary` returned for it: differences give a curve around zero, a summary one of plain values.
    metric
        The metric to show, by default the first.
    gain, cost
        The two segments: the one drawn upwards and the one drawn sideways.
    model
        The only model to show, as it is spelled. By default every model has a curve, and where each table holds one
        model only, these are one curve however they are spelled: the parameter may be the model's own.

    Returns
    -------
    DataFrame
        Columns ``scenario``, ``model``, ``metric``, ``against`` (the baseline; empty for plain values),
        ``parameter``, ``gain_segment``, ``gain``, ``gain_low``, ``gain_high``, ``cost_segment``, ``cost``,
        ``cost_low``, ``cost_high``; along every curve the parameter grows.

    Raises
    ------
    InputError
        Where there is no table, or one has no row of the metric, a segment or the model.

    Examples
    --------
    >>> columns = ["scenario", "window", "model", "segment", "metric", "value", "low", "high"]
    >>> def at(tail, head):
    ...     values = {"tail": tail, "head": head}.items()
    ...     rows = [["films", "all", "ease", segment, "ndcg", v, v - 0.01, v + 0.01] for segment, v in values]
    ...     return pd.DataFrame(rows, columns=columns)
    >>> points = compute_trade_off({1.0: at(0.3, 0.1), 0.0: at(0.2, 0.4)})
    >>> points[["model", "parameter", "gain", "cost"]].values.tolist()
    [['ease', 0.0, 0.2, 0.4], ['ease', 1.0, 0.3, 0.1]]
    """
    if not tables:
        raise InputError("expected a table for at least one value of the parameter, received none")
    chosen = {value: _rows(tables[value], value, metric, (gain, cost), model) for value in sorted(tables)}
    one_each = all(rows["model"].nunique() == 1 for rows in chosen.values())
    found = []
    for value, rows in chosen.items():
        halves = []
        for side, segment in (("gain", gain), ("cost", cost)):
            half = rows.loc[
                rows["segment"] == segment, ["scenario", "model", "metric", "against", "value", "low", "high"]
            ]
            names = {"value": side, "low": f"{side}_low", "high": f"{side}_high"}
            halves.append(half.rename(columns=names).assign(**{f"{side}_segment": segment}))
        found.append(halves[0].merge(halves[1], on=["scenario", "model", "metric", "against"]).assign(parameter=value))
    points = pd.concat(found, ignore_index=True)
    if one_each and points["model"].nunique() > 1:
        points["model"] = points["model"].str.partition(":")[0]
    points = points.dropna(subset=["gain", "cost"])[COLUMNS]
    curves = [curve for _, curve in points.groupby(["scenario", "model"], sort=False)]
    return pd.concat(curves, ignore_index=True) if curves else points


def _rows(
    table: pd.DataFrame, value: float, metric: str | None, segments: tuple[str, str], model: str | None
) -> pd.DataFrame:
    """Return the rows of a table that are asked for, with the columns ``value`` and ``against``."""
    if "difference" in table.columns:
        table = table.rename(columns={"difference": "value", "baseline": "against"})
    else:
        table = table.assign(against="")
    metric = metric or next(iter(table["metric"]), "")
    wanted = [("metric", metric), *(("segment", name) for name in segments), *([("model", model)] if model else [])]
    for column, name in wanted:
        if name not in set(table[column]):
            there = nearest(str(name), [str(one) for one in table[column].unique()])
            raise InputError(f"the table of {value}: expected rows of the {column} `{name}`; {there}")
    rows: pd.DataFrame = table[(table["metric"] == metric) & ((table["model"] == model) | (model is None))]
    return one_window(rows)


def draw_trade_off(points: pd.DataFrame, parameter: str = "parameter", *, chosen: float | None = None) -> Figure:
    """Draw the curve of every model through its points, with both intervals; the two ends are labelled.

    Parameters
    ----------
    points
        What `compute_trade_off` returned.
    parameter
        What the parameter is called.
    chosen
        A value of the parameter whose points are ringed.
    """
    from matplotlib.lines import Line2D

    scenarios, models = (list(dict.fromkeys(points[column])) for column in ("scenario", "model"))
    figure, axes = panels([3.4] * len(scenarios), 0.5)
    labels: list[list[Any]] = []
    for ax, scenario in zip(axes, scenarios, strict=True):
        here = points[points["scenario"] == scenario]
        curves = here.groupby("model", sort=False)
        drawn = [_draw_curve(ax, rows, models.index(str(model)), chosen) for model, rows in curves]
        labels.append([text for of_curve in drawn for text in of_curve])
        first = here.iloc[0]
        what = f"difference in {first.metric} from {first.against}" if first.against else str(first.metric)
        if first.against:
            ax.axhline(0, color=GREY, linewidth=1, zorder=1)
            ax.axvline(0, color=GREY, linewidth=1, zorder=1)
        ax.set_xlabel(f"{first.cost_segment}: {what}", fontsize=9, parse_math=False)
        ax.set_ylabel(f"{first.gain_segment}: {what}", fontsize=9, parse_math=False)
        ax.spines[["top", "right"]].set_visible(False)
        ax.margins(0.12)
        title(ax, scenario)
    handles = [
        Line2D([], [], linestyle=LINES[at % len(LINES)], label=m, **marked(at))  # type: ignore[arg-type]
        for at, m in enumerate(models)
    ]
    heading = f"number at an end: {parameter}; thin lines: 95 % intervals"
    figure.set_figheight(figure.get_figheight() + legend_above(figure, handles, heading))
    if any(len(of_panel) > 2 for of_panel in labels):
        figure.draw_without_rendering()
        for of_panel in labels:
            _set_apart(of_panel)
    return figure


def _set_apart(labels: list[Any]) -> None:
    """Move labels up or down, each as little as needed, until none covers another."""
    placed: list[Any] = []
    for label in labels:
        x, y = label.get_position()
        for step in range(4 * len(labels)):
            label.set_position((x, y + (-1) ** step * 13 * ((step + 1) // 2)))
            box = label.get_window_extent()
            if not any(box.overlaps(other) for other in placed):
                break
        placed.append(box)


def _draw_curve(ax: Any, rows: pd.DataFrame, at: int, chosen: float | None) -> list[Any]:
    style = marked(at)
    x, y = rows["cost"].to_numpy(), rows["gain"].to_numpy()
    thin = {"color": style["color"], "linewidth": 0.8, "alpha": 0.6}
    ax.hlines(y, rows["cost_low"], rows["cost_high"], **thin)
    ax.vlines(x, rows["gain_low"], rows["gain_high"], **thin)
    ax.plot(x, y, linestyle=LINES[at % len(LINES)], linewidth=1.8, zorder=3, **style)
    values, labels = rows["parameter"].to_numpy(), []
    for end in dict.fromkeys((0, len(rows) - 1)):
        other = -1 if end == 0 else 0
        # Away from the other end, so that the two labels never meet.
        right = x[end] > x[other] or (x[end] == x[other] and end > 0)
        label = ax.annotate(
            f"{values[end]:g}", (x[end], y[end]), xytext=(8 if right else -8, 6),
            textcoords="offset points", ha="left" if right else "right", fontsize=9, color=style["color"],
            fontweight="bold", zorder=2.5, bbox={"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 0.5},
        )  # fmt: skip
        labels.append(label)
    ringed = values == chosen
    ax.plot(
        x[ringed], y[ringed], linestyle="none", marker="o", markersize=14, markerfacecolor="none", color=style["color"]
    )
    return labels
