"""Kernels under the ranker: the k best of each row, the hits among them, the ranks of the targets.

Ties always go to the item that comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from tailrec.interactions import FloatArray, IntArray


def top_k(scores: FloatArray, k: int, exclude: csr_matrix | None = None) -> IntArray:
    scores = np.array(scores)
    if exclude is not None:
        rows = np.repeat(np.arange(len(scores)), np.diff(exclude.indptr))
        scores[rows, exclude.indices] = -np.inf
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    out = np.full((len(scores), k), -1, dtype=np.int32)
    taken = np.take_along_axis(scores, order, 1) > -np.inf
    out[:, : order.shape[1]] = np.where(taken, order, -1)
    return out


def top_k_of_factors(users: FloatArray, items: FloatArray, k: int, exclude: csr_matrix | None = None) -> IntArray:
    return top_k(users @ items.T, k, exclude)


def hits_of(items: IntArray, targets: csr_matrix) -> NDArray[np.bool_]:
    dense = targets.toarray() > 0
    return np.take_along_axis(dense, np.maximum(items, 0), 1) & (items >= 0)


def ranks_of_targets(scores: FloatArray, targets: csr_matrix, exclude: csr_matrix | None = None) -> list[Any]:
    order = top_k(scores, scores.shape[1], exclude)
    found = []
    for row in range(len(scores)):
        rank = np.empty(scores.shape[1], dtype=np.int64)
        listed = order[row][order[row] >= 0]
        rank[listed] = np.arange(1, len(listed) + 1)
        found.append(rank[targets[row].indices])
    return found
