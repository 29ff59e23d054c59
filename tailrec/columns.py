"""A column of somebody's table to one that can be trusted, or a sentence that says which line to mend."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tailrec.errors import InputError, nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    #: The line on which the first row of a table stands, or how to name any row (``line 7``) from its position.
    Lines = int | Callable[[int], str] | None


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
    return f"{source}, {lines(int(position)) if callable(lines) else f'line {position + lines}'}"


@dataclass(frozen=True, eq=False)
class Column:
    """A column, and what a message must know of it."""

    values: pd.Series[Any]
    source: str
    lines: Lines

    def refuse(self, position: int, expected: str, *, mend: str = "mend or remove the row") -> None:
        """Raise the sentence on one value."""
        received = shown(self.values.iloc[position])
        raise InputError(
            f"{place(self.source, position, self.lines)}: expected {expected} in column `{self.values.name}`, "
            f"received {received}; {mend}"
        )


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
        dates = _dates(column)
        broken = np.flatnonzero(dates.isna())
        if len(broken):
            column.refuse(broken[0], "a time (seconds, or a date such as 2024-05-31 12:00:00)")
        values = np.asarray(dates.dt.as_unit("us").astype(np.int64), dtype=np.float64) / 1e6
    else:
        # Whole numbers stay what they are: nanoseconds since 1970 are more than a float can tell apart.
        whole_numbers = pd.to_numeric(column.values, errors="coerce")
        values = whole_numbers.to_numpy() if whole_numbers.dtype == np.int64 else numbers(column)
    negative = np.flatnonzero(values < 0)
    if len(negative):
        column.refuse(negative[0], "a time that is not negative")
    if values.dtype == np.int64:
        return values
    whole = values == np.floor(values)
    return values.astype(np.int64) if whole.all() and values.max() < 2**62 else values


def _mostly_numbers(column: pd.Series[Any]) -> bool:
    if column.dtype.kind == "M" or pd.api.types.is_numeric_dtype(column):
        return column.dtype.kind != "M"
    return bool(pd.to_numeric(column, errors="coerce").notna().mean() >= 0.5)


def _dates(column: Column) -> pd.Series[Any]:
    """Return the dates, all of one format, and nothing where there is none."""
    dates = pd.to_datetime(column.values, errors="coerce", utc=True, format="ISO8601")
    if dates.notna().any():
        return dates
    first = str(column.values.iloc[0])
    found: dict[str, pd.Series[Any]] = {}
    for day_first in (False, True):
        with warnings.catch_warnings(action="ignore"):
            form = pd.tseries.api.guess_datetime_format(first, dayfirst=day_first)
        if form:
            found[form] = pd.to_datetime(column.values, errors="coerce", utc=True, format=form)
    whole = [read for read in found.values() if read.notna().all()]
    if len(whole) > 1 and not whole[0].equals(whole[1]):
        column.refuse(0, "a date with one meaning", mend="write it with the year first, as in 2024-05-31")
    return whole[0] if whole else next(iter(found.values()), dates)


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


def shown(value: Any) -> str:
    """Return how a message writes a value."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return "nothing (or nan)"
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= 80 else f"{text[:77]}..."
