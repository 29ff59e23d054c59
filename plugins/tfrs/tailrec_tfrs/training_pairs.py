"""The events of a train as the examples of one epoch: every pair of user and item once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tailrec import InputError, Interactions

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Pairs(NamedTuple):
    """The distinct pairs of user and item, each with its weight."""

    users: NDArray[np.int32]
    items: NDArray[np.int32]
    weights: NDArray[np.float32]

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
    keys, pair_of_event, counts = np.unique(users * train.n_items + items, return_inverse=True, return_counts=True)
    mean_weights = np.bincount(pair_of_event, weights=weights) / counts
    return Pairs(
        users=(keys // train.n_items).astype(np.int32),
        items=(keys % train.n_items).astype(np.int32),
        weights=mean_weights.astype(np.float32),
    )
