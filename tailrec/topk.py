"""The k best items of each user, from scores or from factors, in batches side by side.

Ties always go to the item that comes first. The answer for a user depends on that user alone: not on who else is
asked for, and not on the number of threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec.errors import InputError
from tailrec.masking import checked_mask, flat_positions
from tailrec.selecting import best_of_rows, in_same_order
from tailrec.targets import hits_of, ranks_of_targets
from tailrec.threads import blas_on_one_thread, n_threads, share_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from tailrec.interactions import FloatArray, IntArray

__all__ = ["hits_of", "ranks_of_targets", "top_k", "top_k_of_factors"]

#: A thread works on about this many scores at a time: 10 MB of float32.
_CELLS = 2_500_000


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
    It works on batches of 10 MB of float32 scores, as many side by side as `top_k_of_factors` has.

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
        raise InputError(f"expected scores as numbers, users × items, received {scores.dtype} of shape {scores.shape}")

    def fill(start: int, stop: int, space: NDArray[Any]) -> None:
        space[: stop - start] = in_same_order(scores[start:stop])

    n, n_items = scores.shape
    dtype = np.result_type(scores.dtype, np.float32)
    size = max(1, min(n, _CELLS // max(1, n_items)))

    def best_of(start: int, stop: int, space: NDArray[Any], k: int, depth: int) -> IntArray:
        return best_of_rows(space, k, depth)

    return _in_batches(fill, best_of, (n, n_items), k, exclude, dtype, size, n_threads())


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
    on one thread of its own. A BLAS rounds a score by the place it has in the product, so equal items would not
    tie. The product only finds what can be among the best; their scores are then summed anew, in float64 and in one
    order, and rank.

    Examples
    --------
    >>> top_k_of_factors(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 2.0], [3.0, 1.0], [2.0, 2.0]]), 2)
    array([[1, 2],
           [0, 2]], dtype=int32)
    """
    users, items = np.asarray(users), np.asarray(items)
    if users.ndim != 2 or items.ndim != 2 or users.shape[1] != items.shape[1]:
        raise InputError(f"expected factors of one length, received the shapes {users.shape} and {items.shape}")
    n_items, dim = items.shape
    dtype = np.result_type(users, items, np.float32)
    users, items = np.ascontiguousarray(users, dtype), np.ascontiguousarray(items, dtype)
    with np.errstate(over="ignore", invalid="ignore"):
        reach = _norms(users) * _norms(items).max(initial=0)
    limits = np.finfo(dtype)
    if not (reach < limits.max).all():
        raise InputError("expected factors with finite products, received nan, infinity or very large numbers")
    # Twice what two scores can be off, in any order of summation: Higham, Accuracy and Stability, section 3.1.
    slack = np.where(reach > 0, 2 * (dim + 2) * (limits.eps * reach + limits.tiny), 0)
    size = max(1, min(1024, _CELLS // max(1, n_items)))

    def fill(start: int, stop: int, space: NDArray[Any]) -> None:
        np.matmul(users[start:stop], items.T, out=space[: stop - start])

    def best_of(start: int, stop: int, space: NDArray[Any], k: int, depth: int) -> IntArray:
        def exact(row: IntArray, item: IntArray) -> FloatArray:
            products = np.multiply(users[start + row], items[item], dtype=np.float64)
            return np.asarray(products.sum(axis=1))

        return best_of_rows(space, k, depth, slack[start:stop], exact)

    with blas_on_one_thread() as threads:
        return _in_batches(fill, best_of, (len(users), n_items), k, exclude, dtype, size, threads)


def _in_batches(
    fill: Callable[[int, int, NDArray[Any]], None],
    best_of: Callable[[int, int, NDArray[Any], int, int], IntArray],
    shape: tuple[int, int],
    k: int,
    exclude: csr_matrix | None,
    dtype: np.dtype[Any],
    size: int,
    threads: int,
) -> IntArray:
    if k < 1:
        raise InputError(f"expected `k` to be a positive integer, received {k}")
    (n, n_items), exclude = shape, checked_mask(exclude, shape)
    best = np.full((n, k), -1, dtype=np.int32)
    if not n or not n_items:
        return best
    # Reading k blocks of `depth` costs about as much as comparing n_items / depth maxima at this depth.
    depth = max(1, int((n_items / (2 * k)) ** 0.5))
    width = depth * -(-n_items // depth)

    def work(starts: Iterator[int]) -> None:
        space = np.full((size, width), -np.inf, dtype)
        for start in starts:
            stop = min(n, start + size)
            fill(start, stop, space[:, :n_items])
            if exclude is not None:
                space.reshape(-1)[flat_positions(exclude, slice(start, stop), width)] = -np.inf
            best[start:stop, : min(k, n_items)] = best_of(start, stop, space[: stop - start], min(k, n_items), depth)

    share_out(work, range(0, n, size), threads)
    return best


def _norms(factors: FloatArray) -> FloatArray:
    return np.asarray(np.sqrt(np.einsum("nd,nd->n", factors, factors, dtype=np.float64)))
