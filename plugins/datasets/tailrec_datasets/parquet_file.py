"""A Parquet file of one's own."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tailrec import InputError
from tailrec_datasets.column_roles import column_roles
from tailrec_datasets.event_table import Events, EventTable
from tailrec_datasets.existing_file import existing_file

_NUMBER = (pa.types.is_integer, pa.types.is_floating)
_TEXT = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
_TYPES = {
    "id": ("text or whole numbers", (*_NUMBER, *_TEXT)),
    "rating": ("numbers", (*_NUMBER, pa.types.is_decimal)),
    "timestamp": ("numbers or dates", (*_NUMBER, *_TEXT, pa.types.is_timestamp, pa.types.is_date)),
}


class Parquet(EventTable):
    """A Parquet file with a row an event; only the columns that are needed are read.

    Parameters
    ----------
    path
        The file.
    test
        A second file with the events that are kept apart as the test (``tailrec.split(data, "given")``).
    user, item, rating, timestamp
        The columns. By default the usual names are looked for (``user``, ``user_id``, ``userId``; ``item``,
        ``movieId``, ...; ``rating``; ``timestamp``). ``-`` leaves the rating or the timestamp out. Ids keep
        their type, text or whole number; a timestamp that is a date becomes seconds since 1970.
    duplicates
        What to do with rows that repeat an earlier one in every column that is read: refuse them (``error``),
        ``drop`` them, or ``keep`` them.
    min_rating
        Leave out what is rated lower, in the test too where it has ratings.

    Raises
    ------
    InputError
        Where the file cannot be read or a row cannot be used; the message names the file, the row (from 0)
        and the way to mend it.

    Examples
    --------
    >>> import pandas, pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "plays.parquet"
    >>> pandas.DataFrame({"user_id": ["ann", "bob"], "track_id": [3, 4]}).to_parquet(file)
    >>> Parquet(path=file).load()
    <Interactions: 2 users, 2 items, 2 events>
    """

    def read(self) -> list[Events]:
        """Return the train and, where there is one, the test."""
        return [self._events(existing_file(path)) for path in self.paths()]

    def _events(self, file: Path) -> Events:
        try:
            with pq.ParquetFile(file) as opened:
                roles = column_roles(opened.schema_arrow.names, self.given_columns(), str(file))
                _check_types(opened.schema_arrow, roles, str(file))
                table = opened.read(columns=list(roles.values()))
        except (pa.ArrowException, OSError) as error:
            with open(file, "rb") as start:
                begins, reason = start.read(12), " ".join(str(error).split())
            raise InputError(
                f"{file}: expected a whole Parquet file, received one that begins with {begins!r} ({reason}); "
                "write it again, or load a text file with the data set `csv`"
            ) from None
        frame = table.select(list(roles.values())).to_pandas(date_as_object=False, ignore_metadata=True)
        return Events(frame.set_axis(list(roles), axis=1), roles, str(file), "row {}".format)


def _check_types(schema: pa.Schema, roles: dict[str, str], source: str) -> None:
    for role, column in roles.items():
        kind = schema.field(column).type
        wanted, tests = _TYPES["id" if role in ("user", "item") else role]
        if not any(fits(kind.value_type if pa.types.is_dictionary(kind) else kind) for fits in tests):
            raise InputError(
                f"{source}: expected {wanted} in column `{column}`, received {kind}; "
                f"convert it, or say `{role}=` with another column"
            )
