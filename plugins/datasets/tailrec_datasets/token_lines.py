"""A text file with any number of tokens on a line, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tailrec import InputError
from tailrec_datasets.text_file import pieces


@dataclass(frozen=True, eq=False)
class TokenLines:
    """The lines of a file that are not blank.

    Attributes
    ----------
    numbers
        (n_lines,) the number of each line in the file, from 1.
    counts
        (n_lines,) how many tokens stand on it.
    codes, distinct
        (n_tokens,) the tokens of all lines in order, as codes into the distinct ones.
    source
        The file.
    """

    numbers: NDArray[np.int64]
    counts: NDArray[np.int64]
    codes: NDArray[np.integer[Any]]
    distinct: pa.Array
    source: str

    def starts(self) -> NDArray[np.int64]:
        """Return (n_lines,) where each line's tokens start."""
        return np.cumsum(self.counts) - self.counts

    def text(self, tokens: NDArray[Any]) -> pa.Array:
        """Return the texts of tokens, named by position."""
        return self.distinct.take(pa.array(self.codes[tokens]))

    def line_of(self, token: int) -> int:
        """Return the number of the line on which a token stands."""
        return int(self.numbers[np.searchsorted(np.cumsum(self.counts), token, side="right")])

    def used(self, tokens: NDArray[Any]) -> tuple[NDArray[np.integer[Any]], pa.Array]:
        """Return some of the tokens as codes into the distinct ones among them, and those."""
        codes, used = pd.factorize(self.codes[tokens])
        return codes, self.distinct.take(pa.array(used))


def read_token_lines(path: Path, encoding: str, sep: str | None) -> TokenLines:
    """Read a file; without `sep`, tokens are separated by what separates them in its first lines.

    Raises
    ------
    InputError
        Where the file is no text (see `text_file.pieces`) or has no token.
    """
    number = 1
    numbers, counts, tokens = [], [], []
    for piece in pieces(path, encoding):
        text = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n").decode()
        sep = _separator(text) if sep is None else sep
        lines = pc.ascii_trim_whitespace(pc.list_flatten(pc.split_pattern(pa.array([text]), "\n")))
        at = np.arange(number, number + len(lines))
        # The text after the last line break is the next piece's first line, or nothing.
        number += len(lines) - 1
        there = pc.not_equal(lines, "")
        lists = lines.filter(there)
        lists = pc.ascii_split_whitespace(lists) if sep == " " else pc.split_pattern(lists, sep)
        numbers.append(at[np.asarray(there)])
        counts.append(np.asarray(pc.list_value_length(lists)).astype(np.int64))
        tokens.append(pc.utf8_trim_whitespace(pc.list_flatten(lists)).dictionary_encode())
    found = pa.chunked_array(tokens, pa.dictionary(pa.int32(), pa.string())).unify_dictionaries().combine_chunks()
    if len(found) == 0:
        raise InputError(f"{path}: expected at least one line with events, received blank lines alone")
    return TokenLines(
        np.concatenate(numbers), np.concatenate(counts), found.indices.to_numpy(), found.dictionary, str(path)
    )


def _separator(text: str) -> str:
    """Return what separates the tokens of the first lines; a space stands for any white space."""
    start = text[:10_000]
    for sep in ("::", ";", ","):
        if sep in start:
            return sep
    return "\t" if "\t" in start and " " not in start else " "
