"""Histories as rows of item numbers: what came, what came next, and batches of rows that are about as long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tailrec import InputError, Interactions
from tailrec_keras.training_examples import checked_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    IntArray = NDArray[np.integer[Any]]

#: The number that stands before every history; an item's number is its code plus one.
START = 0


class Batch(NamedTuple):
    """(n_rows, width) what the network is given, the item code that came next, and the weight of that prediction."""

    inputs: NDArray[np.int32]
    targets: NDArray[np.int32]
    weights: NDArray[np.float32]


def distinct(history: IntArray) -> IntArray:
    """Return the items of a history once each, in the order in which they first came.

    Examples
    --------
    >>> distinct(np.array([7, 3, 7, 5])).tolist()
    [7, 3, 5]
    """
    _, first = np.unique(history, return_index=True)
    return np.asarray(history)[np.sort(first)]


def inputs_of(histories: Sequence[IntArray], max_len: int) -> list[NDArray[np.int32]]:
    """Return for each history the last `max_len` numbers of: the start, then its distinct items, oldest first.

    Examples
    --------
    >>> [row.tolist() for row in inputs_of([np.array([7, 3, 7]), np.array([], dtype=int)], max_len=2)]
    [[8, 4], [0]]
    """
    rows = [np.concatenate([[START], distinct(history) + 1])[-max_len:] for history in histories]
    return [row.astype(np.int32) for row in rows]


def by_width(lengths: IntArray, max_len: int) -> dict[int, IntArray]:
    """Return the positions of the rows by the width that holds them: a power of two from 2 on, or `max_len`.

    Rows that are about as long share a width, so that little of a batch is empty, and the widths are few, so that a
    backend that compiles one program a shape compiles few. (Keras takes attention to a single place for a mistake.)

    Examples
    --------
    >>> {width: rows.tolist() for width, rows in by_width(np.array([3, 1, 4, 40]), max_len=40).items()}
    {2: [1], 4: [0, 2], 40: [3]}
    """
    widths = np.minimum(2 ** np.ceil(np.log2(np.maximum(lengths, 2))).astype(np.int64), max_len)
    return {int(width): np.flatnonzero(widths == width) for width in np.unique(widths)}


def padded(rows: Sequence[NDArray[Any]], width: int, dtype: Any, n_rows: int | None = None) -> NDArray[Any]:
    """Return (n_rows, width) the rows with zeros after each of them, and rows of zeros after the last."""
    table = np.zeros((n_rows or len(rows), width), dtype=dtype)
    for place, row in zip(table, rows, strict=False):
        place[: len(row)] = row
    return table


class TrainingSequences:
    """What each user took, in the order of the first time, with the weight of that event.

    Parameters
    ----------
    train
        The events; where a user comes back to an item, the first event stands for it.
    weights
        (n_events,) one a row of ``train.frame``, not negative; all one where None.
    max_len
        How many predictions of a user are trained at most: the last ones.

    Raises
    ------
    InputError
        Where there is no event, or the weights have another shape, are negative or not finite, or are all zero.
    """

    def __init__(self, train: Interactions, weights: NDArray[Any] | None, max_len: int) -> None:
        if len(train) == 0:
            raise InputError("expected at least one event to train on, received none")
        each = np.ones(len(train)) if weights is None else checked_weights(weights, len(train))
        first = ~train.frame.duplicated(["user", "item"]).to_numpy()
        users, items = (train.frame[name].to_numpy()[first] for name in ("user", "item"))
        bounds = np.flatnonzero(np.diff(users)) + 1
        taken = np.split(items, bounds)
        self.inputs = inputs_of([history[:-1] for history in taken], max_len)
        self.targets = [history[-max_len:] for history in taken]
        self.weights = [of_user[-max_len:] for of_user in np.split(each[first], bounds)]
        self._by_width = by_width(np.array([len(row) for row in self.inputs]), max_len)

    def batches(self, n_positions: int, rng: np.random.Generator) -> Iterator[Batch]:
        """Yield every user once, in rows of one width a batch, with at most about `n_positions` positions in a batch.

        Every batch of a width has as many rows; where users are missing, the rows are empty and weigh nothing.
        """
        plan: list[tuple[int, int, IntArray]] = []
        for width, rows in self._by_width.items():
            n_rows = max(1, n_positions // width)
            shuffled = rng.permutation(rows)
            plan += [(width, n_rows, shuffled[at : at + n_rows]) for at in range(0, len(rows), n_rows)]
        for number in rng.permutation(len(plan)):
            width, n_rows, rows = plan[number]
            yield Batch(
                padded([self.inputs[row] for row in rows], width, np.int32, n_rows),
                padded([self.targets[row] for row in rows], width, np.int32, n_rows),
                padded([self.weights[row] for row in rows], width, np.float32, n_rows),
            )
