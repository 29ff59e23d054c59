"""What a weighting scheme does: the weight of an event by the length of its user's history, and who gets how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tailrec.figures.activity import compute_activity, range_label
from tailrec.figures.style import COLOURS, GREY, WIDTH
from tailrec.segments import segment_users
from tailrec.weighting import weights

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from tailrec.interactions import FloatArray, Interactions
    from tailrec.segments import Rule
    from tailrec.weighting import WeightingScheme

_SEGMENTS_SHOWN = ("newest", "tail", "head")


def compute_weight_curve(
    train: Interactions, scheme: str | WeightingScheme | Callable[[Interactions], FloatArray], n_bins: int = 12
) -> pd.DataFrame:
    """Return the mean weight of an event by ranges of history lengths.

    Parameters
    ----------
    train
        The training events.
    scheme
        A weighting scheme by name or spelling, an object of one, or a function (`tailrec.weights`).
    n_bins
        The largest number of ranges; see `compute_activity`.

    Returns
    -------
    DataFrame
        One row a range in which there is somebody: ``low``, ``high``, ``n_users``, ``share_of_events``,
        ``share_of_weight`` and ``weight``, the mean over the range's events; over all events the mean is one.

    Examples
    --------
    >>> import pandas as pd
    >>> from tailrec import Interactions
    >>> events = pd.DataFrame({"user": [0, 1, 1, 1], "item": [0, 0, 1, 2]})
    >>> curve = compute_weight_curve(Interactions.from_frame(events), "inverse-activity")
    >>> curve[["low", "weight", "share_of_weight"]].round(3).values.tolist()
    [[1.0, 2.0, 0.5], [3.0, 0.667, 0.5]]
    """
    given = weights(train, scheme)
    lengths = train.history_lengths()
    bins = compute_activity(lengths, n_bins)[["low", "high", "n_users"]]
    at = np.searchsorted(bins["low"].to_numpy(), lengths[train.frame["user"].to_numpy()], side="right") - 1
    events = np.bincount(at, minlength=len(bins))
    total = np.bincount(at, given, minlength=len(bins))
    shares = bins.assign(share_of_events=events / len(train), share_of_weight=total / len(train))
    return shares.assign(weight=total / np.maximum(events, 1))[bins["n_users"] > 0].reset_index(drop=True)


def compute_weight_shares(
    train: Interactions,
    scheme: str | WeightingScheme | Callable[[Interactions], FloatArray],
    segments: Rule = "activity",
) -> pd.DataFrame:
    """Return the share of all events and of all weight that each segment's users have.

    Returns
    -------
    DataFrame
        One row a segment with somebody's events in it: ``segment``, ``n_users``, ``share_of_events``,
        ``share_of_weight``.

    Examples
    --------
    >>> import pandas as pd
    >>> from tailrec import Interactions
    >>> events = pd.DataFrame({"user": [0, 1, 1, 1], "item": [0, 0, 1, 2]})
    >>> shares = compute_weight_shares(Interactions.from_frame(events), "inverse-activity", "length:cuts=[2]")
    >>> shares[["segment", "share_of_events", "share_of_weight"]].round(3).values.tolist()
    [['all', 1.0, 1.0], ['1-2', 0.25, 0.5], ['3+', 0.75, 0.5]]
    """
    given, users = weights(train, scheme), train.frame["user"].to_numpy()
    rows = []
    for segment, mask in segment_users(train, segments).items():
        here = mask[users]
        rows.append([segment, int(mask.sum()), here.mean(), given[here].sum() / given.sum()])
    table = pd.DataFrame(rows, columns=["segment", "n_users", "share_of_events", "share_of_weight"])
    return table[table["share_of_events"] > 0].reset_index(drop=True)


def draw_weight_curve(curve: pd.DataFrame, shares: pd.DataFrame) -> Figure:
    """Draw the weight of an event by history length, and beside it who has which share of events and of weight.

    Parameters
    ----------
    curve
        What `compute_weight_curve` returned.
    shares
        What `compute_weight_shares` returned; where it has `tail` and `head`, these and `newest` are shown.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    figure = Figure(figsize=(WIDTH, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.5, 1))
    at = np.arange(len(curve))
    left.plot(at, curve["weight"], color=COLOURS[1], marker="o", linewidth=1.8)
    left.axhline(1, color=GREY, linewidth=1, linestyle="--")
    left.annotate(
        "no weighting: 1", (0, 1), xycoords=("axes fraction", "data"), xytext=(3, 3), textcoords="offset points",
        fontsize=9, color=GREY,
    )  # fmt: skip
    labels = [range_label(low, high) for low, high in zip(curve["low"], curve["high"], strict=True)]
    left.set_xticks(at, labels, fontsize=8, rotation=40, ha="right", rotation_mode="anchor")
    left.set_xlabel("length of the history (distinct items)")
    left.set_ylabel("mean weight of an event")
    left.set_ylim(bottom=0)
    _draw_shares(right, shares)
    right.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    figure.legend(loc="outside upper right", ncols=2, frameon=False, fontsize=9)
    for ax in (left, right):
        ax.spines[["top", "right"]].set_visible(False)
    return figure


def _draw_shares(ax: Any, shares: pd.DataFrame) -> None:
    named = [name for name in _SEGMENTS_SHOWN if name in set(shares["segment"])]
    rows = shares.set_index("segment").loc[named if {"tail", "head"} <= set(named) else shares["segment"]]
    at = np.arange(len(rows))
    hatched = {"color": "white", "edgecolor": COLOURS[2], "hatch": "////"}
    first = ax.bar(at - 0.2, rows["share_of_events"], 0.4, color=COLOURS[1], label="share of events")
    second = ax.bar(at + 0.2, rows["share_of_weight"], 0.4, label="share of weight", **hatched)
    for bars in (first, second):
        ax.bar_label(bars, fmt=lambda share: f"{share:.0%}", fontsize=8, padding=1)
    ax.set_xticks(at, list(rows.index), parse_math=False)
    ax.margins(y=0.12)
