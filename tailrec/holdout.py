"""`Holdout` and `Split`: what is asked of a model, and what it may not answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

if TYPE_CHECKING:
    import pandas as pd

    from tailrec.interactions import IntArray, Interactions


@dataclass(frozen=True, eq=False)
class Holdout:
    """What is asked of a model, and what it may not answer.

    Attributes
    ----------
    targets
        (n_users, n_items) CSR, 1 where the user went on to the item.
    masked
        (n_users, n_items) CSR, 1 where the item may not be recommended: the train, what preparation removed
        and, for the test, the validation. Disjoint from `targets`.
    train
        The events that a model is fitted on.
    """

    targets: csr_matrix
    masked: csr_matrix
    train: Interactions | None = None

    def history_lengths(self) -> IntArray:
        """Return (n_users,) the number of distinct training items of each user."""
        return self.train.history_lengths() if self.train is not None else np.diff(self.masked.indptr)


@dataclass(frozen=True, eq=False)
class Removed:
    """What one step of the preparation took away.

    Attributes
    ----------
    step
        The step, as it is spelled.
    events, targets
        (n_users,) training events, and test targets, that each user lost.
    items
        Number of items that left the catalogue.
    """

    step: str
    events: IntArray
    targets: IntArray
    items: int


@dataclass(frozen=True, eq=False)
class Split:
    """Train, validation and test, in one coding of users and items, and what preparation removed."""

    train: Interactions
    validation: Holdout
    test: Holdout
    removed: tuple[Removed, ...] = ()

    def __repr__(self) -> str:
        return (
            f"<Split: {len(self.train):,} training events, {self.validation.targets.nnz:,} validation targets, "
            f"{self.test.targets.nnz:,} test targets>"
        )


def pair_matrix(frame: pd.DataFrame, n_users: int, n_items: int) -> csr_matrix:
    """Return (n_users, n_items) CSR float32, 1 where the frame has an event."""
    pairs = (frame["user"].to_numpy(), frame["item"].to_numpy())
    matrix = csr_matrix((np.ones(len(frame), dtype=np.float32), pairs), shape=(n_users, n_items))
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix


def without(matrix: csr_matrix, other: csr_matrix) -> csr_matrix:
    """Return the entries of a 0/1 matrix that the other does not have."""
    left: csr_matrix = (matrix - matrix.multiply(other)).tocsr()
    left.eliminate_zeros()
    left.sort_indices()
    return left


def union(matrix: csr_matrix, other: csr_matrix) -> csr_matrix:
    """Return the entries that either of two 0/1 matrices has."""
    both: csr_matrix = (matrix + other).tocsr()
    both.data[:] = 1.0
    both.sort_indices()
    return both
