"""The look that all pictures share: colours that colour-blind readers tell apart, and a second sign beside each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tailrec.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Okabe and Ito's colours (*Color universal design*, 2008), black first.
COLOURS = ("#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
MARKERS = ("o", "s", "D", "^", "v", "P", "X")
LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
GREY = "#666666"
WIDTH = 8.5


def marked(at: int) -> dict[str, Any]:
    """Return colour and marker of the series at a position; no two of the first 49 share both.

    Examples
    --------
    >>> marked(1)
    {'color': '#0072B2', 'marker': 's', 'markersize': 6}
    """
    n = len(COLOURS)
    return {"color": COLOURS[at % n], "marker": MARKERS[(at + at // n) % n], "markersize": 6}


def panels(heights: Sequence[float], extra: float) -> tuple[Figure, list[Axes]]:
    """Return a figure with a panel below the other, of these heights, and `extra` inches for what is around them."""
    from matplotlib.figure import Figure

    if not heights:
        raise InputError("expected at least one row to draw, received none")
    figure = Figure(figsize=(WIDTH, sum(heights) + extra), layout="constrained")
    axes = figure.subplots(len(heights), 1, squeeze=False, gridspec_kw={"height_ratios": list(heights)})
    return figure, list(axes[:, 0])


def title(ax: Axes, text: str) -> None:
    """Write a panel's title; what comes from the data is never read as a formula."""
    ax.set_title(text, loc="left", fontweight="bold", fontsize=11, parse_math=False)


def legend_above(figure: Figure, handles: Sequence[Any], heading: str = "") -> float:
    """Put the legend above all panels, names as they are, and return the inches that it takes."""
    names = [broken(str(handle.get_label()), 40) for handle in handles]
    for handle, name in zip(handles, names, strict=True):
        handle.set_label(name)
    # In letters of this size: what a name and its mark take, and what the page holds.
    widths = [max(map(len, name.splitlines() or [""])) + 8 for name in names]
    columns = len(names) if sum(widths) <= 104 else min(6, 104 // max(widths))
    legend = figure.legend(
        handles=handles, loc="outside upper center", ncols=columns, frameon=False, fontsize=9,
        title=heading, title_fontsize=9,
    )  # fmt: skip
    for text in [*legend.get_texts(), legend.get_title()]:
        text.set_parse_math(False)
    lines = [name.count("\n") + 1 for name in names]
    rows = -(-len(names) // columns)
    # Matplotlib fills columns from the top; a column is as high as its names.
    column_heights = [sum(lines[start : start + rows]) for start in range(0, len(names), rows)]
    return 0.17 * max(column_heights, default=0) + 0.18 * (heading.count("\n") + 1 if heading else 0) + 0.15


def broken(text: str, width: int = 24) -> str:
    r"""Return a long spelling on several lines, broken after a comma or colon where there is one.

    It is not shortened: two models may differ in their last parameter alone.

    Examples
    --------
    >>> broken("blend:models=[ease,ials],gate=[5,10]", 18)
    'blend:\nmodels=[ease,\nials],gate=[5,10]'
    """
    lines = [""]
    for part in re.split(r"(?<=[,:])", text):
        for piece in [part[start : start + 2 * width] for start in range(0, len(part), 2 * width)]:
            if lines[-1] and len(lines[-1]) + len(piece) > width:
                lines.append("")
            lines[-1] += piece
    return "\n".join(lines)
