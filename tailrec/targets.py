"""The targets in a ranking: which listed items are hits, and which rank every target has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec.errors import InputError
from tailrec.masking import checked_mask, flat_positions
from tailrec.selecting import in_same_order

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from tailrec.interactions import IntArray

#: So many flags, a byte each, are set at a time.
_FLAGS = 5_000_000


def hits_of(items: IntArray, targets: csr_matrix) -> NDArray[np.bool_]:
    """Return (n, k) whether each listed item is a target of its row; -1 never is.

    Parameters
    ----------
    items
        (n, k) item codes, -1 where there is none.
    targets
        (n, n_items) CSR; every stored entry is a target.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> hits_of(np.array([[2, 0, -1]]), csr_matrix([[1, 1, 0]]))
    array([[False,  True, False]])
    """
    n, n_items = targets.shape
    if len(items) != n or np.any(items >= n_items):
        received = f"received {items.max(initial=-1)} in {len(items)} rows"
        raise InputError(f"expected items below {n_items} in {n} rows, {received}")
    width = n_items + 1
    size = max(1, _FLAGS // width)
    flags = np.zeros(min(n, size) * width, dtype=bool)
    hits = np.empty(items.shape, dtype=bool)
    for start in range(0, n, size):
        rows = slice(start, min(n, start + size))
        marked = flat_positions(targets, rows, width)
        flags[marked] = True
        offsets = np.arange(rows.stop - start, dtype=np.int64)[:, None] * width
        # Rows have one column more than there are items; it is never marked, and it is what -1 reads.
        hits[rows] = flags[offsets + items[rows]]
        flags[marked] = False
    return hits


def ranks_of_targets(scores: NDArray[Any], targets: csr_matrix, exclude: csr_matrix | None = None) -> list[IntArray]:
    """Return for each row the ranks of its targets among all items that are not excluded; 1 is best.

    The rank of a target with score s is 1 + the number of items with a higher score + the number of items with
    the same score that come before it.

    Parameters
    ----------
    scores
        (n, n_items) numbers, higher is better.
    targets
        (n, n_items) CSR; every stored entry is a target.
    exclude
        (n, n_items) sparse, disjoint from `targets`; every stored entry is an item that is no candidate.

    Returns
    -------
    list of int64 arrays
        In the order of each row's ``targets.indices``.

    Raises
    ------
    InputError
        Where a target is excluded, or its score is not a number or minus infinity.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> ranks_of_targets(np.array([[5.0, 7.0, 5.0, 9.0]]), csr_matrix([[1, 0, 1, 0]]))
    [array([3, 4])]
    """
    scores = np.asarray(scores)
    exclude = checked_mask(exclude, scores.shape)
    found: list[IntArray] = []
    for row in range(len(scores)):
        values = in_same_order(scores[row]).astype(np.result_type(scores, np.float32))
        if exclude is not None:
            values[exclude.indices[exclude.indptr[row] : exclude.indptr[row + 1]]] = -np.inf
        codes = targets.indices[targets.indptr[row] : targets.indptr[row + 1]]
        own = values[codes]
        if not (own > -np.inf).all():
            raise InputError(f"expected targets that are candidates, received one in row {row} that is not")
        ranks = np.empty(len(codes), dtype=np.int64)
        for target, (code, score) in enumerate(zip(codes.tolist(), own, strict=True)):
            ranks[target] = np.count_nonzero(values[:code] >= score) + np.count_nonzero(values[code + 1 :] > score) + 1
        found.append(ranks)
    return found
