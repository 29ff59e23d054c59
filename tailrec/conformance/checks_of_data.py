"""Checks of data sets: the frame, the codes, the order, and what stands beside them."""

# ruff: noqa: D401 (the docstring of a check says what holds)

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tailrec.conformance.checks import Fault, NotApplicable, check
from tailrec.conformance.data_subject import DataSubject
from tailrec.interactions import Interactions
from tailrec.splitting import split

_FROM_FRAME = "build it with tailrec.Interactions.from_frame, which codes, sorts and checks"
_DTYPES = {"user": "int32", "item": "int32", "rating": "float32"}


@check("data", mend=_FROM_FRAME, after=("signatures",))
def is_interactions(subject: DataSubject) -> None:
    """`load` returns tailrec.Interactions with at least one event."""
    if not isinstance(subject.data, Interactions):
        raise Fault(f"`load` returned {type(subject.data).__name__}")
    if not isinstance(subject.data.frame, pd.DataFrame) or len(subject.data.frame) == 0:
        raise Fault("`load` returned no event")


@check("data", mend=_FROM_FRAME, after=("is-interactions",))
def columns_and_types(subject: DataSubject) -> None:
    """The frame has user and item (int32), and where known rating (float32) and timestamp, and nothing else."""
    _check_columns(subject.data.frame, "the frame")


@check("data", mend=_FROM_FRAME, after=("columns-and-types",))
def codes_in_range(subject: DataSubject) -> None:
    """Every code of the frame is that of a user, or an item, that has an id."""
    _check_codes(subject.data, subject.data.frame, "the frame")


@check(
    "data",
    mend="leave out or mend the rows before they are handed to tailrec.Interactions",
    after=("columns-and-types",),
)
def nothing_missing(subject: DataSubject) -> None:
    """No number of the frame is missing or infinite, and no time is negative."""
    for name in subject.data.frame:
        values = subject.data.frame[name].to_numpy()
        broken = np.flatnonzero(~np.isfinite(values))
        if len(broken):
            raise Fault(f"`{name}` in row {broken[0]} of the frame is {values[broken[0]]}")
        if name == "timestamp" and values.min() < 0:
            raise Fault(f"`timestamp` in row {values.argmin()} of the frame is {values.min()}")


@check("data", mend=_FROM_FRAME, after=("is-interactions",))
def ids_unique(subject: DataSubject) -> None:
    """Every user and every item has one id, and no two share one."""
    for name, ids in (("users", subject.data.users), ("items", subject.data.items)):
        index = pd.Index(ids)
        if index.hasnans:
            raise Fault(f"an id of `{name}` is missing")
        if not index.is_unique:
            raise Fault(f"`{name}` has the id {index[index.duplicated()][0]!r} twice")


@check("data", mend=_FROM_FRAME, after=("columns-and-types",))
def oldest_first(subject: DataSubject) -> None:
    """The rows are sorted by user, and a user's by time, the oldest first."""
    frame = subject.data.frame
    user = frame["user"].to_numpy().astype(np.int64)
    back = np.flatnonzero(np.diff(user) < 0)
    if len(back):
        raise Fault(f"row {back[0] + 1} of the frame is of user {user[back[0] + 1]}, after one of user {user[back[0]]}")
    if not isinstance(frame.index, pd.RangeIndex) or frame.index[0] != 0 or frame.index[-1] != len(frame) - 1:
        raise Fault("the index of the frame does not count its rows from 0")
    if "timestamp" in frame:
        time = frame["timestamp"].to_numpy()
        back = np.flatnonzero((np.diff(user) == 0) & (np.diff(time) < 0))
        if len(back):
            raise Fault(f"row {back[0] + 1} of the frame is older than the row before it, of the same user")


@check(
    "data",
    mend="say `ordered=True` where a user's rows are in the order in which they happened",
    after=("columns-and-types",),
)
def ordered_where_timed(subject: DataSubject) -> None:
    """Data with timestamps say that they are in order."""
    if "timestamp" not in subject.data.frame:
        raise NotApplicable("it has no timestamps")
    if not subject.data.ordered:
        raise Fault("there are timestamps, and `ordered` is False; no split by order would take it")


@check(
    "data",
    mend="index the features by the ids and let tailrec.Interactions.from_frame align them",
    after=("is-interactions",),
)
def features_aligned(subject: DataSubject) -> None:
    """The features have one row an item (a user), in the order of the codes."""
    tables = {"item": subject.data.item_features, "user": subject.data.user_features}
    if all(table is None for table in tables.values()):
        raise NotApplicable("it has no features")
    for whose, table in tables.items():
        if table is not None:
            _check_aligned(table, pd.Index(getattr(subject.data, f"{whose}s")), whose)


@check("data", mend="give the test to tailrec.Interactions.from_frame as `test=`", after=("is-interactions",))
def given_test_coded(subject: DataSubject) -> None:
    """A test that came with the data is in the same columns and codes as the train."""
    test = subject.data.given_test
    if test is None:
        raise NotApplicable("it came with no test")
    _check_columns(test, "`given_test`")
    _check_codes(subject.data, test, "`given_test`")


@check(
    "data",
    mend="say `title=` and `licence=` as you make the Interactions; for data of your own, say whose they are",
    after=("is-interactions",),
)
def title_and_licence(subject: DataSubject) -> None:
    """It says what it is called and on which terms it may be used."""
    for name in ("title", "licence"):
        if not str(getattr(subject.data, name) or "").strip():
            raise Fault(f"`{name}` is empty")


@check("data", mend="see that the same person has the same id in every row", after=("codes-in-range",))
def can_be_split(subject: DataSubject) -> None:
    """Some user has two events or more, so that one can be learnt from and another asked for."""
    if subject.data.given_test is not None:
        raise NotApplicable("it came with a test")
    if subject.data.history_lengths().max() < 2:
        raise Fault("no user has two items")
    split(subject.data, "random")


def _check_columns(frame: Any, said: str) -> None:
    for name in ("user", "item"):
        if name not in frame:
            raise Fault(f"{said} has no column `{name}`, it has {', '.join(map(str, frame.columns)) or 'none'}")
    for name in frame:
        if name not in ("user", "item", "rating", "timestamp"):
            raise Fault(f"{said} has a column `{name}`", "keep only user, item, rating and timestamp")
        dtype = str(frame[name].dtype)
        if dtype != _DTYPES.get(name, dtype) or frame[name].dtype.kind not in "iuf":
            raise Fault(f"`{name}` of {said} is {dtype}, expected {_DTYPES.get(name, 'a number')}")


def _check_codes(data: Interactions, frame: Any, said: str) -> None:
    for name, ids in (("user", data.users), ("item", data.items)):
        low, high = frame[name].min(), frame[name].max()
        if low < 0 or high >= len(ids):
            raise Fault(f"`{name}` of {said} goes from {low} to {high}, and there are {len(ids)} ids")


def _check_aligned(table: Any, ids: pd.Index[Any], whose: str) -> None:
    if not isinstance(table, pd.DataFrame) or len(table) != len(ids):
        raise Fault(f"`{whose}_features` has {len(table)} rows, and there are {len(ids)} {whose}s")
    if not table.index.equals(pd.RangeIndex(len(ids))) and not table.index.equals(ids):
        raise Fault(f"the index of `{whose}_features` is neither the codes in order nor the ids in their order")
    for name in table.columns:
        column = pd.Index(table[name])
        if len(ids) > 1 and column.is_unique and not column.equals(ids) and set(column) == set(ids):
            raise Fault(f"`{whose}_features` holds the ids in column `{name}`, in another order than the codes")
