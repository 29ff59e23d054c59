"""The examples of an epoch: every pair of user and item that happened, and some drawn that did not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tailrec import InputError, Interactions

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: How often a negative that turns out to be in the history is drawn again before it is left out.
_ATTEMPTS = 20


class Examples(NamedTuple):
    """Pairs of user and item, each (n,), with label 1 for what happened and 0 for what was drawn."""

    users: NDArray[np.int64]
    items: NDArray[np.int64]
    labels: NDArray[np.float32]
    weights: NDArray[np.float32]

    def take(self, rows: Any) -> Examples:
        """Return some of them, by positions or slice."""
        return Examples(*(column[rows] for column in self))


def positives(train: Interactions, weights: NDArray[Any] | None = None) -> Examples:
    """Return the distinct pairs of a train, sorted; a pair that happened several times has the mean of its weights.

    Parameters
    ----------
    train
        The events.
    weights
        (n_events,) one a row of ``train.frame``, not negative; all one where None.

    Raises
    ------
    InputError
        Where there is no event, or the weights have another shape, are negative, not finite or all zero.

    Examples
    --------
    >>> import pandas as pd
    >>> train = Interactions.from_frame(pd.DataFrame({"user": [0, 0, 1], "item": [5, 5, 9]}), duplicates="keep")
    >>> positives(train, np.array([0.5, 1.5, 3.0])).weights.tolist()
    [1.0, 3.0]
    """
    users, items = train.frame["user"].to_numpy(np.int64), train.frame["item"].to_numpy(np.int64)
    if len(users) == 0:
        raise InputError("numpy-mlp: expected at least one event to train on, received none")
    weights = np.ones(len(users)) if weights is None else np.asarray(weights, dtype=np.float64)
    if weights.shape != users.shape:
        raise InputError(
            f"numpy-mlp: expected one weight a row of the frame, {len(users)}, received the shape {weights.shape}"
        )
    if not np.isfinite(weights).all() or (weights < 0).any() or not weights.any():
        raise InputError("numpy-mlp: expected weights that are finite, not negative and not all zero")
    keys, pair_of_event, counts = np.unique(users * train.n_items + items, return_inverse=True, return_counts=True)
    return Examples(
        keys // train.n_items,
        keys % train.n_items,
        np.ones(len(keys), dtype=np.float32),
        (np.bincount(pair_of_event, weights=weights) / counts).astype(np.float32),
    )


def with_negatives(happened: Examples, n_items: int, negatives: int, rng: np.random.Generator) -> Examples:
    """Return what happened and, for each such pair, items drawn evenly from those its user does not have.

    A negative has the weight of its pair. Where a user has (nearly) every item, those that could not be drawn are
    left out.

    Parameters
    ----------
    happened
        The positives, sorted.
    n_items
        How many items there are to draw from.
    negatives
        How many are drawn a pair.
    rng
        Where the draws come from.

    Examples
    --------
    >>> import pandas as pd
    >>> happened = positives(Interactions.from_frame(pd.DataFrame({"user": [0, 0, 1], "item": [0, 1, 2]})))
    >>> drawn = with_negatives(happened, 3, 1, np.random.default_rng(0)).take(slice(3, None))
    >>> drawn.users.tolist(), drawn.items[:2].tolist(), drawn.labels.tolist()
    ([0, 0, 1], [2, 2], [0.0, 0.0, 0.0])
    """
    users = np.repeat(happened.users, negatives)
    items = rng.integers(n_items, size=len(users))
    known = happened.users * n_items + happened.items
    wrong = np.flatnonzero(_among(users * n_items + items, known))
    for _ in range(_ATTEMPTS):
        items[wrong] = rng.integers(n_items, size=len(wrong))
        wrong = wrong[_among(users[wrong] * n_items + items[wrong], known)]
    kept = np.ones(len(users), dtype=bool)
    kept[wrong] = False
    drawn = Examples(users, items, np.zeros(len(users), np.float32), np.repeat(happened.weights, negatives))
    return Examples(*(np.concatenate(pair) for pair in zip(happened, drawn.take(kept), strict=True)))


def batches(examples: Examples, batch_size: int, rng: np.random.Generator) -> Iterator[Examples]:
    """Yield every example once, in a new random order, `batch_size` at a time; the last batch may be shorter."""
    shuffled = examples.take(rng.permutation(len(examples.users)))
    for start in range(0, len(examples.users), batch_size):
        yield shuffled.take(slice(start, start + batch_size))


def _among(keys: NDArray[np.int64], known: NDArray[np.int64]) -> NDArray[np.bool_]:
    return known[np.minimum(np.searchsorted(known, keys), len(known) - 1)] == keys
