"""What a model is asked: users by their codes, of a model that is fitted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import tailrec


def users_of(model: tailrec.ModelPlugin, values: ArrayLike, n_users: int) -> NDArray[np.intp]:
    """Return codes of users as integers that index, having refused what is none.

    Raises
    ------
    InputError
        Where a value is no whole number from 0 to `n_users` - 1.

    Examples
    --------
    >>> users_of(None, [2, 0], 3).tolist()
    [2, 0]
    """
    codes = np.atleast_1d(np.asarray(values))
    if codes.size == 0:
        return np.empty(0, dtype=np.intp)
    if codes.ndim != 1 or codes.dtype.kind not in "iu" or codes.min() < 0 or codes.max() >= n_users:
        raise tailrec.InputError(
            f"expected user codes from 0 to {n_users - 1}, those that {model!r} was fitted on, received {values!r}"
        )
    return codes.astype(np.intp)


def require_fitted(model: tailrec.ModelPlugin) -> None:
    """Refuse a model that `fit` has not been called on."""
    if not tailrec.is_fitted(model):
        raise tailrec.InputError(f"{model!r} is not fitted yet; call `fit` with the train of a split first")


def finite_rows(scores: NDArray[Any]) -> NDArray[Any]:
    """Return scores in which what a library leaves open stands below everything that it scored, row by row.

    Examples
    --------
    >>> finite_rows(np.array([[0.5, np.nan, 2.0], [np.nan, np.nan, np.nan]])).tolist()
    [[0.5, -0.5, 2.0], [0.0, 0.0, 0.0]]
    """
    open_ = ~np.isfinite(scores)
    lowest = np.where(open_, np.inf, scores).min(axis=1, initial=np.inf)
    below = np.where(np.isfinite(lowest), lowest - 1, 0).astype(scores.dtype)
    return np.where(open_, below[:, None], scores)
