"""A column of somebody's table to one that can be trusted, or a sentence that says which line to mend."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tailrec.errors import InputError, nearest


def place(source: str, position: int, first_line: int | None) -> str:
    """Return how a message names a row: its line in a file, or its position in a frame.

    Examples
    --------
    >>> place("ratings.csv", 3, first_line=2)
    'ratings.csv, line 5'
    >>> place("the frame", 3, first_line=None)
    'the frame, row 3'
    """
    return f"{source}, row {position}" if first_line is None else f"{source}, line {position + first_line}"


def require_columns(table: pd.DataFrame, wanted: Iterable[str], source: str) -> None:
    """Refuse a table that lacks a column or has no row."""
    for name in wanted:
        if name not in table.columns:
            have = [str(column) for column in table.columns]
            raise InputError(f"{source}: expected a column `{name}`, received {', '.join(have) or 'no columns'}; {nearest(name, have)}")
    if len(table) == 0:
        raise InputError(f"{source}: expected at least one event, received none")


def ids(column: pd.Series[Any], source: str, first_line: int | None) -> NDArray[Any]:
    """Return a column of ids of one type, none of them missing."""
    missing = np.flatnonzero(column.isna())
    if len(missing):
        raise InputError(f"{place(source, missing[0], first_line)}: expected an id in column `{column.name}`, received nothing")
    if pd.api.types.is_float_dtype(column):
        values = column.to_numpy()
        broken = np.flatnonzero(~np.isfinite(values) | (values != np.floor(values)))
        if len(broken):
            raise InputError(f"{place(source, broken[0], first_line)}: expected an id in column `{column.name}`, received {values[broken[0]]}")
        return values.astype(np.int64)
    if column.dtype == object:
        is_text = np.fromiter((isinstance(value, str) for value in column), dtype=bool, count=len(column))
        if is_text.any() and not is_text.all():
            text, other = int(np.flatnonzero(is_text)[0]), int(np.flatnonzero(~is_text)[0])
            raise InputError(
                f"{place(source, max(text, other), first_line)}: expected the ids in column `{column.name}` to be of one type, "
                f"received {column.iloc[other]!r} and {column.iloc[text]!r}; make them all text or all numbers"
            )
    if isinstance(column.dtype, pd.CategoricalDtype):
        return ids(column.astype(column.cat.categories.dtype), source, first_line)
    if pd.api.types.is_integer_dtype(column):
        return column.to_numpy(dtype=np.int64)
    return column.to_numpy(dtype=object)


def numbers(column: pd.Series[Any], source: str, first_line: int | None) -> NDArray[np.float64]:
    """Return a column of finite numbers."""
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    broken = np.flatnonzero(~np.isfinite(values))
    if len(broken):
        raise InputError(
            f"{place(source, broken[0], first_line)}: expected a finite number in column `{column.name}`, "
            f"received {column.iloc[broken[0]]!r}; mend or remove the row"
        )
    return values


def moments(column: pd.Series[Any], source: str, first_line: int | None) -> NDArray[Any]:
    """Return a column of times that are not negative: numbers as they are, dates as seconds since 1970."""
    if not pd.api.types.is_numeric_dtype(column):
        as_number = pd.to_numeric(column, errors="coerce")
        if as_number.isna().mean() > 0.5:
            dates = pd.to_datetime(column, errors="coerce", utc=True, format="mixed")
            broken = np.flatnonzero(dates.isna())
            if len(broken):
                raise InputError(
                    f"{place(source, broken[0], first_line)}: expected a time in column `{column.name}` "
                    f"(seconds, or a date such as 2024-05-31 12:00:00), received {column.iloc[broken[0]]!r}"
                )
            column = pd.Series((dates - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1), name=column.name)
    values = numbers(column, source, first_line)
    negative = np.flatnonzero(values < 0)
    if len(negative):
        raise InputError(
            f"{place(source, negative[0], first_line)}: expected a time that is not negative in column `{column.name}`, "
            f"received {values[negative[0]]:g}; mend or remove the row"
        )
    whole = values == np.floor(values)
    return values.astype(np.int64) if whole.all() and values.max() < 2**62 else values


def exact_repeats(table: pd.DataFrame, source: str, first_line: int | None, *, refuse: bool) -> NDArray[np.bool_]:
    """Return which rows repeat an earlier one in every column; with `refuse`, allow none."""
    repeats = table.duplicated().to_numpy()
    if refuse and repeats.any():
        second = int(np.flatnonzero(repeats)[0])
        first = int(np.flatnonzero((table == table.iloc[second]).all(axis=1))[0])
        raise InputError(
            f"{place(source, second, first_line)}: expected every row once, received {int(repeats.sum()):,} that repeat an earlier one "
            f"(this one repeats {place(source, first, first_line).removeprefix(source + ', ')}); remove them, or say `duplicates=drop`"
        )
    return repeats
