"""Every user's items, oldest first, and what a history tower makes of any history without TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_matrix

import tailrec

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Histories(NamedTuple):
    """The distinct items of many people, one person after the other, each item where it first happened.

    Attributes
    ----------
    items
        (n,) item codes, a person's oldest first.
    bounds
        (n_people + 1,) where each person's items begin and end.
    """

    items: NDArray[np.int32]
    bounds: NDArray[np.int64]

    @classmethod
    def of(cls, histories: Sequence[ArrayLike], n_items: int) -> Self:
        """Return them from one list of item codes a person, oldest first; an item that comes again counts once.

        Raises
        ------
        InputError
            Where an item is no code of an item that the model was fitted on.

        Examples
        --------
        >>> histories = Histories.of([[2, 0, 2], []], 3)
        >>> histories.items.tolist(), histories.bounds.tolist()
        ([2, 0], [0, 2, 2])
        """
        rows = [_first_of_each(_checked(history, n_items)) for history in histories]
        bounds = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)])
        return cls(np.concatenate([*rows, np.empty(0, dtype=np.int32)]).astype(np.int32), bounds.astype(np.int64))

    def lengths(self) -> NDArray[np.int64]:
        """Return (n_people,) the number of items of each."""
        return np.diff(self.bounds)

    def pooled(self, vectors: NDArray[np.float32], shrinkage: float, power: float) -> NDArray[np.float32]:
        r"""Return (n_people, dim) the scaled sum of the items' vectors, zero for an empty history.

        .. math:: \frac{1}{(n + s)^p} \sum_{j=1}^{n} v_{i_j}

        With p = 1 it is a mean, shrunk towards zero by s; with less, a longer history moves a person further (FISM's
        exponent; Kabbur, Ning and Karypis, "FISM: factored item similarity models for top-n recommender systems",
        KDD 2013).

        Parameters
        ----------
        vectors
            (n_items, dim) one an item.
        shrinkage
            s, how many items a history is taken to be longer by.
        power
            p, from 0 (the sum) to 1 (the mean).

        Examples
        --------
        >>> vectors = np.array([[3.0, 0.0], [0.0, 6.0]], dtype=np.float32)
        >>> Histories.of([[0, 1], [1], []], 2).pooled(vectors, 1.0, 1.0).tolist()
        [[1.0, 2.0], [0.0, 3.0], [0.0, 0.0]]
        """
        lengths = self.lengths()
        shares = np.repeat(np.maximum(lengths + shrinkage, 1e-9) ** -power, lengths).astype(np.float32)
        matrix = csr_matrix((shares, self.items, self.bounds), shape=(len(lengths), len(vectors)))
        return np.asarray(matrix @ vectors, dtype=np.float32)


def _checked(history: ArrayLike, n_items: int) -> NDArray[np.int32]:
    items = np.asarray(history)
    if items.size == 0:
        return np.empty(0, dtype=np.int32)
    if items.ndim != 1 or items.dtype.kind not in "iu":
        raise tailrec.InputError(
            "two-tower: expected a history as a list of item codes, oldest first, "
            f"received {items.dtype} of shape {items.shape}"
        )
    wrong = items[(items < 0) | (items >= n_items)]
    if len(wrong):
        raise tailrec.InputError(
            f"two-tower: expected item codes from 0 to {n_items - 1}, those it was fitted on, received {wrong[0]}"
        )
    return items.astype(np.int32)


def _first_of_each(items: NDArray[Any]) -> NDArray[Any]:
    return items[np.sort(np.unique(items, return_index=True)[1])]
