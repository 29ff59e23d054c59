"""How two arrays differ, in the words of a person who has to find the place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from tailrec.conformance.checks import Fault
from tailrec.holdout import Holdout
from tailrec.interactions import Interactions


def same(one: Any, other: Any, said: str, relative: float = 1e-5, users: Any = None) -> None:
    """Raise a fault that shows the first place where two score matrices differ.

    Parameters
    ----------
    one, other
        (n, n_items) scores.
    said
        What was done, such as "`score` changed when the users came in two batches".
    relative
        How far they may be apart, as a share of the largest score.
    users
        The user of each row, for the message.
    """
    if one.shape != other.shape:
        raise Fault(f"{said}: the shape was {one.shape} and is {other.shape}")
    near = relative * np.abs(one).max(initial=0.0)
    apart = np.argwhere(~(np.abs(one - other) <= near))
    if len(apart):
        row, item = apart[0]
        user = row if users is None else users[row]
        first, second = shown(one[row, item], other[row, item])
        raise Fault(f"{said}: user {user}, item {item}: {first} and {second}")


def equal(one: Any, other: Any) -> bool:
    """Tell whether two things that a plugin is given hold the same: arrays, tables, interactions, holdouts, lists."""
    if type(one) is not type(other):
        return False
    if isinstance(one, Interactions):
        return not data_differ(one, other)
    if isinstance(one, Holdout):
        return equal([one.targets, one.masked], [other.targets, other.masked])
    if isinstance(one, csr_matrix):
        return equal([one.indptr, one.indices, one.data], [other.indptr, other.indices, other.data])
    if isinstance(one, pd.DataFrame):
        return bool(one.equals(other))
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    return bool(one == other)


def data_differ(one: Any, other: Any) -> str:
    """Return which part of two interactions differs; nothing where they are equal."""
    for name in ("frame", "users", "items", "item_features", "user_features", "given_test"):
        first, second = getattr(one, name), getattr(other, name)
        if not (first is None and second is None) and (first is None or second is None or not first.equals(second)):
            return name
    return next((name for name in ("ordered", "title", "licence") if getattr(one, name) != getattr(other, name)), "")


def shown(one: float, other: float) -> tuple[str, str]:
    """Return two numbers with as many digits as tell them apart."""
    for digits in range(3, 18):
        texts = f"{one:.{digits}g}", f"{other:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def auc(scores: Any, targets: Any, masked: Any) -> Any:
    """Return (n_users,) how often a target stands above another candidate, a tie counting half.

    The share of pairs, counted pair by pair: Hanley and McNeil, Radiology 143(1), 1982.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> asked, seen = csr_matrix([[0, 1, 0, 0]]), csr_matrix([[1, 0, 0, 0]])
    >>> auc(np.array([[9.0, 2.0, 1.0, 2.0]]), asked, seen).tolist()
    [0.75]
    """
    values = []
    for row, wanted, seen in zip(scores, targets.toarray() > 0, masked.toarray() > 0, strict=True):
        hits, rest = row[wanted], row[~wanted & ~seen]
        above = (hits[:, None] > rest).mean() + 0.5 * (hits[:, None] == rest).mean()
        values.append(above)
    return np.array(values)
