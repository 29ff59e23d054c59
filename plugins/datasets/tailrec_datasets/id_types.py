"""Ids read as text to whole numbers where they are, or a sentence where they are of two kinds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tailrec import InputError

IdType = Literal["auto", "text", "number"]


@dataclass(frozen=True, eq=False)
class TextIds:
    """A column of ids as text.

    Attributes
    ----------
    codes, distinct
        (n_rows,) codes into the distinct texts.
    what
        How a message calls one, such as ``an id in column `user```.
    place
        From a row's position to how a message names it: file and line.
    """

    codes: NDArray[np.integer[Any]]
    distinct: pa.Array
    what: str
    place: Callable[[int], str]

    def refuse(self, which: int, problem: str) -> None:
        """Raise the sentence on the first row with one of the distinct ids."""
        row = int(np.argmax(self.codes == which))
        raise InputError(f"{self.place(row)}: expected {self.what}{problem}")


def typed(columns: Sequence[TextIds], ids: IdType) -> list[pd.Categorical]:
    """Return the ids of several tables, which share one type, as categories.

    Parameters
    ----------
    columns
        One a table. Spaces around an id do not belong to it.
    ids
        ``number`` and ``text`` say what they are. ``auto`` takes whole numbers where every id is one as one
        would write it (``7``, never ``007``), refuses a mixture in which at least half are, and takes
        anything else as text.

    Raises
    ------
    InputError
        Where an id is empty, holds a line break, is no whole number and should be, or the ids are mixed.
    """
    texts = [pc.utf8_trim_whitespace(column.distinct) for column in columns]
    for column, text in zip(columns, texts, strict=True):
        if (empty := pc.index(text, "").as_py()) >= 0:
            column.refuse(empty, ", received nothing; mend or remove the row")
        broken = pc.index(pc.match_substring(column.distinct, "\n"), True).as_py()
        if broken >= 0:
            column.refuse(
                broken, " on one line, received a quote that is closed on a later line; close it, or say `quotes=false`"
            )
    if ids == "text":
        return [
            _categories(column.codes, text.to_numpy(zero_copy_only=False))
            for column, text in zip(columns, texts, strict=True)
        ]
    pattern = r"^(0|-?[1-9][0-9]*)$" if ids == "auto" else r"^-?[0-9]+$"
    whole = [np.asarray(pc.match_substring_regex(text, pattern)) for text in texts]
    n_whole, n_ids = sum(int(found.sum()) for found in whole), sum(len(found) for found in whole)
    if n_whole == n_ids:
        try:
            numbers = [text.cast(pa.int64()).to_numpy(zero_copy_only=False) for text in texts]
            return [_categories(column.codes, found) for column, found in zip(columns, numbers, strict=True)]
        except pa.ArrowInvalid:
            if ids == "number":
                for column, text in zip(columns, texts, strict=True):
                    large = [not -(2**63) <= int(value) < 2**63 for value in text.to_pylist()]
                    if any(large):
                        column.refuse(large.index(True), " of at most 64 bits, received a larger one; say `ids=text`")
    elif ids == "number" or 2 * n_whole >= n_ids:
        column, text, found = next(part for part in zip(columns, texts, whole, strict=True) if not part[2].all())
        which = int(np.argmin(found))
        kind = "a whole number" if ids == "number" else "a whole number like most of them"
        column.refuse(which, f" to be {kind}, received {text[which].as_py()!r}; mend the row, or say `ids=text`")
    return typed(columns, "text")


def _categories(codes: NDArray[Any], values: NDArray[Any]) -> pd.Categorical:
    # Two spellings, such as `7` and ` 7`, may be one id.
    places, distinct = pd.factorize(values)
    return pd.Categorical.from_codes(places[codes], categories=pd.Index(distinct))
