"""Kernels under the ranker: the k best of each row, the hits among them, the ranks of the targets.

Ties always go to the item that comes first. The answer for a row depends on that row alone: not on the rows
beside it, and not on the number of threads.
"""

from __future__ import annotations

import functools
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from tailrec.interactions import FloatArray, IntArray

#: A thread works on about this many scores at a time: 10 MB of float32.
_CELLS = 2_500_000

#: Float64 holds every integer up to this one.
_EXACT = 2**53

# The limit on the threads of the BLAS belongs to the process: two callers that set it side by side could leave it set.
_limiting = threading.Lock()


def top_k(scores: NDArray[Any], k: int, exclude: csr_matrix | None = None) -> IntArray:
    """Return the k best items of each row, best first; equal scores in the order of the items.

    Parameters
    ----------
    scores
        (n, n_items) numbers, higher is better. A score of minus infinity is never listed.
    k
        Length of the lists.
    exclude
        (n, n_items) sparse; every stored entry is an item that must not be listed.

    Returns
    -------
    (n, k) int32
        Item codes, and -1 at the end where fewer than k items are left.

    Raises
    ------
    InputError
        Where k is not positive, a shape does not fit, or a score is not a number.

    Notes
    -----
    The items are laid out as blocks of every `n_blocks`-th item. The k blocks with the largest maxima hold the k
    largest scores, so only they are searched. Memory beyond the result is bounded: 10 MB of float32 scores a thread, or 64 rows of them.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> scores = np.array([[1.0, 3.0, 3.0, 2.0], [0.0, 0.0, 0.0, 0.0]])
    >>> top_k(scores, 2)
    array([[1, 2],
           [0, 1]], dtype=int32)
    >>> top_k(scores, 3, exclude=csr_matrix([[0, 1, 0, 0], [1, 1, 0, 1]]))
    array([[ 2,  3,  0],
           [ 2, -1, -1]], dtype=int32)
    """
    scores = np.asarray(scores)
    if scores.ndim != 2 or scores.dtype.kind not in "biuf":
        raise InputError(f"expected scores as a table of numbers, users × items, received {scores.dtype} of shape {scores.shape}")

    def fill(start: int, stop: int, space: NDArray[Any]) -> None:
        space[: stop - start] = _comparable(scores[start:stop])

    n, n_items = scores.shape
    dtype = np.result_type(scores.dtype, np.float32)
    return _in_batches(fill, (n, n_items), k, exclude, dtype, max(1, min(n, _CELLS // max(1, n_items))), _n_threads())


def top_k_of_factors(users: NDArray[Any], items: NDArray[Any], k: int, exclude: csr_matrix | None = None) -> IntArray:
    """Return the k best items of each user where a score is the inner product of two vectors.

    The answer is that of ``top_k(users @ items.T, k, exclude)``, without holding users × items at once.

    Parameters
    ----------
    users, items
        (n, dim) and (n_items, dim) factors.
    k, exclude
        As for `top_k`.

    Returns
    -------
    (n, k) int32
        Item codes, best first, and -1 at the end where fewer than k items are left.

    Notes
    -----
    As many batches run side by side as the BLAS may use threads (`threadpoolctl`, ``OPENBLAS_NUM_THREADS``), each
    on one thread of its own. Every product has the same shape, the last batch is filled up, so a user's scores do
    not depend on who else is asked for.

    Examples
    --------
    >>> top_k_of_factors(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 2.0], [3.0, 1.0], [2.0, 2.0]]), 2)
    array([[1, 2],
           [0, 2]], dtype=int32)
    """
    users, items = np.asarray(users), np.asarray(items)
    if users.ndim != 2 or items.ndim != 2 or users.shape[1] != items.shape[1]:
        raise InputError(f"expected factors of one length, received the shapes {users.shape} and {items.shape}")
    n, n_items = len(users), len(items)
    dtype = np.result_type(users, items, np.float32)
    transposed = np.ascontiguousarray(items, dtype).T
    # A multiple of 64, so that no row of the product is left over to another kernel of the BLAS.
    size = 64 * max(1, min(16, round(_CELLS / 64 / max(1, n_items))))

    def fill(start: int, stop: int, space: NDArray[Any]) -> None:
        query = np.zeros((size, users.shape[1]), dtype)
        query[: stop - start] = users[start:stop]
        np.matmul(query, transposed, out=space)

    with _limiting:
        n_threads = _n_threads()
        with _blas().limit(limits=1):
            return _in_batches(fill, (n, n_items), k, exclude, dtype, size, n_threads)


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
    width = n_items + 1
    size = max(1, 2 * _CELLS // width)
    flags = np.zeros(min(n, size) * width, dtype=bool)
    hits = np.empty(items.shape, dtype=bool)
    for start in range(0, n, size):
        rows = slice(start, min(n, start + size))
        marked = _flat_positions(targets, rows, width)
        flags[marked] = True
        offsets = np.arange(rows.stop - start, dtype=np.int64)[:, None] * width
        # -1 reads the last column of its row, which is never marked.
        hits[rows] = flags[offsets + np.where(items[rows] < 0, n_items, items[rows])]
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
    [array([2, 3])]
    """
    scores = np.asarray(scores)
    exclude = _checked_mask(exclude, scores.shape)
    dtype = np.result_type(scores.dtype, np.float32)
    found: list[IntArray] = []
    for row in range(len(scores)):
        values = _comparable(scores[row]).astype(dtype)
        if exclude is not None:
            values[exclude.indices[exclude.indptr[row] : exclude.indptr[row + 1]]] = -np.inf
        codes = targets.indices[targets.indptr[row] : targets.indptr[row + 1]]
        own = values[codes]
        if not (own > -np.inf).all():
            raise InputError(f"expected targets that are candidates, received one that is excluded or without a score in row {row}")
        ranks = np.empty(len(codes), dtype=np.int64)
        for target, (code, score) in enumerate(zip(codes.tolist(), own, strict=True)):
            ranks[target] = np.count_nonzero(values[:code] >= score) + np.count_nonzero(values[code + 1 :] > score) + 1
        found.append(ranks)
    return found


def _in_batches(
    fill: Callable[[int, int, NDArray[Any]], None],
    shape: tuple[int, int],
    k: int,
    exclude: csr_matrix | None,
    dtype: np.dtype[Any],
    size: int,
    n_threads: int,
) -> IntArray:
    if k < 1:
        raise InputError(f"expected `k` to be a positive integer, received {k}")
    n, n_items = shape
    exclude = _checked_mask(exclude, shape)
    best = np.full((n, k), -1, dtype=np.int32)
    if not n or not n_items:
        return best
    # Reading k blocks of `depth` costs about as much as comparing n_items / depth maxima at this depth.
    depth = max(1, int((n_items / (2 * k)) ** 0.5))
    width = depth * -(-n_items // depth)
    starts = iter(range(0, n, size))

    def work(_: int) -> None:
        space = np.full((size, width), -np.inf, dtype)
        for start in starts:
            stop = min(n, start + size)
            fill(start, stop, space[:, :n_items])
            if exclude is not None:
                space.reshape(-1)[_flat_positions(exclude, slice(start, stop), width)] = -np.inf
            best[start:stop, : min(k, n_items)] = _best(space[: stop - start], min(k, n_items), depth)

    n_threads = min(n_threads, -(-n // size))
    if n_threads == 1:
        work(0)
    else:
        with ThreadPoolExecutor(n_threads) as pool:
            list(pool.map(work, range(n_threads)))
    return best


def _best(scores: FloatArray, k: int, depth: int) -> IntArray:
    n, width = scores.shape
    n_blocks = width // depth
    maxima = scores.reshape(n, depth, n_blocks).max(axis=1)
    if np.isnan(maxima).any():
        raise InputError("expected every score to be a number, received nan")
    # k blocks reach this value, so every one of the k best scores does.
    cut = np.partition(maxima, n_blocks - k, axis=1)[:, n_blocks - k]
    reached = maxima >= cut[:, None]
    simple = (np.count_nonzero(reached, axis=1) == k) & (cut > -np.inf)
    best = np.empty((n, k), dtype=np.int32)
    rows = np.flatnonzero(simple)
    if len(rows):
        blocks = np.nonzero(reached[rows])[1].reshape(len(rows), k)
        best[rows] = _best_in_blocks(scores, rows, blocks, cut[rows], depth)
    for row in np.flatnonzero(~simple):
        best[row] = _best_with_ties(scores[row], cut[row], k)
    return best


def _best_in_blocks(scores: FloatArray, rows: IntArray, blocks: IntArray, cut: FloatArray, depth: int) -> IntArray:
    n_blocks, k = scores.shape[1] // depth, blocks.shape[1]
    offsets = np.arange(depth) * n_blocks
    # Ascending item codes, as the blocks ascend; a stable sort then keeps equal scores in the order of the items.
    flat = (rows * scores.shape[1])[:, None, None] + offsets[:, None] + blocks[:, None, :]
    values = scores.reshape(-1).take(flat).reshape(len(rows), depth * k)
    row, place = np.nonzero(values >= cut[:, None])
    counts = np.bincount(row, minlength=len(rows))
    column = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    negated = np.full((len(rows), counts.max()), np.inf, dtype=scores.dtype)
    negated[row, column] = -values[row, place]
    codes = np.zeros(negated.shape, dtype=np.int32)
    codes[row, column] = offsets[place // k] + blocks[row, place % k]
    order = np.argsort(negated, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(codes, order, axis=1)


def _best_with_ties(scores: FloatArray, cut: float, k: int) -> IntArray:
    above = np.flatnonzero(scores > cut)
    best = np.full(k, -1, dtype=np.int32)
    listed = above[np.argsort(-scores[above], kind="stable")[:k]]
    best[: len(listed)] = listed
    if len(listed) < k and cut > -np.inf:
        level = np.flatnonzero(scores == cut)[: k - len(listed)]
        best[len(listed) : len(listed) + len(level)] = level
    return best


def _comparable(scores: NDArray[Any]) -> NDArray[Any]:
    if scores.dtype.kind in "iu" and scores.dtype.itemsize == 8 and scores.size and max(scores.max(), -int(scores.min())) > _EXACT:
        return np.unique(scores, return_inverse=True)[1].reshape(scores.shape)
    return scores


def _checked_mask(exclude: csr_matrix | None, shape: tuple[int, ...]) -> csr_matrix | None:
    if exclude is None:
        return None
    if exclude.shape != shape:
        raise InputError(f"expected `exclude` to have the shape of the scores, {shape}, received {exclude.shape}")
    return exclude.tocsr()


def _flat_positions(matrix: csr_matrix, rows: slice, width: int) -> IntArray:
    bounds = matrix.indptr[rows.start : rows.stop + 1]
    offsets = np.repeat(np.arange(len(bounds) - 1, dtype=np.int64) * width, np.diff(bounds))
    return offsets + matrix.indices[bounds[0] : bounds[-1]]


@functools.cache
def _blas() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")


def _n_threads() -> int:
    return min((library.num_threads for library in _blas().lib_controllers), default=1)
