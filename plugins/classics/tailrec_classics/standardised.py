"""Scores of different models on one scale: each user's candidates to mean zero and standard deviation one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix


def standardised(scores: NDArray[Any], histories: csr_matrix) -> NDArray[np.float32]:
    """Return (n_users, n_items) (score - mean) / standard deviation, both taken over the items not in the history.

    The items of the history go through the same map, but do not count for it: many models score them far above
    the rest, and they are not recommended. Where all others have one score, it is zero for every item.

    Parameters
    ----------
    scores
        (n_users, n_items) of one model.
    histories
        (n_users, n_items) CSR, the items that each user has.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> standardised(np.array([[9.0, 1.0, 3.0]]), csr_matrix([[1.0, 0.0, 0.0]])).tolist()
    [[7.0, -1.0, 1.0]]
    """
    z = np.array(scores, dtype=np.float64)
    rows = np.repeat(np.arange(len(z)), np.diff(histories.indptr))
    own = rows, histories.indices
    n_candidates = np.maximum(1, z.shape[1] - np.diff(histories.indptr))
    of_history = z[own]
    z[own] = 0.0
    mean = z.sum(axis=1) / n_candidates
    z -= mean[:, None]
    z[own] = 0.0
    spread = np.sqrt(np.einsum("ij,ij->i", z, z) / n_candidates)
    # The mean of equal numbers is not always equal to them: what is left is rounding, not a preference.
    constant = spread <= 1e-12 * np.abs(mean)
    scale = np.where(constant, 0.0, 1.0 / np.where(constant, 1.0, spread))
    z *= scale[:, None]
    z[own] = (of_history - mean[rows]) * scale[rows]
    return z.astype(np.float32)
