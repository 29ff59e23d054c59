"""Somebody's tables to events in integer codes: one coding of users and items for all of them, oldest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tailrec.columns import Column, exact_repeats, moments, ratings, require_columns, shown
from tailrec.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec.columns import Lines

#: Beyond this a float no longer holds every whole number, and two ids may have become one.
_LARGEST_EXACT_FLOAT = 2**53


def as_table(given: Any, what: str) -> pd.DataFrame:
    """Return a table as it is, or the one that has the given columns by their names."""
    if isinstance(given, pd.DataFrame):
        return given
    try:
        return pd.DataFrame(given)
    except (TypeError, ValueError) as error:
        received = f"received {type(given).__name__}: {error}"
        raise InputError(f"{what}: expected a table, or columns of one length by their names, {received}") from None


def checked(
    table: pd.DataFrame, columns: Mapping[str, str], source: str, lines: Lines, duplicates: str
) -> tuple[pd.DataFrame, dict[str, NDArray[Any]]]:
    """Return the events of a table, its users and items as codes, and the distinct ids behind those codes.

    `columns` says which column is the ``user``, the ``item`` and, where there is one, the ``rating`` and the
    ``timestamp``; `duplicates` is ``error``, ``drop`` or ``keep``.
    """
    require_columns(table, columns.values(), source)
    values: dict[str, NDArray[Any]] = {}
    distinct: dict[str, NDArray[Any]] = {}
    for kind, name in columns.items():
        column = Column(table[name], source, lines)
        if kind in ("user", "item"):
            values[kind], distinct[kind] = ids(column)
        else:
            values[kind] = ratings(column) if kind == "rating" else moments(column)
    events = pd.DataFrame(values)
    if duplicates != "keep":
        repeats = exact_repeats(events, source, lines, refuse=duplicates == "error")
        events = events.loc[~repeats] if repeats.any() else events
    return events, distinct


def ids(column: Column) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the ids as codes into the distinct ids, and those: whole numbers or text, none missing."""
    missing = np.flatnonzero(column.values.isna())
    if len(missing):
        column.refuse(missing[0], "an id")
    try:
        codes, found = pd.factorize(column.values)
    except TypeError:
        column.refuse(0, "an id that is text or a whole number", mend="make the ids text")
    # Whatever can be said of a value can be said of the distinct ones, which are far fewer.
    distinct = np.asarray(found)
    kind = pd.api.types.infer_dtype(distinct, skipna=False)
    if kind == "string":
        return codes, distinct.astype(object)
    if kind in ("floating", "mixed-integer-float"):
        as_float = distinct.astype(np.float64)
        with np.errstate(invalid="ignore"):
            broken = (as_float != np.floor(as_float)) | ~(np.abs(as_float) <= _LARGEST_EXACT_FLOAT)
    elif kind == "integer":
        broken = np.array([not -(2**63) <= int(value) < 2**63 for value in distinct])
    else:
        is_text = np.array([isinstance(value, str) for value in distinct])
        if is_text.any():
            text, other = int(np.argmax(is_text)), int(np.argmin(is_text))
            column.refuse(
                int(np.argmax(codes == max(text, other))),
                f"ids of one type, all like {shown(distinct[min(text, other)])},",
                mend="make them all text or all numbers",
            )
        broken = ~is_text
    if broken.any():
        column.refuse(
            int(np.argmax(codes == np.argmax(broken))),
            "an id that is text or a whole number of at most 64 bits",
            mend="make the ids text",
        )
    return codes, distinct.astype(np.int64)


def share_codes(
    read: list[tuple[pd.DataFrame, dict[str, NDArray[Any]]]], kind: str, name: str, source: str
) -> tuple[pd.Index[Any], list[NDArray[np.int32]]]:
    """Return the ids in all that `checked` read, sorted, and each table's column `kind` as codes into them."""
    found = [distinct[kind] for _, distinct in read]
    if len({ids_of.dtype.kind for ids_of in found}) > 1:
        raise InputError(
            f"{source}: expected the ids in column `{name}` to be of one type, in the test as in the train, "
            f"received {shown(found[0][0])} and {shown(found[1][0])}; make them all text or all numbers"
        )
    codes, index = pd.factorize(np.concatenate(found), sort=True)
    shared = np.split(codes.astype(np.int32), np.cumsum([len(ids_of) for ids_of in found])[:-1])
    return pd.Index(index, name=name), [
        new[events[kind].to_numpy()] for new, (events, _) in zip(shared, read, strict=True)
    ]


def align(features: pd.DataFrame | Mapping[str, Any] | None, index: pd.Index[Any], whose: str) -> pd.DataFrame | None:
    """Return the rows of features in the order of the ids, empty where there is none.

    The features' index holds the ids; of columns by their names, that which is named as `index` is.
    """
    if features is None:
        return None
    if isinstance(features, Mapping) and index.name in features:
        features = as_table(features, f"the {whose} features").set_index(str(index.name))
    if not isinstance(features, pd.DataFrame):
        raise InputError(
            f"expected the {whose} features as a table (pandas.DataFrame) with the ids as its index, or as a dict of "
            f"columns with the ids in `{index.name}`, received {type(features).__name__}"
        )
    if not features.index.is_unique:
        twice = shown(features.index[features.index.duplicated()][0])
        raise InputError(f"expected one row of {whose} features an id, received the id {twice} more than once")
    if not features.index.isin(index).any():
        received = ", ".join(shown(value) for value in features.index[:3]) or "no row"
        raise InputError(
            f"expected the index of the {whose} features to hold ids of the events, such as {shown(index[0])}, "
            f"received {received}"
        )
    return features.reindex(index).reset_index(drop=True)


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the events sorted by user, then by time where known; ties keep their order."""
    key = frame["user"].to_numpy(np.int64)
    if "timestamp" in frame and len(frame):
        time = frame["timestamp"].to_numpy()
        if time.dtype.kind == "f" or (int(time.max()) - int(time.min()) + 1) * (int(key.max()) + 1) >= 2**63:
            time = pd.factorize(time, sort=True)[0]
        # One number a row sorts several times faster than two columns, and at once where they are in order.
        key = key * (time.max() - time.min() + 1) + (time - time.min())
    order = np.argsort(key, kind="stable")
    return frame.iloc[order].reset_index(drop=True).astype({"user": np.int32, "item": np.int32})
