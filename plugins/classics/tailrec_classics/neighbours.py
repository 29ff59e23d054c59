"""Every item's nearest neighbours by a similarity that is shrunk: small counts prove little."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: A block of items takes at most about this many multiplications: its similarities stay in memory until they are cut.
_WORK = 5_000_000


def shrunk_neighbours(vectors: csr_matrix, k: int, shrinkage: float, *, normalised: bool) -> csr_matrix:
    """Return (n_items, n_items) CSR float64, in the row of each item its k largest similarities.

    With vᵢ the column of item i, s(i, j) = vᵢ·vⱼ / (‖vᵢ‖ ‖vⱼ‖ + shrinkage) where `normalised`, and
    vᵢ·vⱼ ‖vᵢ‖ ‖vⱼ‖ / (‖vᵢ‖ ‖vⱼ‖ + shrinkage) where not: as many times smaller than without shrinkage in both.
    (Koren 2008, *Factorization Meets the Neighborhood*, shrinks by n / (n + λ).) Equal similarities go to the item that
    comes first. No entry is zero.

    Parameters
    ----------
    vectors
        (n_users, n_items) CSR, none negative.
    k
        How many to keep of each item; itself is one of them.
    shrinkage
        At least 0.

    Examples
    --------
    >>> vectors = csr_matrix([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [1.0, 0.0, 1.0]])
    >>> shrunk_neighbours(vectors, 2, 1.0, normalised=True).toarray().round(2).tolist()
    [[0.75, 0.58, 0.0], [0.58, 0.67, 0.0], [0.37, 0.0, 0.5]]
    """
    items = vectors.T.tocsr()
    lengths = np.sqrt(np.asarray(items.multiply(items).sum(axis=1), dtype=np.float64).ravel())
    blocks = [_cut(_shrunk(items[rows] @ vectors, lengths, rows, shrinkage, normalised), k) for rows in _blocks(items)]
    counts, columns, values = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    return csr_matrix((values, columns, np.concatenate([[0], np.cumsum(counts)])), shape=(len(lengths), len(lengths)))


def _blocks(items: csr_matrix) -> Iterator[slice]:
    """Yield rows that take at most `_WORK` multiplications, beyond those of their first."""
    work = (items > 0).astype(np.float64) @ items.getnnz(axis=0).astype(np.float64)
    bounds = np.flatnonzero(np.diff(np.cumsum(work) // _WORK)) + 1
    yield from (slice(start, stop) for start, stop in pairwise([0, *bounds, items.shape[0]]))


def _shrunk(products: csr_matrix, lengths: NDArray[Any], rows: slice, shrinkage: float, normalised: bool) -> csr_matrix:
    both = np.repeat(lengths[rows], np.diff(products.indptr)) * lengths[products.indices]
    products.data /= both + shrinkage
    if not normalised:
        products.data *= both
    return products


def _cut(block: csr_matrix, k: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return how many entries each row keeps, their columns and their values."""
    counts = np.minimum(np.diff(block.indptr), k)
    keep = np.ones(block.nnz, dtype=bool)
    for row in np.flatnonzero(np.diff(block.indptr) > k):
        start, stop = block.indptr[row : row + 2]
        values = block.data[start:stop]
        last = np.partition(values, len(values) - k)[len(values) - k]
        above, level = values > last, np.flatnonzero(values == last)
        by_column = level[np.argsort(block.indices[start:stop][level])]
        above[by_column[: k - np.count_nonzero(above)]] = True
        keep[start:stop] = above
    return counts, block.indices[keep], block.data[keep]
