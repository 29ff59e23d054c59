"""A text file of one's own with a line a user."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tailrec import DataPlugin, InputError, Interactions
from tailrec_datasets.delimited import SEPARATORS
from tailrec_datasets.existing_file import existing_file
from tailrec_datasets.id_types import IdType, TextIds, typed
from tailrec_datasets.text_file import check_encoding
from tailrec_datasets.token_lines import TokenLines, read_token_lines


class Sequences(DataPlugin):
    r"""A text file with a line a user: the items that the user went to.

    An item that stands twice on a line is two events; a line without an item is a user without events.

    Parameters
    ----------
    path
        The file; it may be packed with gzip.
    test
        A second file of the same layout, with the events that are kept apart as the test
        (``tailrec.split(data, "given")``). Users are the same where their id is, or their line.
    layout
        What stands on a line: ``user``, the user and then the items; ``count``, how many items there are and
        then the items; ``items``, the items alone. Where the user is not named, the id is the number of the
        line, from 1. ``auto`` takes ``count`` where that is true of every line, else ``user`` where no two
        lines begin alike.
    sep
        What separates the items: any text, or one of the words tab, comma, semicolon, space (any white
        space). By default it is seen from the first lines.
    ordered
        Whether the items stand in the order in which the user went to them. By default they do, but not in
        the layout ``count``, whose files are sorted by item.
    encoding
        How the text is encoded, such as utf-8 or latin-1.
    ids
        Whether ids are whole numbers or text. ``auto`` takes numbers where all of them are, and refuses a
        mixture in which at least half are.

    Raises
    ------
    InputError
        Where the file cannot be read, a count is wrong, or the layout cannot be told; the message names the
        file, the line and the way to mend it.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "toys.txt"
    >>> _ = file.write_text("ann robot ball robot\nbob ball\n")
    >>> data = Sequences(path=file).load()
    >>> [data.items[history].tolist() for history in data.histories()]
    [['robot', 'ball', 'robot'], ['ball']]
    """

    expected_failures: ClassVar = {"title-and-licence": "the terms of somebody's own file are not in the file"}

    path: str | Path
    test: str | Path | None = None
    layout: Literal["auto", "user", "count", "items"] = "auto"
    sep: str | None = None
    ordered: bool | None = None
    encoding: str = "utf-8"
    ids: IdType = "auto"

    def __post_init__(self) -> None:
        self.path = str(self.path)
        self.test = None if self.test is None else str(self.test)
        check_encoding(self.encoding)
        if self.sep is not None and (not self.sep or set(self.sep) & set("\r\n")):
            raise InputError(f"expected `sep` to be a text such as `space`, `,` or `::`, received {self.sep!r}")

    def load(self) -> Interactions:
        """Return the interactions, the given test among them."""
        sep = None if self.sep is None else SEPARATORS.get(self.sep, self.sep)
        paths = [self.path] if self.test is None else [self.path, self.test]
        read = [read_token_lines(existing_file(path), self.encoding, sep) for path in paths]
        layout = _layout(read) if self.layout == "auto" else self.layout
        if layout == "count":
            for lines in read:
                _check_counts(lines)
        lead = 0 if layout == "items" else 1
        events = [_event_tokens(lines, lead) for lines in read]
        items = typed([_ids(lines, tokens, "an item") for lines, tokens in zip(read, events, strict=True)], self.ids)
        users: list[Any] = [lines.numbers.repeat(lines.counts - lead) for lines in read]
        if layout == "user":
            firsts = [lines.starts() for lines in read]
            named = typed([_ids(lines, tokens, "a user") for lines, tokens in zip(read, firsts, strict=True)], self.ids)
            users = [list_of.repeat(lines.counts - lead) for list_of, lines in zip(named, read, strict=True)]
        frames = [pd.DataFrame({"user": user, "item": item}) for user, item in zip(users, items, strict=True)]
        return Interactions.from_frame(
            frames[0],
            test=frames[1] if self.test is not None else None,
            ordered=layout != "count" if self.ordered is None else self.ordered,
            duplicates="keep",
            source=read[0].source,
            test_source=read[-1].source,
            title=Path(self.path).name,
        )


def _event_tokens(lines: TokenLines, lead: int) -> NDArray[Any]:
    """Return the positions of the tokens that are items: all but the first `lead` of each line."""
    is_item = np.ones(len(lines.codes), dtype=bool)
    if lead:
        is_item[lines.starts()] = False
    tokens = np.flatnonzero(is_item)
    if len(tokens) == 0:
        raise InputError(f"{lines.source}: expected at least one event, received lines without an item")
    return tokens


def _ids(lines: TokenLines, tokens: NDArray[Any], what: str) -> TextIds:
    codes, distinct = lines.used(tokens)
    return TextIds(codes, distinct, what, lambda row: f"{lines.source}, line {lines.line_of(tokens[row])}")


def _layout(read: list[TokenLines]) -> Literal["user", "count"]:
    if all(_counted(lines).all() for lines in read):
        return "count"
    for lines in read:
        first = pd.Series(lines.codes[lines.starts()])
        again = np.flatnonzero(first.duplicated())
        if len(again):
            later = int(again[0])
            earlier = int(np.argmax(first == first[later]))
            token = lines.distinct[int(first[later])].as_py()
            raise InputError(
                f"{lines.source}, line {lines.numbers[later]}: expected lines that begin with a user of their own or "
                f"with the count of their items, received {token!r} as in line {lines.numbers[earlier]}; "
                "say `layout=user` (a user may have several lines), `layout=count` or `layout=items`"
            )
    return "user"


def _counted(lines: TokenLines) -> NDArray[Any]:
    """Return (n_lines,) whether a line begins with the count of what follows."""
    first = lines.text(lines.starts())
    is_number = pc.match_substring_regex(first, r"^[0-9]{1,9}$")
    stated = pc.if_else(is_number, first, "-1").cast(pa.int64())
    counted: NDArray[np.bool_] = np.asarray(stated) == lines.counts - 1
    return counted


def _check_counts(lines: TokenLines) -> None:
    wrong = np.flatnonzero(~_counted(lines))
    if len(wrong):
        stated = lines.text(lines.starts()[wrong[:1]])[0].as_py()
        raise InputError(
            f"{lines.source}, line {lines.numbers[wrong[0]]}: expected the line to begin with the count of its items, "
            f"received {stated!r} and {lines.counts[wrong[0]] - 1} items; "
            "mend the line, or say `layout=user` or `layout=items`"
        )
