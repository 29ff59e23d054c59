"""The run store on disk: every finished piece of work is kept, atomically, under a key of what made it."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import pickle
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cloudpickle

from tailrec.errors import StoreError


class RunStore:
    """A folder of finished pieces, each in a file of its own.

    A piece is written beside its place and moved there, so that a file is either whole or not there; its
    first line is a checksum of the rest. Any number of runs may share a folder.

    Attributes
    ----------
    damaged
        The names of the pieces that were found damaged; each is taken away, to be made anew.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.pieces = self.folder / "pieces"
        self.damaged: list[str] = []
        with _clearly(self.folder):
            self.pieces.mkdir(parents=True, exist_ok=True)
            self._sweep()

    def path(self, kind: str, key: str) -> Path:
        """Return the file of a piece."""
        return self.pieces / f"{kind}-{key}"

    def has(self, kind: str, key: str) -> bool:
        """Tell whether a piece is there and whole."""
        return self.get(kind, key) is not None

    def get(self, kind: str, key: str) -> Any:
        """Return a piece, or None where it is not there or is damaged."""
        content = self._read(kind, key)
        if content is None:
            return None
        try:
            return pickle.loads(content)
        except Exception:  # a pickle may raise anything, such as where a package it names was changed
            self._discard(self.path(kind, key))
            return None

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep a piece.

        Raises
        ------
        StoreError
            Where the folder cannot be written or the disk is full.
        """
        content = cloudpickle.dumps(value)
        self.write(self.path(kind, key), _checksum(f"{kind}-{key}", content) + b"\n" + content)

    def write(self, path: Path, content: bytes) -> None:
        """Write a file so that it is either whole or as it was."""
        with _clearly(self.folder), self._locked(".writing", fcntl.LOCK_SH):
            temporary = path.with_name(f".writing-{uuid.uuid4().hex}")
            try:
                with open(temporary, "xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, path)
            except BaseException:
                with contextlib.suppress(OSError):
                    temporary.unlink()
                raise

    @contextlib.contextmanager
    def publishing(self) -> Iterator[None]:
        """Hold the folder's outputs for one run, so that those of two runs are not mixed."""
        with _clearly(self.folder), self._locked(".publishing", fcntl.LOCK_EX):
            yield

    def _sweep(self) -> None:
        """Remove what killed runs were writing, unless a run is writing now."""
        with contextlib.suppress(BlockingIOError), self._locked(".writing", fcntl.LOCK_EX | fcntl.LOCK_NB):
            for folder in (self.folder, self.pieces):
                for stale in folder.glob(".writing-*"):
                    stale.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _locked(self, name: str, how: int) -> Iterator[None]:
        with open(self.pieces / name, "wb") as lock:
            fcntl.flock(lock, how)
            yield

    def _read(self, kind: str, key: str) -> bytes | None:
        path = self.path(kind, key)
        with _clearly(self.folder):
            try:
                checksum, _, content = path.read_bytes().partition(b"\n")
            except FileNotFoundError:
                return None
            if _checksum(path.name, content) != checksum:
                self._discard(path)
                return None
        return content

    def _discard(self, path: Path) -> None:
        with _clearly(self.folder):
            path.unlink(missing_ok=True)
        self.damaged.append(path.name)


def _checksum(name: str, content: bytes) -> bytes:
    # With the name in it, a piece that was put in another's place is seen as well.
    return hashlib.sha256(name.encode() + b"\n" + content).hexdigest().encode()


@contextlib.contextmanager
def _clearly(folder: Path) -> Iterator[None]:
    """Turn what the file system refuses into one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StoreError(
                f"the disk of {folder} is full ({error.strerror}); make room and run again with --resume, "
                "the finished pieces are kept"
            ) from None
        raise StoreError(
            f"the output folder {folder} cannot be used: {error.strerror or error} ({error.filename or folder}); "
            "choose another with --out, or mend its permissions"
        ) from None
