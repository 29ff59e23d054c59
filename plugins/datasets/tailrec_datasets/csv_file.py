"""A delimited text file of one's own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa

from tailrec import InputError
from tailrec_datasets.column_roles import column_roles
from tailrec_datasets.delimited import layout_of, name_of, read_columns
from tailrec_datasets.event_table import Events, EventTable
from tailrec_datasets.existing_file import existing_file
from tailrec_datasets.id_types import IdType, TextIds, typed
from tailrec_datasets.text_file import check_encoding


class Csv(EventTable):
    r"""A text file with a row an event, its fields separated by commas, tabs, semicolons or ``::``.

    Parameters
    ----------
    path
        The file; it may be packed with gzip.
    test
        A second file with the events that are kept apart as the test (``tailrec.split(data, "given")``).
    user, item, rating, timestamp
        The columns, by name, or by position from 1 in a file without a header. By default the usual names
        are looked for (``user``, ``user_id``, ``userId``; ``item``, ``movieId``, ...; ``rating``;
        ``timestamp``), and without a header the order is user, item, rating, timestamp. ``-`` leaves the
        rating or the timestamp out.
    sep
        What separates the fields: any text, or one of the words tab, comma, semicolon, space. By default it is
        seen from the first line.
    header
        Whether the first line names the columns. By default it does unless one of its fields is a number.
    encoding
        How the text is encoded, such as utf-8, latin-1 or utf-16.
    quotes
        Whether a field may stand in double quotes.
    ids
        Whether ids are whole numbers or text. ``auto`` takes numbers where all of them are, and refuses a
        mixture in which at least half are.
    duplicates
        What to do with rows that repeat an earlier one in every column that is read: refuse them (``error``),
        ``drop`` them, or ``keep`` them.
    min_rating
        Leave out what is rated lower, in the test too where it has ratings.

    Raises
    ------
    InputError
        Where the file cannot be read or a row cannot be used; the message names the file, the line and the
        way to mend it.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "ratings.csv"
    >>> _ = file.write_text("userId,movieId,rating\n7,12,4.5\n7,31,2\n9,12,5\n")
    >>> Csv(path=file, min_rating=4.0).load()
    <Interactions: 2 users, 1 items, 2 events, with rating>
    """

    sep: str | None = None
    header: bool | None = None
    encoding: str = "utf-8"
    quotes: bool = True
    ids: IdType = "auto"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_encoding(self.encoding)
        if self.sep is not None and (not self.sep or set(self.sep) & set('\r\n"')):
            raise InputError(f"expected `sep` to be a text such as `tab`, `;` or `::`, received {self.sep!r}")

    def read(self) -> list[Events]:
        """Return the train and, where there is one, the test, their ids of one type."""
        found = [self._columns(existing_file(path)) for path in self.paths()]
        frames = [
            {
                role: column.to_pandas(date_as_object=False)
                for role, column in zip(table.column_names, table.columns, strict=True)
                if role not in ("user", "item")
            }
            for table, _ in found
        ]
        for role in ("user", "item"):
            for frame, ids in zip(
                frames, typed([_ids(table[role], role, events) for table, events in found], self.ids), strict=True
            ):
                frame[role] = ids
        return [
            replace(events, frame=pd.DataFrame({role: frame[role] for role in events.columns}))
            for frame, (_, events) in zip(frames, found, strict=True)
        ]

    def _columns(self, file: Path) -> tuple[pa.Table, Events]:
        layout = layout_of(file, self.encoding, self.sep, self.header, self.quotes)
        named = layout.header_line > 0
        hint = f"`header={'false' if named else 'true'}` if the first line {'is an event' if named else 'names them'}"
        roles = column_roles(layout.columns, self.given_columns(), str(file), named=named, hint=hint)
        table = read_columns(file, self.encoding, layout, roles)
        return table, Events(pd.DataFrame(), roles, str(file), partial(name_of, file, self.encoding, layout))


def _ids(column: pa.ChunkedArray, role: str, events: Events) -> TextIds:
    ids = column.combine_chunks()
    return TextIds(
        codes=ids.indices.to_numpy(),
        distinct=ids.dictionary,
        what=f"an id in column `{events.columns[role]}`",
        place=lambda row: f"{events.source}, {events.name_of(row)}",
    )
