"""The k-core of a data set: what is left when everybody and everything with fewer than k has been removed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def k_core(matrix: Any, k: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which users and which items are in the k-core: they are removed until each one left has k of the other.

    Removing items shortens histories, and removing users makes items rarer, so it is repeated until nothing changes
    (Seidman 1983, *Network structure and minimum degree*).

    Parameters
    ----------
    matrix
        (n_users, n_items) CSR, 1 where a user has an item.
    k
        How many are asked for.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> users, items = k_core(csr_matrix([[1, 1, 0], [1, 1, 0], [0, 1, 1]]), 2)
    >>> users.tolist(), items.tolist()
    ([True, True, False], [True, True, False])
    """
    users, items = np.ones(matrix.shape[0], dtype=bool), np.ones(matrix.shape[1], dtype=bool)
    while True:
        left = matrix[users][:, items]
        enough = left.getnnz(axis=1) >= k, left.getnnz(axis=0) >= k
        if enough[0].all() and enough[1].all():
            return users, items
        users[users], items[items] = enough
