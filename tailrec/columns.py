"""A column of somebody's table to one that can be trusted, or a sentence that says which line to mend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tailrec.errors import InputError, nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    #: The line on which the first row of a table stands, or the line of every row by its position.
    Lines = int | Callable[[int], int] | None

#: Beyond this a float no longer holds every whole number, and two ids may have become one.
_LARGEST_EXACT_FLOAT = 2**53


def place(source: str, position: int, lines: Lines) -> str:
    """Return how a message names a row: its line in a file, or its position in a frame.

    Examples
    --------
    >>> place("ratings.csv", 3, lines=2)
    'ratings.csv, line 5'
    >>> place("the frame", 3, lines=None)
    'the frame, row 3'
    """
    if lines is None:
        return f"{source}, row {position}"
    return f"{source}, line {lines(int(position)) if callable(lines) else position + lines}"


@dataclass(frozen=True, eq=False)
class Column:
    """A column, and what a message must know of it."""

    values: pd.Series[Any]
    source: str
    lines: Lines

    def refuse(self, position: int, expected: str, *, mend: str = "mend or remove the row") -> None:
        """Raise the sentence on one value."""
        received = _shown(self.values.iloc[position])
        raise InputError(
            f"{place(self.source, position, self.lines)}: expected {expected} in column `{self.values.name}`, "
            f"received {received}; {mend}"
        )


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


def require_columns(table: pd.DataFrame, wanted: Iterable[str], source: str) -> None:
    """Refuse a table that lacks a column, has one twice or has no row."""
    wanted, have = list(wanted), [str(column) for column in table.columns]
    for name in wanted:
        found = sum(column == name for column in table.columns)
        if found == 0:
            listed = ", ".join(have) or "no columns"
            raise InputError(f"{source}: expected a column `{name}`, received {listed}; {nearest(name, have)}")
        if found > 1:
            raise InputError(
                f"{source}: expected one column `{name}`, received {found} of that name; rename the others"
            )
        if wanted.count(name) > 1:
            raise InputError(
                f"{source}: expected a column for each role, received `{name}` for {wanted.count(name)} of them"
            )
    if len(table) == 0:
        raise InputError(f"{source}: expected at least one event, received none")


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
                f"ids of one type, all like {_shown(distinct[min(text, other)])},",
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


def numbers(column: Column) -> NDArray[np.float64]:
    """Return finite numbers."""
    if column.values.dtype.kind in "mMc":
        column.refuse(0, "a number")
    values = pd.to_numeric(column.values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    broken = np.flatnonzero(~np.isfinite(values))
    if len(broken):
        column.refuse(broken[0], "a finite number")
    return values


def ratings(column: Column) -> NDArray[np.float32]:
    """Return finite numbers that single precision can hold."""
    values = numbers(column)
    broken = np.flatnonzero(np.abs(values) > np.finfo(np.float32).max)
    if len(broken):
        column.refuse(broken[0], "a rating below 3.4e38")
    return values.astype(np.float32)


def moments(column: Column) -> NDArray[Any]:
    """Return times that are not negative: numbers as they are, dates as seconds since 1970."""
    if not _mostly_numbers(column.values):
        dates = _dates(column.values)
        broken = np.flatnonzero(dates.isna())
        if len(broken):
            column.refuse(broken[0], "a time (seconds, or a date such as 2024-05-31 12:00:00)")
        values = ((dates - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1)).to_numpy(np.float64)
    else:
        values = numbers(column)
    negative = np.flatnonzero(values < 0)
    if len(negative):
        column.refuse(negative[0], "a time that is not negative")
    whole = values == np.floor(values)
    return values.astype(np.int64) if whole.all() and values.max() < 2**62 else values


def _mostly_numbers(column: pd.Series[Any]) -> bool:
    if column.dtype.kind == "M" or pd.api.types.is_numeric_dtype(column):
        return column.dtype.kind != "M"
    return bool(pd.to_numeric(column, errors="coerce").notna().mean() >= 0.5)


def _dates(column: pd.Series[Any]) -> pd.Series[Any]:
    dates = pd.to_datetime(column, errors="coerce", utc=True, format="ISO8601")
    if dates.isna().all():
        # One format for the whole column: guessed row by row, 31/05 and 05/06 would be read differently.
        form = pd.tseries.api.guess_datetime_format(str(column.iloc[0]))
        if form:
            dates = pd.to_datetime(column, errors="coerce", utc=True, format=form)
    return dates


def exact_repeats(table: pd.DataFrame, source: str, lines: Lines, *, refuse: bool) -> NDArray[np.bool_]:
    """Return which rows repeat an earlier one in every column; with `refuse`, allow none."""
    repeats = np.zeros(len(table), dtype=bool)
    # Few pairs of user and item come twice, and only those have to be compared in full.
    pairs = pd.Series((table["user"].to_numpy(np.int64) << 32) | table["item"].to_numpy(np.int64))
    again = np.flatnonzero(pairs.duplicated(keep=False))
    repeats[again] = table.iloc[again].duplicated().to_numpy()
    if refuse and repeats.any():
        second = int(np.argmax(repeats))
        first = int(np.argmax((table == table.iloc[second]).all(axis=1).to_numpy()))
        earlier = place(source, first, lines).removeprefix(source + ", ")
        raise InputError(
            f"{place(source, second, lines)}: expected every row once, received {int(repeats.sum()):,} that repeat "
            f"an earlier one (this one repeats {earlier}); remove them, or say `duplicates=drop`"
        )
    return repeats


def share_codes(
    read: list[tuple[pd.DataFrame, dict[str, NDArray[Any]]]], kind: str, name: str, source: str
) -> tuple[pd.Index[Any], list[NDArray[np.int32]]]:
    """Return the ids in all that `checked` read, sorted, and each table's column `kind` as codes into them."""
    found = [distinct[kind] for _, distinct in read]
    if len({ids_of.dtype.kind for ids_of in found}) > 1:
        raise InputError(
            f"{source}: expected the ids in column `{name}` to be of one type, in the test as in the train, "
            f"received {_shown(found[0][0])} and {_shown(found[1][0])}; make them all text or all numbers"
        )
    codes, index = pd.factorize(np.concatenate(found), sort=True)
    shared = np.split(codes.astype(np.int32), np.cumsum([len(ids_of) for ids_of in found])[:-1])
    return pd.Index(index, name=name), [
        new[events[kind].to_numpy()] for new, (events, _) in zip(shared, read, strict=True)
    ]


def align(features: pd.DataFrame | None, index: pd.Index[Any], whose: str) -> pd.DataFrame | None:
    """Return the rows of features in the order of the ids, empty where there is none; the features' index holds ids."""
    if features is None:
        return None
    if not features.index.is_unique:
        twice = _shown(features.index[features.index.duplicated()][0])
        raise InputError(f"expected one row of {whose} features an id, received the id {twice} more than once")
    if not features.index.isin(index).any():
        received = ", ".join(_shown(value) for value in features.index[:3]) or "no row"
        raise InputError(
            f"expected the index of the {whose} features to hold ids of the events, such as {_shown(index[0])}, "
            f"received {received}"
        )
    return features.reindex(index).reset_index(drop=True)


def _shown(value: Any) -> str:
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return "nothing (or nan)"
    return repr(value.item() if isinstance(value, np.generic) else value)
