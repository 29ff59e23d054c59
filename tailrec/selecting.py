"""The k best scores of each row of a batch, found by blocks of the row.

A row is laid out as blocks of every `n_blocks`-th score. The k blocks with the largest maxima hold the k largest
scores, so only they are searched; where too many blocks come near the k-th largest maximum, the whole row is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec.interactions import FloatArray, IntArray

#: Float64 holds every integer up to this one.
_EXACT = 2**53


def in_same_order(scores: NDArray[Any]) -> NDArray[Any]:
    """Return numbers that a float can hold and that order as the scores do: their ranks, for very large integers."""
    wide = scores.dtype.kind in "iu" and scores.dtype.itemsize == 8 and scores.size > 0
    if wide and max(int(scores.max()), -int(scores.min())) > _EXACT:
        return np.unique(scores, return_inverse=True)[1].reshape(scores.shape)
    return scores


def best_of_rows(
    scores: FloatArray,
    k: int,
    depth: int,
    slack: FloatArray | None = None,
    exact: Callable[[IntArray, IntArray], FloatArray] | None = None,
) -> IntArray:
    """Return (n, k) the positions of the k best scores of each row, best first, equal ones in ascending order.

    Parameters
    ----------
    scores
        (n, depth * n_blocks), C order, with n_blocks >= k; minus infinity is never listed.
    k
        How many to find; -1 stands where there are fewer.
    depth
        How many scores a block holds.
    slack, exact
        Where `scores` are rounded: (n,) how far two of them may lie apart and yet be in the wrong order, and a
        function of rows and positions that returns the scores to order by.

    Examples
    --------
    >>> best_of_rows(np.array([[4.0, 1.0, 3.0, 4.0, 2.0, -np.inf]]), k=2, depth=2)
    array([[0, 3]], dtype=int32)
    """
    n, width = scores.shape
    n_blocks = width // depth
    maxima = scores.reshape(n, depth, n_blocks).max(axis=1)
    if np.isnan(maxima).any():
        raise InputError("expected every score to be a number, received nan")
    # k blocks reach the cut, so at least k scores do.
    cut = floor = np.partition(maxima, n_blocks - k, axis=1)[:, n_blocks - k]
    if slack is not None:
        floor = np.where(slack > 0, np.nextafter((cut - slack).astype(cut.dtype), -np.inf), cut)
    reached = maxima >= floor[:, None]
    few = (np.count_nonzero(reached, axis=1) <= 2 * k) & (cut > -np.inf)
    best = np.empty((n, k), dtype=np.int32)
    rows = np.flatnonzero(few)
    if len(rows):
        row, position = _in_blocks(scores, rows, reached[rows], floor[rows], depth)
        values = scores[rows[row], position] if exact is None else exact(rows[row], position)
        best[rows] = _first(row, position, values, len(rows), k)
    for one in np.flatnonzero(~few):
        if exact is None or slack is None or slack[one] == 0:
            position = _with_level(scores[one], cut[one], k)
            values = scores[one, position]
        else:
            position = np.flatnonzero(scores[one] >= max(floor[one], np.finfo(scores.dtype).min))
            values = exact(np.full(len(position), one), position)
        best[one] = _first(np.zeros(len(position), dtype=np.int64), position, values, 1, k)
    return best


def _in_blocks(
    scores: FloatArray, rows: IntArray, reached: NDArray[np.bool_], floor: FloatArray, depth: int
) -> tuple[IntArray, IntArray]:
    width, n_blocks = scores.shape[1], reached.shape[1]
    blocks = _table(*np.divmod(np.flatnonzero(reached), n_blocks), len(rows), -1)
    offsets = np.arange(depth) * n_blocks
    # Positions ascend, as the blocks do, so a stable sort will keep equal scores in their order.
    flat = (rows * width)[:, None, None] + offsets[:, None] + blocks[:, None, :]
    found = (scores.reshape(-1).take(flat) >= floor[:, None, None]) & (blocks >= 0)[:, None, :]
    row, place = np.divmod(np.flatnonzero(found), depth * blocks.shape[1])
    return row, offsets[place // blocks.shape[1]] + blocks[row, place % blocks.shape[1]]


def _with_level(scores: FloatArray, cut: float, k: int) -> IntArray:
    above = np.flatnonzero(scores > cut)
    if len(above) >= k or cut == -np.inf:
        return above
    return np.concatenate([above, np.flatnonzero(scores == cut)[: k - len(above)]])


def _first(row: IntArray, position: IntArray, values: FloatArray, n: int, k: int) -> IntArray:
    order = np.argsort(_table(row, -values, n, np.inf), axis=1, kind="stable")[:, :k]
    first = np.full((n, k), -1, dtype=np.int32)
    first[:, : order.shape[1]] = np.take_along_axis(_table(row, position, n, -1), order, axis=1)
    return first


def _table(row: IntArray, values: NDArray[Any], n: int, fill: float) -> NDArray[Any]:
    """Lay values out in n rows, in their order, filled up to the longest; `row` ascends."""
    counts = np.bincount(row, minlength=n)
    table = np.full((n, counts.max(initial=0)), fill, dtype=values.dtype)
    table[row, np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)] = values
    return table
