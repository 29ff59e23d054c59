"""A delimited text file to columns: its separator, its header, its rows, and the line of each row."""

from __future__ import annotations

import contextlib
import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.csv as arrow_csv

from tailrec import InputError
from tailrec_datasets.text_file import LONGEST_LINE, pieces, text_lines

SEPARATORS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "space": " "}
#: Stands for a separator of several characters, which the parser does not know; no text holds it.
_ONE_BYTE = "\x1f"
_MEND_QUOTES = "close every quote, or say `quotes=false` if a quote is a character like any other"
_ID = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True)
class Layout:
    """How a file is laid out.

    Attributes
    ----------
    columns
        Names from the header, or positions from 1 where there is none.
    header_line
        The line of the header; 0 where there is none.
    first_line
        The first line that is not blank, which `columns` was made from.
    skip
        How many bytes stand before the first row.
    """

    sep: str
    columns: list[str]
    header_line: int
    first_line: int
    skip: int
    quotes: bool

    @property
    def delimiter(self) -> str:
        """The separator as a single character."""
        return self.sep if len(self.sep.encode()) == 1 else _ONE_BYTE


def layout_of(path: Path, encoding: str, sep: str | None, header: bool | None, quotes: bool) -> Layout:
    """Find the separator and the header from the first line that is not blank.

    A first line in which a field is a number is no header.
    """
    with contextlib.closing(pieces(path, encoding)) as found:
        start = next(found, b"")
    lines = re.findall(rb"[^\r\n]*(?:\r\n|\r|\n|$)", start)
    n_blank = next((n for n, line in enumerate(lines) if line.strip()), None)
    if n_blank is None:
        raise InputError(f"{path}: expected at least one event, received blank lines alone")
    number, line, skip = n_blank + 1, lines[n_blank], sum(map(len, lines[:n_blank]))
    text = line.decode().rstrip("\r\n")
    sep = _separator(text) if sep is None else SEPARATORS.get(sep, sep)
    layout = Layout(sep, [], 0, number, skip, quotes)
    fields: list[str] = next(_reader(iter([text.replace(sep, layout.delimiter)]), layout))
    if header is None:
        header = not any(_is_number(field) for field in fields)
    if not header:
        return Layout(sep, [str(position) for position in range(1, len(fields) + 1)], 0, number, skip, quotes)
    return Layout(sep, [field.strip() for field in fields], number, number, skip + len(line), quotes)


def _separator(line: str) -> str:
    for sep in ("::", "\t"):
        if sep in line:
            return sep
    if ";" in line or "," in line:
        return ";" if line.count(";") >= line.count(",") else ","
    return " " if " " in line.strip() else ","


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def read_columns(path: Path, encoding: str, layout: Layout, roles: Mapping[str, str]) -> pa.Table:
    """Read the columns of the roles, by role: ids as dictionaries of text, ratings and times as numbers if they are.

    Raises
    ------
    InputError
        Where a row has more or fewer fields than the first line, with its line.
    """
    names = [str(position) for position in range(len(layout.columns))]
    positions = {role: str(layout.columns.index(column)) for role, column in roles.items()}
    ids = {positions["user"]: _ID, positions["item"]: _ID}
    numbers = {positions["rating"]: pa.float64()} if "rating" in positions else {}
    as_text = {position: pa.string() for role, position in positions.items() if role in ("rating", "timestamp")}
    rows = _rows(path, encoding, layout)
    # Once as numbers; where that fails, as text, so that a message can show what stands there.
    for types in (ids | numbers, ids | as_text):
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(rows),
                # A row that is allowed must fit into one block.
                arrow_csv.ReadOptions(column_names=names, block_size=LONGEST_LINE + (1 << 20)),
                arrow_csv.ParseOptions(
                    delimiter=layout.delimiter,
                    quote_char='"' if layout.quotes else False,
                    newlines_in_values=layout.quotes,
                ),
                arrow_csv.ConvertOptions(
                    column_types=types, include_columns=list(positions.values()), check_utf8=False
                ),
            )
            break
        except pa.ArrowInvalid as error:
            reason = str(error)
    else:
        raise _broken_row(path, encoding, layout, reason)
    return table.unify_dictionaries().combine_chunks().rename_columns(list(positions))


def _rows(path: Path, encoding: str, layout: Layout) -> pa.Buffer:
    """Return the rows of a file: checked text without the header, one byte between fields."""
    old, new = layout.sep.encode(), layout.delimiter.encode()
    text, skip = bytearray(), layout.skip
    for piece in pieces(path, encoding):
        text += piece[skip:] if old == new else piece[skip:].replace(old, new)
        skip = 0
    # In memory, not as a stream of Python's: Arrow's threads would still ask for it when the interpreter ends.
    return pa.py_buffer(text)


def records(path: Path, encoding: str, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """Yield the line on which each row starts, and its fields; slow, for messages alone."""
    lines = text_lines(path, encoding)
    for _ in range(layout.header_line):
        next(lines)
    reader = _reader((line.replace(layout.sep, layout.delimiter) for line in lines), layout)
    start = layout.header_line + 1
    for fields in reader:
        if fields:
            yield start, fields
        start = layout.header_line + reader.line_num + 1


def name_of(path: Path, encoding: str, layout: Layout, row: int) -> str:
    """Return the line on which a row starts, as ``line 7``; blank lines are no rows."""
    line, _ = next(islice(records(path, encoding, layout), row, None))
    return f"line {line}"


def _reader(lines: Iterator[str], layout: Layout) -> Any:
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_LINE))
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if layout.quotes else csv.QUOTE_NONE
    return csv.reader(lines, delimiter=layout.delimiter, quoting=quoting)


def _broken_row(path: Path, encoding: str, layout: Layout, reason: str) -> InputError:
    wanted, n_rows = len(layout.columns), 0
    try:
        for line, fields in records(path, encoding, layout):
            n_rows += 1
            if len(fields) != wanted:
                shown = layout.sep.join(fields)
                shown = repr(shown if len(shown) <= 60 else f"{shown[:57]}...")
                mend = "mend the row, say `sep=`, or load a file with a line a user with `sequences`"
                mend = _MEND_QUOTES if "\\n" in shown else mend
                return InputError(
                    f"{path}, line {line}: expected {wanted} fields separated by {layout.sep!r} "
                    f"as in line {layout.first_line}, received {len(fields)}: {shown}; {mend}"
                )
    except csv.Error as error:
        reason = str(error)
    if n_rows == 0:
        return InputError(f"{path}: expected events below the header in line {layout.header_line}, received none")
    return InputError(
        f"{path}: expected rows of {wanted} fields, received what cannot be read ({reason}); {_MEND_QUOTES}"
    )
