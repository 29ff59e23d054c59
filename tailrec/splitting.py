"""`Split` (train, validation, test, masked) and the ways to make one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

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
class Split:
    """Train, validation and test, in one coding of users and items."""

    train: Interactions
    validation: Holdout
    test: Holdout
