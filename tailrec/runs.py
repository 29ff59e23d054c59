"""The run store on disk: every finished piece of work is kept, atomically, under a key of what made it."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import inspect
import os
import pickle
import sys
import tempfile
import types
import warnings
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cloudpickle
import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from tailrec.errors import StoreError

if TYPE_CHECKING:
    pass

#: Part of every key: raise it when the meaning of a stored piece changes.
_FORMAT = "1"


class RunStore:
    """A folder of finished pieces, each in a file of its own.

    A piece is written beside its place and moved there, so that a file is either whole or not there; its
    first line is a checksum of the rest.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.pieces = self.folder / "pieces"
        with _clearly(self.folder):
            self.pieces.mkdir(parents=True, exist_ok=True)

    def path(self, kind: str, key: str) -> Path:
        """Return the file of a piece."""
        return self.pieces / f"{kind}-{key}"

    def has(self, kind: str, key: str) -> bool:
        """Tell whether a piece is there and whole."""
        return self._read(kind, key) is not None

    def get(self, kind: str, key: str) -> Any:
        """Return a piece, or None where it is not there or is damaged, which is said."""
        content = self._read(kind, key)
        return None if content is None else pickle.loads(content)

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep a piece.

        Raises
        ------
        StoreError
            Where the folder cannot be written or the disk is full.
        """
        content = cloudpickle.dumps(value)
        self.write(self.path(kind, key), hashlib.sha256(content).hexdigest().encode() + b"\n" + content)

    def write(self, path: Path, content: bytes) -> None:
        """Write a file so that it is either whole or as it was."""
        with _clearly(self.folder):
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, path)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)
                raise

    def forget(self, keep_nothing_of: set[tuple[str, str]]) -> None:
        """Remove these pieces, so that they are made anew."""
        with _clearly(self.folder):
            for kind, key in keep_nothing_of:
                self.path(kind, key).unlink(missing_ok=True)

    @contextlib.contextmanager
    def publishing(self) -> Iterator[None]:
        """Hold the folder's outputs for one run, so that those of two runs are not mixed."""
        with _clearly(self.folder):
            lock = open(self.pieces / ".lock", "w")  # noqa: SIM115 - held over the yield
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            lock.close()

    def _read(self, kind: str, key: str) -> bytes | None:
        path = self.path(kind, key)
        with _clearly(self.folder):
            if not path.is_file():
                return None
            checksum, _, content = path.read_bytes().partition(b"\n")
        if hashlib.sha256(content).hexdigest().encode() != checksum:
            warnings.warn(f"the piece {path} is damaged; it is made anew", stacklevel=2)
            path.unlink(missing_ok=True)
            return None
        return content


@contextlib.contextmanager
def _clearly(folder: Path) -> Iterator[None]:
    """Turn what the file system refuses into one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreError(f"the disk of {folder} is full; make room and run again with --resume, the finished pieces are kept") from None
        raise StoreError(
            f"the output folder {folder} cannot be used: {error.strerror or error} ({error.filename or folder}); "
            "choose another with --out, or mend its permissions"
        ) from None


def digest(*parts: Any) -> str:
    """Return a key for what made a piece: the same for the same content, in any process.

    Arrays, sparse matrices, frames, interactions and holdouts count by their content, plugins by their class,
    its version and its parameters.
    """
    state = hashlib.blake2b(_FORMAT.encode(), digest_size=16)
    for part in parts:
        _feed(state, part)
    return state.hexdigest()


def _feed(state: Any, part: Any) -> None:
    from tailrec.interactions import Interactions
    from tailrec.parameters import Parameters
    from tailrec.splitting import Holdout

    state.update(f"<{type(part).__name__}>".encode())
    if isinstance(part, np.ndarray) and part.dtype != object:
        state.update(f"{part.dtype}{part.shape}".encode())
        state.update(np.ascontiguousarray(part).tobytes())
    elif isinstance(part, csr_matrix):
        for array in (np.array(part.shape), part.indptr.astype(np.int64), part.indices.astype(np.int64), part.data):
            _feed(state, array)
    elif isinstance(part, pd.DataFrame):
        for name in part.columns:
            _feed(state, str(name))
            _feed(state, part[name].to_numpy())
    elif isinstance(part, pd.Index):
        _feed(state, part.to_numpy())
    elif isinstance(part, Interactions):
        _feed(state, [part.frame, part.users, part.items, part.item_features, part.user_features])
    elif isinstance(part, Holdout):
        _feed(state, [part.targets, part.masked])
    elif isinstance(part, Parameters):
        _feed(state, [source_of(type(part)), part.parameters()])
    elif isinstance(part, dict):
        for key in sorted(part):
            _feed(state, [key, part[key]])
    elif isinstance(part, (list, tuple, np.ndarray)):
        state.update(str(len(part)).encode())
        for item in part:
            _feed(state, item)
    else:
        state.update(repr(part).encode())


@cache
def source_of(cls: type) -> str:
    """Return what stands for the code of a class: its package's version and its file's text, or its own source."""
    module = sys.modules.get(cls.__module__)
    file = getattr(module, "__file__", None)
    package = cls.__module__.partition(".")[0]
    if file and cls.__module__ != "__main__":
        try:
            version = metadata.version(package.replace("_", "-"))
        except metadata.PackageNotFoundError:
            version = ""
        return f"{cls.__module__}.{cls.__qualname__} {version} {hashlib.sha256(Path(file).read_bytes()).hexdigest()}"
    return _own_text(cls, set())


def _own_text(thing: Any, seen: set[int]) -> str:
    """Return the text of a class or function from a cell, and of what it calls from there."""
    if id(thing) in seen:
        return ""
    seen.add(id(thing))
    if isinstance(thing, type):
        parts = [thing.__qualname__]
        for name, value in sorted(vars(thing).items()):
            function = getattr(value, "__func__", getattr(value, "fget", value))
            if isinstance(function, types.FunctionType):
                # The constructor is made from the fields, which count as parameters.
                parts.append("" if name == "__init__" else _own_text(function, seen))
            elif not name.startswith("_"):
                parts.append(f"{name}={value!r}")
        parts += [_own_text(base, seen) for base in thing.__bases__ if base.__module__ == "__main__"]
        return "\n".join(parts)
    code = thing.__code__
    try:
        text = inspect.getsource(thing)
    except (OSError, TypeError):
        text = f"{code.co_code.hex()} {code.co_consts} {code.co_names}"
    called = [thing.__globals__.get(name) for name in code.co_names]
    own = [one for one in called if isinstance(one, (type, types.FunctionType)) and one.__module__ == "__main__"]
    return "\n".join([text, *(_own_text(one, seen) for one in own)])
