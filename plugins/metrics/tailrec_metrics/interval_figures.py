"""A picture of values with their intervals, one a row, those clear of a reference told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_CLEAR, _NOT_CLEAR = "#D55E00", "#0072B2"  # Okabe and Ito's; the marker differs as well


def compute_clear(table: pd.DataFrame, reference: float = 0.0) -> pd.Series[bool]:
    """Return for each row whether its interval, ``low`` to ``high``, leaves the reference out.

    Examples
    --------
    >>> import pandas as pd
    >>> compute_clear(pd.DataFrame({"low": [-1.0, 0.2, -3.0], "high": [1.0, 0.9, -2.0]})).tolist()
    [False, True, True]
    """
    return (table["low"] > reference) | (table["high"] < reference)


def draw_intervals(table: pd.DataFrame, label: str, reference: float | None = 0.0) -> Figure:
    """Draw ``value`` with ``low`` and ``high``, a row of the table a row, named by the index.

    Parameters
    ----------
    label
        What is measured.
    reference
        The line that an interval may leave out: a filled square where it does, a hollow circle where it does not.
        With None every row is a filled circle, and no line is drawn.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.0, 1.0 + 0.28 * len(table)), layout="constrained")
    ax = figure.subplots()
    ax.spines[["top", "right", "left"]].set_visible(False)
    clear = compute_clear(table, reference) if reference is not None else None
    for at, row in enumerate(table.itertuples()):
        marked = clear is not None and bool(clear.iloc[at])
        colour = _CLEAR if marked else _NOT_CLEAR
        filled = colour if marked or clear is None else "white"
        ax.plot([row.low, row.high], [at, at], color=colour, linewidth=1.8)
        ax.plot(row.value, at, "s" if marked else "o", color=colour, markerfacecolor=filled, markersize=7)
    if reference is not None:
        ax.axvline(reference, color="#666666", linewidth=1, linestyle=":")
    ax.set_yticks(range(len(table)), table.index.astype(str))
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.set_xlabel(label)
    return figure
