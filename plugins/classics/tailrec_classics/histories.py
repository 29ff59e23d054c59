"""Users and histories, as a model is asked about them, to rows of a users × items matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix

import tailrec


def codes(values: ArrayLike, n: int, what: str) -> NDArray[np.intp]:
    """Return codes of users or items as integers that index, having refused what is none.

    Parameters
    ----------
    values
        (n_codes,) whole numbers of any type from 0 to `n` - 1.
    n
        How many there are.
    what
        How a message names one: ``user`` or ``item``.

    Raises
    ------
    InputError
        Where a value is no whole number, or outside the range.

    Examples
    --------
    >>> codes(np.array([2, 0], dtype=np.uint8), 3, "user").tolist()
    [2, 0]
    """
    array = np.atleast_1d(np.asarray(values))
    if array.size == 0:
        return np.empty(0, dtype=np.intp)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise tailrec.InputError(
            f"expected {what} codes as a list of whole numbers, received {array.dtype} of shape {array.shape}"
        )
    wrong = np.flatnonzero((array < 0) | (array >= n))
    if len(wrong):
        raise tailrec.InputError(
            f"expected {what} codes from 0 to {n - 1}, those that the model was fitted on, received {array[wrong[0]]}"
        )
    return array.astype(np.intp)


def history_matrix(histories: Sequence[ArrayLike], n_items: int) -> csr_matrix:
    """Return (n_histories, n_items) CSR float32, 1 where the item is in the history, however often it is there.

    Raises
    ------
    InputError
        Where an item is no code of an item that the model was fitted on.

    Examples
    --------
    >>> history_matrix([np.array([2, 0, 2]), np.array([], dtype=int)], 3).toarray().tolist()
    [[1.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
    """
    items = [np.unique(codes(history, n_items, "item")) for history in histories]
    bounds = np.concatenate([[0], np.cumsum([len(row) for row in items])]).astype(np.int32)
    columns = np.concatenate([*items, np.empty(0, dtype=np.intp)]).astype(np.int32)
    return csr_matrix((np.ones(len(columns), dtype=np.float32), columns, bounds), shape=(len(items), n_items))


def pair_weights(train: tailrec.Interactions, weights: NDArray[Any] | None) -> csr_matrix:
    """Return users × items as CSR float32: the mean weight of the events of a pair, 1 where there are no weights.

    The mean, so that weights of one change nothing, however often somebody came back to an item.

    Parameters
    ----------
    weights
        (n_events,) one a row of ``train.frame``, none negative.

    Raises
    ------
    InputError
        Where a weight is negative or not finite, or their number is another.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({"user": [0, 0, 1], "item": [0, 0, 1], "timestamp": [1, 2, 3]})
    >>> data = tailrec.Interactions.from_frame(events, timestamp="timestamp")
    >>> pair_weights(data, np.array([1.0, 2.0, 5.0])).toarray().tolist()
    [[1.5, 0.0], [0.0, 5.0]]
    """
    if weights is None:
        return train.matrix()
    weights = np.asarray(weights, dtype=np.float64)
    wrong = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
    if len(wrong):
        raise tailrec.InputError(
            f"expected weights that are finite and not negative, received {weights.flat[wrong[0]]} in row {wrong[0]}"
        )
    summed, counted = train.matrix(weights), train.matrix(np.ones(len(train)))
    summed.data /= counted.data
    return summed


def require_fitted(model: tailrec.ModelPlugin) -> None:
    """Refuse a model that `fit` has not been called on."""
    if not tailrec.is_fitted(model):
        raise tailrec.InputError(f"{model!r} is not fitted yet; call `fit` with the train of a split first")
