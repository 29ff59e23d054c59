"""The key of a piece of work: a digest of everything that made it, the same in any process."""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import sys
import types
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

#: Part of every key: raise it when the meaning of a stored piece changes.
_FORMAT = "1"
_PLAIN = (bool, int, float, complex, str, bytes)


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
    from tailrec.holdout import Holdout
    from tailrec.interactions import Interactions
    from tailrec.parameters import Parameters

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
        _feed(state, [part.frame, part.users, part.items, part.item_features, part.user_features, part.ordered])
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
    elif isinstance(part, (type, types.FunctionType)):
        state.update(source_of(part).encode())
    else:
        state.update(repr(part).encode())


def source_of(thing: Any) -> str:
    """Return what stands for the code of a class or function: its package's version and file, or its own text."""
    file = getattr(sys.modules.get(thing.__module__), "__file__", None)
    if not file or thing.__module__ == "__main__":
        # Never kept: what it calls may be defined anew by another cell.
        return _own_text(thing, set())
    return f"{thing.__module__}.{thing.__qualname__} {_version(thing.__module__.partition('.')[0])} {_content(file)}"


@cache
def _version(package: str) -> str:
    try:
        return metadata.version(package.replace("_", "-"))
    except metadata.PackageNotFoundError:
        return ""


@cache
def _content(file: str) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()


def _own_text(thing: Any, seen: set[int]) -> str:
    """Return the text of a class or function from a cell, and of what it reads there."""
    if id(thing) in seen:
        return ""
    seen.add(id(thing))
    if isinstance(thing, type):
        parts = [thing.__qualname__]
        for name, value in sorted(vars(thing).items()):
            function = getattr(value, "__func__", getattr(value, "fget", value))
            if isinstance(function, types.FunctionType):
                # The constructor is made from the fields, which count as parameters.
                parts.append("" if name == "__init__" else f"{name} {_own_text(function, seen)}")
            elif not name.startswith("_"):
                parts.append(f"{name}={value!r}")
        parts += [_own_text(base, seen) for base in thing.__bases__ if base.__module__ == "__main__"]
        return "\n".join(parts)
    try:
        text = inspect.getsource(thing)
    except (OSError, TypeError):
        text = f"{_compiled(thing.__code__)} {thing.__defaults__} {thing.__kwdefaults__}"
    read = {name: thing.__globals__.get(name) for name in sorted(_names(thing.__code__))} | _closure(thing)
    parts = [f"{name}={value!r}" for name, value in read.items() if isinstance(value, _PLAIN) and name != "__name__"]
    own = [v for v in read.values() if isinstance(v, (type, types.FunctionType)) and v.__module__ == "__main__"]
    return "\n".join([text, *parts, *(_own_text(one, seen) for one in own)])


def _compiled(code: types.CodeType) -> str:
    # The repr of a function inside it would hold an address.
    constants = [_compiled(one) if isinstance(one, types.CodeType) else repr(one) for one in code.co_consts]
    return f"{code.co_code.hex()} {constants} {code.co_names}"


def _names(code: types.CodeType) -> set[str]:
    inner = [one for one in code.co_consts if isinstance(one, types.CodeType)]
    return set(code.co_names).union(*(_names(one) for one in inner))


def _closure(function: types.FunctionType) -> dict[str, Any]:
    found = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        with contextlib.suppress(ValueError):  # an empty cell
            found[name] = cell.cell_contents
    return found
