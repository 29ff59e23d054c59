"""The events of a train as the examples of one epoch: every pair of user and item once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tailrec import InputError, Interactions
from tailrec_tfrs.histories import Histories

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Pairs(NamedTuple):
    """The distinct pairs of user and item, each with its weight.

    Attributes
    ----------
    users, items, weights
        (n_pairs,) int32, int32 and float32.
    moments
        (n_pairs,) numbers that grow with the time at which a pair first happened, within its user; None where a user's
        pairs are in that order.
    """

    users: NDArray[np.int32]
    items: NDArray[np.int32]
    weights: NDArray[np.float32]
    moments: NDArray[np.int64] | None = None

    def histories(self, n_users: int) -> tuple[Histories, NDArray[np.int64]]:
        """Return every user's items, oldest first, and (n_pairs,) where among them each pair stands.

        Examples
        --------
        >>> pairs = Pairs(np.array([1, 1, 0]), np.array([5, 6, 7]), np.ones(3), np.array([9, 3, 4]))
        >>> histories, positions = pairs.histories(2)
        >>> histories.items.tolist(), histories.bounds.tolist(), positions.tolist()
        ([7, 6, 5], [0, 1, 3], [2, 1, 0])
        """
        moments = np.arange(len(self.users)) if self.moments is None else self.moments
        order = np.lexsort((moments, self.users))
        positions = np.empty(len(order), dtype=np.int64)
        positions[order] = np.arange(len(order))
        bounds = np.concatenate([[0], np.cumsum(np.bincount(self.users, minlength=n_users))])
        return Histories(self.items[order], bounds.astype(np.int64)), positions

    def sampling_probabilities(self, n_items: int) -> NDArray[np.float32]:
        """Return (n_items,) the probability that a pair drawn at random is of the item.

        Every pair is drawn once an epoch, whatever it weighs, so the weights have no part in it.
        """
        counts = np.bincount(self.items, minlength=n_items)
        return (counts / len(self.items)).astype(np.float32)


def distinct_pairs(train: Interactions, weights: NDArray[Any] | None = None) -> Pairs:
    """Return the distinct pairs of a train; a pair that happened several times has the mean weight of its events.

    Parameters
    ----------
    train
        The events.
    weights
        (n_events,) one a row of ``train.frame``, not negative; all one where None.

    Raises
    ------
    InputError
        Where there is no event, or the weights have another shape, are negative or not finite, or are all zero.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({"user": [0, 0, 1], "item": [5, 5, 9], "time": [1, 2, 3]})
    >>> train = Interactions.from_frame(events, timestamp="time")
    >>> pairs = distinct_pairs(train, np.array([0.5, 1.5, 1.0]))
    >>> pairs.users.tolist(), pairs.items.tolist(), pairs.weights.tolist()
    ([0, 1], [0, 1], [1.0, 1.0])
    """
    users, items = train.frame["user"].to_numpy(np.int64), train.frame["item"].to_numpy(np.int64)
    if len(users) == 0:
        raise InputError("two-tower: expected at least one event to train on, received none")
    weights = np.ones(len(users)) if weights is None else np.asarray(weights, dtype=np.float64)
    if weights.shape != users.shape:
        raise InputError(
            f"two-tower: expected one weight a row of the frame, {len(users)}, received the shape {weights.shape}"
        )
    if not np.isfinite(weights).all() or (weights < 0).any() or not weights.any():
        raise InputError("two-tower: expected weights that are finite, not negative and not all zero")
    keys, first_rows, pair_of_event, counts = np.unique(
        users * train.n_items + items, return_index=True, return_inverse=True, return_counts=True
    )
    mean_weights = np.bincount(pair_of_event, weights=weights) / counts
    return Pairs(
        users=(keys // train.n_items).astype(np.int32),
        items=(keys % train.n_items).astype(np.int32),
        weights=mean_weights.astype(np.float32),
        moments=first_rows.astype(np.int64),
    )
