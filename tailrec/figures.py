"""Pictures of a result: each a pure `compute_...` that is tested, and a thin `draw_...` on matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from tailrec.results import POOLED
from tailrec.tables import verdict

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Okabe and Ito's colours, told apart by colour-blind readers; each segment has its own marker as well.
_COLOURS = ("#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
_MARKERS = ("o", "s", "D", "^", "v", "P", "X")


def compute_forest(differences: pd.DataFrame, metric: str | None = None) -> pd.DataFrame:
    """Return what the forest plot of differences shows, one row a point, top to bottom.

    Of every scenario the pooled window where there is one, else its only window; segments in which nothing
    can differ are left out.

    Parameters
    ----------
    differences
        Rows as `Result.differences` returns them.
    metric
        The metric to show, by default the first.

    Returns
    -------
    DataFrame
        Columns ``scenario``, ``model``, ``segment``, ``n_users``, ``difference``, ``low``, ``high``,
        ``verdict``.
    """
    metric = metric or (differences["metric"].iloc[0] if len(differences) else "")
    shown = differences[(differences["metric"] == metric) & differences["difference"].notna()]
    shown = shown[shown["p_value"].notna()]
    pooled = set(shown.loc[shown["window"] == POOLED, "scenario"])
    shown = shown[~shown["scenario"].isin(pooled) | (shown["window"] == POOLED)]
    first = shown.groupby("scenario")["window"].transform("first")
    shown = shown[shown["window"] == first]
    rows = shown[["scenario", "model", "segment", "n_users", "difference", "low", "high"]].copy()
    rows["verdict"] = [verdict(row) for row in shown.itertuples()]
    return rows.reset_index(drop=True)


def draw_forest(rows: pd.DataFrame, metric: str, baseline: str) -> Figure:
    """Draw the differences from the baseline with their intervals, a panel a scenario, a colour a segment."""
    from matplotlib.figure import Figure

    scenarios = list(dict.fromkeys(rows["scenario"]))
    segments = list(dict.fromkeys(rows["segment"]))
    n_lines = [rows[rows["scenario"] == s].groupby("model", sort=False).ngroups for s in scenarios]
    heights = [n * (0.17 * len(segments) + 0.16) + 0.2 for n in n_lines]
    figure = Figure(figsize=(8.5, sum(heights) + 0.75 * len(scenarios) + 1.0), layout="constrained")
    axes = figure.subplots(len(scenarios), 1, squeeze=False, gridspec_kw={"height_ratios": heights})[:, 0]
    for ax, scenario in zip(axes, scenarios, strict=True):
        _draw_panel(ax, rows[rows["scenario"] == scenario], segments)
        ax.set_title(scenario, loc="left", fontweight="bold", fontsize=11)
        ax.set_xlabel(f"difference in {metric} from {baseline}: left is worse, right is better", fontsize=9)
    handles = {h.get_label(): h for ax in axes for h in ax.get_legend_handles_labels()[0]}
    figure.legend(
        list(handles.values()), list(handles), loc="outside upper center", ncols=len(handles), frameon=False, fontsize=9,
        title="filled: more than noise (interval clear of zero, p after Holm below 0.05); hollow: no difference shown", title_fontsize=9,
    )  # fmt: skip
    return figure


def _draw_panel(ax: Any, rows: pd.DataFrame, segments: list[str]) -> None:
    models = list(dict.fromkeys(rows["model"]))
    step = 1.0 / (len(segments) + 1)
    labelled = set()
    for row in rows.itertuples():
        at = segments.index(str(row.segment))
        y = models.index(row.model) + (at - (len(segments) - 1) / 2) * step
        colour = _COLOURS[at % len(_COLOURS)]
        ax.plot([row.low, row.high], [y, y], color=colour, linewidth=1.6, solid_capstyle="butt", zorder=2)
        ax.plot(
            [row.difference], [y], linestyle="none", marker=_MARKERS[at % len(_MARKERS)], markersize=6, color=colour, zorder=3,
            markerfacecolor=colour if row.verdict in ("better", "worse") else "white",
            label=row.segment if row.segment not in labelled else None,
        )  # fmt: skip
        labelled.add(row.segment)
    ax.axvline(0, color="#666666", linewidth=1, zorder=1)
    for border in range(1, len(models)):
        ax.axhline(border - 0.5, color="#dddddd", linewidth=0.8, zorder=0)
    ax.set_yticks(range(len(models)), models)
    ax.set_ylim(len(models) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.spines[["top", "right", "left"]].set_visible(False)
