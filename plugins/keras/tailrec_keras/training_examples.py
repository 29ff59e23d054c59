"""The examples of an epoch: every pair of user and item that happened, and others that did not, drawn anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tailrec import InputError, Interactions

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Examples(NamedTuple):
    """What a network is trained on: (n,) codes of users and items, labels of 0 or 1, and weights."""

    users: NDArray[np.int32]
    items: NDArray[np.int32]
    labels: NDArray[np.float32]
    weights: NDArray[np.float32]


class TrainingExamples:
    """The distinct pairs of a train, and as many pairs that are not in it as are asked for.

    Parameters
    ----------
    train
        The events; a pair that happened several times is one example, with the mean weight of its events.
    weights
        (n_events,) one a row of ``train.frame``, not negative; all one where None. A negative weighs what its pair
        weighs.

    Raises
    ------
    InputError
        Where there is no event, or the weights have another shape, are negative or not finite, or are all zero.
    """

    def __init__(self, train: Interactions, weights: NDArray[Any] | None = None) -> None:
        if len(train) == 0:
            raise InputError("expected at least one event to train on, received none")
        summed = train.matrix(np.ones(len(train)) if weights is None else checked_weights(weights, len(train)))
        counted = train.matrix(np.ones(len(train)))
        for matrix in (summed, counted):
            matrix.sort_indices()
        self.weights = (summed.data / counted.data).astype(np.float32)
        self.items = counted.indices.astype(np.int32)
        self.starts = counted.indptr.astype(np.int64)
        self.n_items = train.n_items
        lengths = np.diff(self.starts)
        self.users = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        # How many items before each of a user's are not theirs: with it the r-th item that is not theirs is found.
        position = np.arange(len(self.items)) - np.repeat(self.starts[:-1], lengths)
        self._free_before = self._key(self.users, self.items - position)

    def draw(self, negatives: int, rng: np.random.Generator) -> Examples:
        """Return every pair with label 1, and for each as many items that its user has not, with label 0, shuffled.

        Each item that the user has not is equally likely; whoever has every item gets none.
        """
        lengths = np.diff(self.starts)
        rows = np.repeat(np.flatnonzero(lengths[self.users] < self.n_items), negatives)
        users = self.users[rows]
        nth = (rng.random(len(rows)) * (self.n_items - lengths[users])).astype(np.int64)
        items = nth + np.searchsorted(self._free_before, self._key(users, nth), side="right") - self.starts[users]
        order = rng.permutation(len(self.users) + len(users))
        labels = np.concatenate([np.ones(len(self.users)), np.zeros(len(users))])
        return Examples(
            users=np.concatenate([self.users, users])[order],
            items=np.concatenate([self.items, items.astype(np.int32)])[order],
            labels=labels.astype(np.float32)[order],
            weights=np.concatenate([self.weights, self.weights[rows]])[order],
        )

    def _key(self, users: NDArray[Any], numbers: NDArray[Any]) -> NDArray[np.int64]:
        return users.astype(np.int64) * (self.n_items + 1) + numbers


def checked_weights(weights: NDArray[Any], n: int) -> NDArray[np.float64]:
    """Return (n,) weights as float64, having refused those that cannot be used."""
    weights = np.asarray(weights, dtype=np.float64)
    if weights.shape != (n,):
        raise InputError(f"expected one weight a row of the frame, {n}, received the shape {weights.shape}")
    if not np.isfinite(weights).all() or (weights < 0).any() or not weights.any():
        raise InputError("expected weights that are finite, not negative and not all zero")
    return weights
