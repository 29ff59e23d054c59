"""What one group gains against what another pays: a point a model, with both intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from tailrec.errors import InputError, nearest
from tailrec.figures.style import GREY, legend_above, marked, panels, title
from tailrec.figures.window import one_window, tested_metric
from tailrec.tables import verdict

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PARTS = ("_segment", "_users", "", "_low", "_high", "_verdict")
_SHOWN = ("better", "worse")


def compute_gain_and_cost(
    differences: pd.DataFrame,
    metric: str | None = None,
    gain: str = "tail",
    cost: str = "head",
    *,
    higher_is_better: bool = True,
) -> pd.DataFrame:
    """Return a point a model: its difference from the baseline in one segment, and that in another.

    Parameters
    ----------
    differences
        Rows as `Result.differences` returns them.
    metric
        The metric to show, by default the first that is tested.
    gain, cost
        The segment that should gain, and the one that may pay for it.
    higher_is_better
        Whether more of the metric is better.

    Returns
    -------
    DataFrame
        Columns ``scenario``, ``model``, ``baseline``, ``metric``, then ``gain_segment``, ``gain_users``, ``gain``,
        ``gain_low``, ``gain_high``, ``gain_verdict`` of the first segment, and the same with ``cost_`` of the
        second. Both are differences: where more is better, a ``cost`` below zero is what its segment pays.

    Raises
    ------
    InputError
        Where a segment is in no row.
    """
    segments = list(dict.fromkeys(differences["segment"]))
    for name in (gain, cost):
        if len(segments) and name not in segments:
            raise InputError(f"expected a segment of the differences, received `{name}`; {nearest(name, segments)}")
    metric = metric or tested_metric(differences)
    shown = one_window(differences[(differences["metric"] == metric) & differences["difference"].notna()])
    keys = ["scenario", "model", "baseline", "metric"]
    halves = []
    for side, segment in (("gain", gain), ("cost", cost)):
        rows = shown[shown["segment"] == segment].copy()
        rows["segment"] = segment
        rows["verdict"] = [verdict(row, higher_is_better) for row in rows.itertuples()]
        half = rows.set_index(keys)[["segment", "n_users", "difference", "low", "high", "verdict"]]
        halves.append(half.set_axis([f"{side}{part}" for part in PARTS], axis=1))
    return halves[0].join(halves[1], how="inner").reset_index()


def quadrants(gain: str, cost: str) -> dict[tuple[bool, bool], str]:
    """Return the names of the quadrants, by whether `gain` gains and whether `cost` does.

    Examples
    --------
    >>> quadrants("tail", "head")[True, False]
    'tail gains, head pays'
    """
    return {
        (True, True): "both gain",
        (True, False): f"{gain} gains, {cost} pays",
        (False, True): f"{cost} gains, {gain} pays",
        (False, False): "both pay",
    }


def draw_gain_and_cost(points: pd.DataFrame, *, higher_is_better: bool = True) -> Figure:
    """Draw what a segment gains (upwards) against what another gains or pays (sideways); the baseline is at zero.

    Parameters
    ----------
    points
        What `compute_gain_and_cost` returned.
    higher_is_better
        Whether more of the metric is better; where less is, the axes run the other way, so that up and right are
        better in every picture.
    """
    from matplotlib.lines import Line2D

    scenarios, models = (list(dict.fromkeys(points[column])) for column in ("scenario", "model"))
    models = [*dict.fromkeys(points["baseline"]), *models]
    figure, axes = panels([3.4] * len(scenarios), 0.5)
    for ax, scenario in zip(axes, scenarios, strict=True):
        _draw_panel(ax, points[points["scenario"] == scenario], models, higher_is_better)
        title(ax, scenario)
    heading = "thick: more than noise (interval clear of zero, p after Holm below 0.05); thin: no difference shown"
    handles = [Line2D([], [], linestyle="none", label=model, **marked(at)) for at, model in enumerate(models)]
    figure.set_figheight(figure.get_figheight() + legend_above(figure, handles, heading))
    return figure


def _draw_panel(ax: Any, points: pd.DataFrame, models: list[str], higher_is_better: bool) -> None:
    for row in points.itertuples():
        style = marked(models.index(str(row.model)))
        arms = [
            ([row.cost_low, row.cost_high], [row.gain] * 2, row.cost_verdict),
            ([row.cost] * 2, [row.gain_low, row.gain_high], row.gain_verdict),
        ]
        for x, y, said in arms:
            ax.plot(x, y, color=style["color"], linewidth=2.6 if said in _SHOWN else 1, solid_capstyle="butt", zorder=2)
        shown = row.gain_verdict in _SHOWN or row.cost_verdict in _SHOWN
        ax.plot(
            [row.cost], [row.gain], linestyle="none", markerfacecolor=style["color"] if shown else "white", zorder=3,
            **style,
        )  # fmt: skip
    ax.axhline(0, color=GREY, linewidth=1, zorder=1)
    ax.axvline(0, color=GREY, linewidth=1, zorder=1)
    first = points.iloc[0]
    ax.plot([0], [0], linestyle="none", zorder=3, **marked(models.index(first.baseline)))
    sides = points[["cost_low", "cost_high", "cost"]], points[["gain_low", "gain_high", "gain"]]
    (left, right), (bottom, top) = (_limits(float(side.min().min()), float(side.max().max())) for side in sides)
    ax.set_xlim((left, right) if higher_is_better else (right, left))
    ax.set_ylim((bottom, top) if higher_is_better else (top, bottom))
    for (up, right_side), name in quadrants(first.gain_segment, first.cost_segment).items():
        ax.text(
            0.99 if right_side else 0.01, 0.98 if up else 0.02, name, transform=ax.transAxes, color="#555555",
            fontsize=9, style="italic", ha="right" if right_side else "left", va="top" if up else "bottom",
            parse_math=False,
        )  # fmt: skip
    what = f"difference in {first.metric} from {first.baseline}"
    ax.set_xlabel(f"{first.cost_segment} ({first.cost_users:,} users): {what}", fontsize=9, parse_math=False)
    ax.set_ylabel(f"{first.gain_segment} ({first.gain_users:,} users)", fontsize=9, parse_math=False)
    ax.spines[["top", "right"]].set_visible(False)


def _limits(low: float, high: float) -> tuple[float, float]:
    """Return the limits of an axis: zero well inside, and a margin in which nothing is but a quadrant's name."""
    low, high = min(low, 0.0), max(high, 0.0)
    span = (high - low) or 1.0
    low, high = min(low, -0.2 * span), max(high, 0.2 * span)
    return low - 0.12 * (high - low), high + 0.12 * (high - low)
