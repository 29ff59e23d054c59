"""Pictures of a classifier: ROC, calibration, accuracy by activity, and curves through a handful of points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

# Okabe and Ito's colours, told apart by colour-blind readers; lines and markers differ as well.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")
_LINES = ("-", "--", "-.")
_MARKERS = ("o", "s", "^", "D", "v")


def draw_roc(curves: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw ROC curves, by name, as `compute_roc` returns them."""
    figure, ax = _square()
    ax.plot([0, 1], [0, 1], color="#666666", linewidth=1, linestyle=":", label="a coin")
    for at, (name, curve) in enumerate(curves.items()):
        ax.plot(curve["false_positive_rate"], curve["true_positive_rate"], label=name, linewidth=2, **_line(at))
    ax.set_xlabel("false positive rate: of the disliked, the share that is claimed")
    ax.set_ylabel("true positive rate: of the liked, the share that is found")
    return _legend(figure, ax, "lower right")


def draw_calibration(tables: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw what was said against what happened, by name, as `compute_calibration` returns it; larger is more rows."""
    figure, ax = _square()
    ax.plot([0, 1], [0, 1], color="#666666", linewidth=1, linestyle=":", label="what is said happens")
    for at, (name, table) in enumerate(tables.items()):
        marker = _MARKERS[at % len(_MARKERS)]
        ax.plot(table["predicted"], table["observed"], linewidth=1.5, label=name, marker=marker, **_line(at))
        sizes = 20 + 300 * table["n_rows"] / table["n_rows"].sum()
        ax.scatter(table["predicted"], table["observed"], s=sizes, color=_line(at)["color"], marker=marker, zorder=3)
    ax.set_xlabel("predicted probability")
    ax.set_ylabel("share that is liked")
    return _legend(figure, ax, "upper left")


def draw_accuracy_by_activity(table: pd.DataFrame) -> Figure:
    """Draw accuracy with its intervals beside what a constant answer gets, as `compute_accuracy_by_activity` has it."""
    figure, ax = _figure((7.0, 4.0))
    x = np.arange(len(table))
    errors = [table["accuracy"] - table["low"], table["high"] - table["accuracy"]]
    ax.errorbar(
        x,
        table["accuracy"],
        errors,
        color=_COLOURS[0],
        fmt="o-",
        markersize=7,
        capsize=4,
        label="network, 95 % interval",
    )
    # A little to the right, so that no interval hides it.
    ax.plot(
        x + 0.08,
        table["base_rate"],
        "s--",
        color=_COLOURS[1],
        markerfacecolor="white",
        label="the more frequent answer",
    )
    names = [f"{row.history}\n{row.n_users:,} people" for row in table.itertuples()]
    ax.set_xticks(x, names)
    ax.set_xlabel("films in the training history")
    ax.set_ylabel("accuracy")
    return _legend(figure, ax, "upper left")


def draw_curves_through_points(x: ArrayLike, curves: ArrayLike, points: ArrayLike, labels: ArrayLike) -> Figure:
    """Draw what several networks say along a line, (n, n_networks), and the points that they were trained on."""
    figure, ax = _figure((7.0, 4.0))
    points, labels = np.asarray(points), np.asarray(labels)
    for at, curve in enumerate(np.asarray(curves).T):
        ax.plot(x, curve, color="#0072B2", linewidth=1.2, alpha=0.6, label="" if at else "one network each")
    for label, marker in ((0, "s"), (1, "o")):
        chosen = points[labels == label]
        ax.plot(chosen, labels[labels == label], marker, color="#D55E00", markersize=9, label=f"row with label {label}")
    ax.set_xlabel("$x_1$ (with $x_2 = x_1 + 1$)")
    ax.set_ylabel("probability of label 1")
    return _legend(figure, ax, "outside right upper")


def _figure(size: tuple[float, float]) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    ax = figure.subplots()
    ax.spines[["top", "right"]].set_visible(False)
    return figure, ax


def _square() -> tuple[Any, Any]:
    figure, ax = _figure((5.2, 5.0))
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
    return figure, ax


def _line(at: int) -> dict[str, Any]:
    return {"color": _COLOURS[at % len(_COLOURS)], "linestyle": _LINES[at % len(_LINES)]}


def _legend(figure: Any, ax: Any, where: str) -> Any:
    if where.startswith("outside"):
        figure.legend(loc=where, frameon=False, fontsize=9)
    else:
        ax.legend(loc=where, frameon=False, fontsize=9)
    return figure
