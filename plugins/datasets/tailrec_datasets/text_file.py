"""A text file in pieces of whole lines, checked while it is read: its encoding, NUL bytes, lines without end."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from tailrec import InputError

#: A line longer than this is refused before it is in memory.
LONGEST_LINE = 10_000_000
_PIECE = 1 << 20

_NOT_TEXT = {
    b"PAR1": "a Parquet file; load it with the data set `parquet`",
    b"PK\x03\x04": "a zip archive or a spreadsheet; unpack it, or save it as CSV",
    b"BZh": "a bzip2 archive; unpack it, or compress it with gzip",
    b"\xfd7zX": "an xz archive; unpack it, or compress it with gzip",
    b"\x28\xb5\x2f\xfd": "a zstd archive; unpack it, or compress it with gzip",
}
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def check_encoding(encoding: str) -> None:
    """Refuse what is not the name of a text encoding."""
    try:
        "".encode(encoding)
        codecs.getincrementaldecoder(encoding)
    except LookupError:
        raise InputError(
            f"expected `encoding` to be one such as utf-8, latin-1 or utf-16, received {encoding!r}"
        ) from None


def pieces(path: Path, encoding: str = "utf-8") -> Generator[bytes]:
    """Yield the text of a file, unpacked where it is gzip, as UTF-8, in pieces that end where a line ends.

    Never more than the longest line that is allowed and one piece are in memory.

    Raises
    ------
    InputError
        Where the bytes are not of the encoding, are no text, or a line is longer than `LONGEST_LINE`; the
        message names the line, and the byte where one is to blame.
    """
    line, rest = 1, b""
    for chunk in _decoded(path, encoding):
        end = chunk.rfind(b"\n") + 1
        first = len(rest) + (chunk.find(b"\n") if end else len(chunk))
        if first > LONGEST_LINE:
            raise InputError(
                f"{path}, line {line}: expected lines of at most {LONGEST_LINE // 1_000_000} MB, "
                "received a longer one; end every row with a line break, or split the line"
            )
        if not end:
            rest += chunk
            continue
        piece, rest = rest + chunk[:end], chunk[end:]
        yield piece
        line += count_lines(piece)
    if rest:
        yield rest


def count_lines(piece: bytes) -> int:
    """Return how many line breaks there are."""
    return int(np.count_nonzero(np.frombuffer(piece, dtype=np.uint8) == ord("\n")))


def text_lines(path: Path, encoding: str = "utf-8") -> Iterator[str]:
    """Yield the lines of a file with their ends, split where a CSV reader splits them and nowhere else."""
    for piece in pieces(path, encoding):
        yield from io.StringIO(piece.decode(), newline="")


def _decoded(path: Path, encoding: str) -> Iterator[bytes]:
    """Yield the file's bytes as UTF-8, without the mark at the start, and without a NUL."""
    is_utf8 = codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")
    decoder = codecs.getincrementaldecoder("utf-8" if is_utf8 else encoding)()
    offset, line = 0, 1
    with _opener(path)(path, "rb") as file:
        while True:
            chunk = _read(file, path)
            if offset == 0 and is_utf8 and chunk.startswith(_UTF16_MARKS):
                raise InputError(
                    f"{path}, line 1: expected UTF-8 text, received UTF-16; say `encoding=utf-16`, "
                    "or save the file as UTF-8"
                )
            if is_utf8:
                _refuse_nul(chunk, path, line)
            pending = len(decoder.getstate()[0])
            try:
                # Plain ASCII, the usual case, needs no decoding.
                plain = is_utf8 and not pending and chunk.isascii()
                text = chunk if plain else decoder.decode(chunk, final=not chunk).encode(errors="replace")
            except UnicodeDecodeError as error:
                raise _wrong_bytes(path, encoding, error, offset - pending, line) from None
            if offset == 0:
                text = text.removeprefix(codecs.BOM_UTF8)
            if not is_utf8:
                _refuse_nul(text, path, line)
            if text:
                yield text
            if not chunk:
                return
            offset += len(chunk)
            line += count_lines(text)


def _refuse_nul(text: bytes, path: Path, line: int) -> None:
    nul = text.find(b"\0")
    if nul >= 0:
        raise InputError(
            f"{path}, line {line + count_lines(text[:nul])}: expected text, received a NUL byte, as in a binary file; "
            "mend `path`, or, if it is UTF-16, say `encoding=utf-16-le`"
        )


def _wrong_bytes(path: Path, encoding: str, error: UnicodeDecodeError, start: int, line: int) -> InputError:
    line += error.object.count(b"\n", 0, error.start)
    other = "latin-1" if encoding.lower().startswith("utf") else "utf-8"
    return InputError(
        f"{path}, line {line}: expected {encoding} text, received the byte 0x{error.object[error.start]:02x} "
        f"at byte offset {start + error.start}; say `encoding={other}` if it is that, or save the file as UTF-8"
    )


def _opener(path: Path) -> Callable[[Path, str], Any]:
    with open(path, "rb") as file:
        start = file.read(4)
    for magic, what in _NOT_TEXT.items():
        if start.startswith(magic):
            raise InputError(f"{path}: expected a text file, received {what}")
    return gzip.open if start.startswith(b"\x1f\x8b") else open


def _read(file: BinaryIO, path: Path) -> bytes:
    try:
        return file.read(_PIECE)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(
            f"{path}: expected a whole gzip file, received a damaged one ({error}); copy it again"
        ) from None
    except OSError as error:
        raise InputError(f"{path}: expected a file that can be read, received: {error}") from None
