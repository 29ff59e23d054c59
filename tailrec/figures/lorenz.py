"""The Lorenz curve: how large a share of all events the least active users have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tailrec.errors import InputError
from tailrec.figures.style import COLOURS, GREY, LINES, broken

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray


def active(lengths: ArrayLike) -> NDArray[np.float64]:
    """Return the lengths of the histories that hold something, shortest first.

    Raises
    ------
    InputError
        Where a length is negative or not finite, or no history holds anything.
    """
    every = np.asarray(lengths, dtype=np.float64)
    if every.ndim != 1 or not np.isfinite(every).all() or (every < 0).any():
        raise InputError(f"expected `lengths` to be one number of items a user, none negative, received {lengths!r}")
    if not (every > 0).any():
        raise InputError(f"expected at least one user with a history, received {len(every)} without")
    return np.sort(every[every > 0])


def compute_lorenz(lengths: ArrayLike) -> pd.DataFrame:
    """Return the Lorenz curve of activity (Lorenz 1905, *Methods of measuring the concentration of wealth*).

    Users are sorted from the shortest history to the longest; a point (F, L) says that the share F of the users
    has the share L of all events. Those with equal lengths share one straight piece, so that there is one row a
    length. Users without a history are left out, as everywhere in activity.

    Parameters
    ----------
    lengths
        (n_users,) lengths of the histories, in any order.

    Returns
    -------
    DataFrame
        Columns ``share_of_users`` and ``share_of_events``, from (0, 0) to (1, 1).

    Raises
    ------
    InputError
        Where a length is negative or not finite, or nobody has a history.

    Examples
    --------
    >>> compute_lorenz([1, 1, 0, 2, 4]).values.tolist()
    [[0.0, 0.0], [0.5, 0.25], [0.75, 0.5], [1.0, 1.0]]
    """
    values, counts = np.unique(active(lengths), return_counts=True)
    users, events = np.cumsum(counts), np.cumsum(values * counts)
    return pd.DataFrame(
        {
            "share_of_users": np.concatenate([[0.0], users / users[-1]]),
            "share_of_events": np.concatenate([[0.0], events / events[-1]]),
        }
    )


def gini(lengths: ArrayLike) -> float:
    """Return the Gini coefficient of activity: 0 where all are equally active, near 1 where one has everything.

    With the lengths sorted, x₁ ≤ … ≤ xₙ, it is Σᵢ (2i - n - 1) xᵢ / (n Σᵢ xᵢ), twice the area between the Lorenz
    curve and the line of equality (Gini 1912, *Variabilità e mutabilità*). Users without a history are left out.

    Parameters
    ----------
    lengths
        (n_users,) lengths of the histories, in any order.

    Examples
    --------
    >>> gini([1, 1, 2, 4]), gini([7, 7])
    (0.3125, 0.0)
    """
    x = active(lengths)
    return float((2 * np.arange(1, len(x) + 1) - len(x) - 1) @ x / (len(x) * x.sum()))


def draw_lorenz(curves: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw Lorenz curves by name, with the line of equality and the Gini coefficient of each.

    Parameters
    ----------
    curves
        By name what `compute_lorenz` returned.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    figure = Figure(figsize=(5.2, 4.9 + 0.2 * len(curves)), layout="constrained")
    ax = figure.add_subplot()
    ax.plot([0, 1], [0, 1], color=GREY, linewidth=1, label="everybody equally active")
    for at, (name, curve) in enumerate(curves.items()):
        x, y = curve["share_of_users"].to_numpy(), curve["share_of_events"].to_numpy()
        line: Any = LINES[at % len(LINES)]
        label = f"{broken(name, 40)} (Gini {1 - 2 * np.trapezoid(y, x):.2f})"
        ax.plot(x, y, color=COLOURS[(at + 1) % len(COLOURS)], linestyle=line, linewidth=2, label=label)
    ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    ax.set_xlabel("share of users, from the shortest history on")
    ax.set_ylabel("share of their events")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0))
    ax.grid(alpha=0.3)
    legend = figure.legend(loc="outside upper center", frameon=False, fontsize=9)
    for text in legend.get_texts():
        text.set_parse_math(False)
    return figure
