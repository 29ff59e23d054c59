"""A picture of what sampled evaluations say of several models, and the full ranking at the end of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

# Okabe and Ito's colours, told apart by colour-blind readers; lines and markers differ as well.
_STYLES = (("#0072B2", "-", "o"), ("#D55E00", "--", "s"), ("#009E73", "-.", "^"), ("#CC79A7", ":", "D"))


def draw_sampled(table: pd.DataFrame, k: int = 10) -> Figure:
    """Draw the hit rate of each model against the number of sampled items, as `compute_sampled` returns it."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import LogLocator, NullLocator

    figure = Figure(figsize=(7.0, 4.0), layout="constrained")
    ax = figure.subplots()
    ax.spines[["top", "right"]].set_visible(False)
    for at, name in enumerate(table.columns):
        colour, line, marker = _STYLES[at % len(_STYLES)]
        ax.plot(table.index, table[name], color=colour, linestyle=line, marker=marker, linewidth=1.8, label=name)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xticks(table.index, [f"{size:,}" for size in table.index[:-1]] + ["all"], minor=False)
    ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_minor_locator(NullLocator())
    ax.set_xlabel("other items that each target is ranked among")
    ax.set_ylabel(f"hit rate@{k}")
    ax.legend(frameon=False)
    return figure
