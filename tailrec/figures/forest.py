"""The forest plot: every difference from the baseline with its interval."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from tailrec.figures.style import GREY, broken, legend_above, marked, panels, title
from tailrec.figures.window import one_window, tested_metric
from tailrec.tables import verdict

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def compute_forest(
    differences: pd.DataFrame, metric: str | None = None, *, higher_is_better: bool = True
) -> pd.DataFrame:
    """Return what the forest plot of differences shows, one row a point, top to bottom.

    Of every scenario the pooled window where there is one, else its only window; segments in which nothing
    can differ are left out.

    Parameters
    ----------
    differences
        Rows as `Result.differences` returns them.
    metric
        The metric to show, by default the first that is tested.
    higher_is_better
        Whether more of the metric is better.

    Returns
    -------
    DataFrame
        Columns ``scenario``, ``model``, ``segment``, ``n_users``, ``difference``, ``low``, ``high``,
        ``verdict``.
    """
    shown = differences[differences["difference"].notna() & differences["p_value"].notna()]
    shown = one_window(shown[shown["metric"] == (metric or tested_metric(shown))])
    rows = shown[["scenario", "model", "segment", "n_users", "difference", "low", "high"]].copy()
    rows["verdict"] = [verdict(row, higher_is_better) for row in shown.itertuples()]
    return rows.reset_index(drop=True)


def draw_forest(rows: pd.DataFrame, metric: str, baseline: str, *, higher_is_better: bool = True) -> Figure:
    """Draw the differences from the baseline with their intervals, a panel a scenario, a colour a segment."""
    from matplotlib.lines import Line2D

    sides = "left is worse, right is better" if higher_is_better else "left is better, right is worse"
    scenarios = list(dict.fromkeys(rows["scenario"]))
    segments = list(dict.fromkeys(rows["segment"]))
    heights = [_height(rows.loc[rows["scenario"] == one, "model"].unique(), len(segments)) for one in scenarios]
    figure, axes = panels(heights, 0.75 * len(scenarios) + 1.0)
    for ax, scenario in zip(axes, scenarios, strict=True):
        _draw_panel(ax, rows[rows["scenario"] == scenario], segments)
        title(ax, scenario)
        ax.set_xlabel(f"difference in {metric} from {baseline}: {sides}", fontsize=9, parse_math=False)
    legend_above(
        figure,
        [Line2D([], [], linestyle="none", label=segment, **marked(at)) for at, segment in enumerate(segments)],
        "filled: more than noise (interval clear of zero, p after Holm below 0.05); hollow: no difference shown",
    )
    return figure


def _height(models: Iterable[str], n_segments: int) -> float:
    """Return the inches of a panel: as much for every model as its points need, and the longest of the names."""
    n_lines = [broken(model).count("\n") + 1 for model in models]
    return len(n_lines) * max(0.17 * n_segments + 0.16, 0.18 * max(n_lines) + 0.08) + 0.2


def _draw_panel(ax: Any, rows: pd.DataFrame, segments: list[str]) -> None:
    models = list(dict.fromkeys(rows["model"]))
    step = 1.0 / (len(segments) + 1)
    for row in rows.itertuples():
        at = segments.index(str(row.segment))
        y = models.index(row.model) + (at - (len(segments) - 1) / 2) * step
        style = marked(at)
        ax.plot([row.low, row.high], [y, y], color=style["color"], linewidth=1.6, solid_capstyle="butt", zorder=2)
        filled = style["color"] if row.verdict in ("better", "worse") else "white"
        ax.plot([row.difference], [y], linestyle="none", markerfacecolor=filled, zorder=3, **style)
    ax.axvline(0, color=GREY, linewidth=1, zorder=1)
    for border in range(1, len(models)):
        ax.axhline(border - 0.5, color="#dddddd", linewidth=0.8, zorder=0)
    ax.set_yticks(range(len(models)), [broken(str(model)) for model in models], parse_math=False)
    ax.set_ylim(len(models) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.spines[["top", "right", "left"]].set_visible(False)
