"""EASE's linear system: a Gram matrix, its inverse in place, and the two ways to score with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import get_lapack_funcs
from scipy.sparse import csr_matrix

import tailrec

#: The longest side of a system that is solved: 6.4 GB of float32.
_LARGEST = 40_000
#: The longest side that is solved in float64: 1 GB. A longer one is solved in float32, in half the memory.
_LARGEST_DOUBLE = 11_000
_BLOCK = 512


@dataclass(frozen=True, eq=False)
class ItemSystem:
    """Items × items: B itself, for a catalogue that is smaller than its public.

    Attributes
    ----------
    coefficients
        (n_items, n_items) float32, B of ``score(x) = x B``, with a diagonal of zeros.
    """

    coefficients: NDArray[np.float32]

    @classmethod
    def solve(cls, X: csr_matrix, l2: float) -> ItemSystem:
        """Return B = I - P diag(1 / diag P) with P = (XᵀX + l2 I)⁻¹, of X with one row a user."""
        inverse = inverse_of_gram(X, l2)
        inverse /= -inverse.diagonal()
        np.fill_diagonal(inverse, 0.0)
        return cls(inverse.astype(np.float32, copy=False))

    def scores(self, histories: csr_matrix) -> NDArray[np.float32]:
        """Return (n_histories, n_items) the products x B."""
        return histories @ self.coefficients


@dataclass(frozen=True, eq=False)
class UserSystem:
    """Users × users: what is needed to score without ever forming B, for a public smaller than its catalogue.

    By Woodbury's identity P = (I - Xᵀ K⁻¹ X) / l2 with K = XXᵀ + l2 I.

    Attributes
    ----------
    inverse
        (n_users, n_users) float32, K⁻¹.
    items
        (n_items, n_users) CSR float32, Xᵀ.
    diagonal
        (n_items,) float32, the diagonal of P.
    l2
        The ridge.
    """

    inverse: NDArray[np.float32]
    items: csr_matrix
    diagonal: NDArray[np.float32]
    l2: float

    @classmethod
    def solve(cls, X: csr_matrix, l2: float) -> UserSystem:
        """Solve for X with one row a user."""
        items = X.T.tocsr()
        inverse = inverse_of_gram(items, l2)
        explained = np.zeros(X.shape[1])
        wide = items.astype(inverse.dtype)
        for start in range(0, X.shape[0], _BLOCK):
            block = X[start : start + _BLOCK].tocoo()
            product = wide @ inverse[:, start : start + _BLOCK]
            explained += np.bincount(block.col, block.data * product[block.col, block.row], minlength=X.shape[1])
        diagonal = (1.0 - explained) / l2
        return cls(inverse.astype(np.float32, copy=False), items.astype(np.float32), diagonal.astype(np.float32), l2)

    def scores(self, histories: csr_matrix) -> NDArray[np.float32]:
        """Return (n_histories, n_items) the products x B, from xP = (x - x Xᵀ K⁻¹ X) / l2."""
        projected = (histories @ self.items).toarray() @ self.inverse
        x_p = (self.items @ projected.T).T / np.float32(-self.l2)
        return self._finish(x_p, histories, histories.data / np.float32(self.l2))

    def scores_of_users(self, users: NDArray[np.intp], histories: csr_matrix) -> NDArray[np.float32]:
        """Return the same for rows of X, where xP is a row of K⁻¹X: x Xᵀ K⁻¹ is eᵤ - l2 K⁻¹ there."""
        return self._finish((self.items @ self.inverse[:, users]).T, histories, 0)

    def _finish(self, x_p: NDArray[np.float32], histories: csr_matrix, own: Any) -> NDArray[np.float32]:
        rows = np.repeat(np.arange(histories.shape[0]), np.diff(histories.indptr))
        x_p[rows, histories.indices] += own
        scores = np.divide(x_p, -self.diagonal, order="C")
        scores[rows, histories.indices] += histories.data
        return scores


def inverse_of_gram(A: csr_matrix, l2: float) -> NDArray[Any]:
    """Return (AᵀA + l2 I)⁻¹, float64 for up to 11,000 columns and float32 beyond.

    Cholesky's factorisation and the inverse from it, both in the place of the Gram matrix, so that no second
    matrix of its size is needed.

    Raises
    ------
    InputError
        Where there are more than 40,000 columns.

    Examples
    --------
    >>> inverse_of_gram(csr_matrix([[1.0, 0.0], [1.0, 1.0]]), 2.0)
    array([[ 0.27272727, -0.09090909],
           [-0.09090909,  0.36363636]])
    """
    n = A.shape[1]
    if n > _LARGEST:
        raise tailrec.InputError(
            f"ease: expected at most {_LARGEST:,} users or at most {_LARGEST:,} items with an event, received more "
            f"of both (the smaller side is {n:,}): its matrix would take {4e-9 * n * n:,.0f} GB; remove rare items "
            "before it, or use `item-knn` or `ials`"
        )
    A = A.astype(np.float64 if n <= _LARGEST_DOUBLE else np.float32)
    gram = np.empty((n, n), dtype=A.dtype)
    transposed = A.T.tocsr()
    for start in range(0, n, _BLOCK):
        gram[start : start + _BLOCK] = (transposed[start : start + _BLOCK] @ A).toarray()
    gram.flat[:: n + 1] += l2
    if n == 0:
        return gram
    # LAPACK wants columns first: the transpose of a symmetric matrix is that, without a copy.
    factorise, invert = get_lapack_funcs(("potrf", "potri"), (gram,))
    factor, failed = factorise(gram.T, lower=True, clean=False, overwrite_a=True)
    if failed:
        raise tailrec.InputError(f"ease: the system is singular to working precision with l2={l2:g}; increase `l2`")
    factor, _ = invert(factor, lower=True, overwrite_c=True)
    return _mirrored(factor.T)


def _mirrored(upper: NDArray[Any]) -> NDArray[Any]:
    for start in range(0, len(upper), _BLOCK):
        stop = start + _BLOCK
        upper[start:stop, :start] = upper[:start, start:stop].T
        square = upper[start:stop, start:stop]
        square[...] = np.triu(square) + np.triu(square, 1).T
    return upper
