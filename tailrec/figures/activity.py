"""The histogram of activity: how many users have histories of which length, and how much of all events they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tailrec.errors import InputError
from tailrec.figures.lorenz import active
from tailrec.figures.style import COLOURS, WIDTH

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike


def compute_activity(lengths: ArrayLike, n_bins: int = 12) -> pd.DataFrame:
    """Return the histogram of history lengths, in bins that grow by a constant factor.

    Equally wide bins would put nearly everybody into the first. The bounds are whole numbers, so that short
    lengths have a bin each and there may be fewer bins than asked for. Users without a history are left out.

    Parameters
    ----------
    lengths
        (n_users,) lengths of the histories, whole numbers in any order.
    n_bins
        The largest number of bins.

    Returns
    -------
    DataFrame
        One row a bin: ``low`` and ``high``, the shortest and longest length in it, both included, ``n_users``,
        ``share_of_users`` and ``share_of_events``, which sum to one.

    Raises
    ------
    InputError
        Where a length is no whole number or negative, nobody has a history, or `n_bins` is below one.

    Examples
    --------
    >>> compute_activity([1, 1, 0, 2, 4], n_bins=2)
       low  high  n_users  share_of_users  share_of_events
    0    1     1        2             0.5             0.25
    1    2     4        2             0.5             0.75
    """
    if not isinstance(n_bins, (int, np.integer)) or isinstance(n_bins, bool) or n_bins < 1:
        raise InputError(f"expected `n_bins` to be a positive integer, received {n_bins!r}")
    known = active(lengths)
    if (known != np.floor(known)).any():
        raise InputError(f"expected `lengths` to be whole numbers, received {known[known != np.floor(known)][0]:g}")
    # Where all bins round to a bound of their own they are these; the shortest lengths collapse into one each.
    bounds = np.unique(np.rint(np.geomspace(1, known[-1] + 1, n_bins + 1)).astype(np.int64))
    n_users, _ = np.histogram(known, bounds)
    events, _ = np.histogram(known, bounds, weights=known)
    return pd.DataFrame(
        {
            "low": bounds[:-1],
            "high": bounds[1:] - 1,
            "n_users": n_users,
            "share_of_users": n_users / len(known),
            "share_of_events": events / known.sum(),
        }
    )


def draw_activity(bins: pd.DataFrame, cut: int | tuple[int, int] | None = None) -> Figure:
    """Draw, for every bin of history lengths, its share of the users beside its share of all events.

    Parameters
    ----------
    bins
        What `compute_activity` returned.
    cut
        The longest history of the tail, marked by a line; where it differs between windows, the smallest and the
        largest, marked by a band. By default none is.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    figure = Figure(figsize=(WIDTH, 3.6), layout="constrained")
    ax = figure.add_subplot()
    at = np.arange(len(bins))
    ax.bar(at - 0.2, bins["share_of_users"], 0.4, color=COLOURS[1], label="share of users")
    hatched: dict[str, Any] = {"color": "white", "edgecolor": COLOURS[2], "hatch": "////"}
    ax.bar(at + 0.2, bins["share_of_events"], 0.4, label="share of events", **hatched)
    if isinstance(cut, tuple):
        label = f"the tail ends at {range_label(*cut)} items, by window"
        ax.axvspan(*(_position(bins, end) for end in cut), color="black", alpha=0.25, label=label)
    elif cut is not None:
        ax.axvline(_position(bins, cut), color="black", linestyle="--", label=f"the tail ends at {cut:,} items")
    ax.set_xticks(at, [range_label(low, high) for low, high in zip(bins["low"], bins["high"], strict=True)], fontsize=9)
    ax.set_xlabel("length of the history (distinct items)")
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    ax.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=9)
    return figure


def range_label(low: int, high: int) -> str:
    """Return how a range of lengths is written.

    Examples
    --------
    >>> range_label(3, 3), range_label(1000, 2000)
    ('3', '1,000–2,000')
    """
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def _position(bins: pd.DataFrame, cut: int) -> float:
    """Return where a cut after this length lies between the bars, in parts of its bin."""
    low, high = bins["low"].to_numpy(), bins["high"].to_numpy()
    at = int(np.clip(np.searchsorted(low, cut, side="right") - 1, 0, len(low) - 1))
    return float(at - 0.5 + np.clip((cut - low[at] + 1) / (high[at] - low[at] + 1), 0, 1))
