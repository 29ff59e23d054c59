"""The key of a piece of work: a digest of everything that made it, the same in any process."""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import sys
import sysconfig
import types
from functools import cache, partial
from importlib import metadata
from pathlib import Path
from typing import Any

import cloudpickle
import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

#: Part of every key: raise it when the meaning of a stored piece changes.
_FORMAT = "1"
_STANDARD_LIBRARY = sysconfig.get_path("stdlib")
_PLAIN = (bool, int, float, complex, str, bytes)


def digest(*parts: Any) -> str:
    """Return a key for what made a piece: the same for the same content, in any process.

    Arrays, sparse matrices, frames, interactions and holdouts count by their content, plugins by their parameters
    and the code of their package, those from a cell by their text and what it reads. The core's code counts always.
    """
    state = hashlib.blake2b(f"{_FORMAT} {_version('tailrec')} {_code_of('tailrec', __file__)}".encode(), digest_size=16)
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
        _feed(state, [source_of(type(part)), part.parameters(), _members(part)])
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


def _members(plugin: Any) -> list[Any]:
    """Return the plugins that a plugin was made of, such as those that it looked up by name."""
    given = plugin.parameters()
    held = [value for name, value in sorted(vars(plugin).items()) if name not in given and not name.endswith("_")]
    flat = [one for value in held for one in (value if isinstance(value, (list, tuple)) else [value])]
    return [one for one in flat if hasattr(one, "parameter_names")]


def source_of(thing: Any) -> str:
    """Return what stands for the code of a class or function: its package's version and files, or its own text."""
    module = sys.modules.get(thing.__module__)
    file = getattr(module, "__file__", None)
    if not file or thing.__module__ == "__main__":
        # Never kept: what it calls may be defined anew by another cell.
        return _own_text(thing, set())
    package = thing.__module__.partition(".")[0]
    return f"{thing.__module__}.{thing.__qualname__} {_version(package)} {_code_of(package, file)}"


@cache
def _version(package: str) -> str:
    try:
        return metadata.version(package.replace("_", "-"))
    except metadata.PackageNotFoundError:
        return ""


def _code_of(package: str, file: str) -> str:
    """Return a digest of every file of code of a package, or of the one file of a module that stands alone.

    Of what was installed for good the version is enough, and its files are not read.
    """
    if "site-packages" in file or file.startswith(_STANDARD_LIBRARY):
        return ""
    folders = list(getattr(sys.modules.get(package), "__path__", ()))
    files = sorted(path for folder in folders for path in Path(folder).rglob("*.py")) if folders else [Path(file)]
    return _content(tuple((str(path), path.stat().st_mtime_ns) for path in files))


@cache
def _content(files: tuple[tuple[str, int], ...]) -> str:
    state = hashlib.sha256()
    for path, _ in files:
        state.update(Path(path).name.encode() + Path(path).read_bytes())
    return state.hexdigest()


def _own_text(thing: Any, seen: set[int]) -> str:
    """Return the text of a class or function from a cell, and of what it reads there."""
    if id(thing) in seen:
        return ""
    seen.add(id(thing))
    if isinstance(thing, type):
        # The constructor is made from the fields, which count as parameters.
        values = {
            k: v
            for k, v in sorted(vars(thing).items())
            if not (k.startswith("__") and k.endswith("__")) or k == "__call__"
        }
        own = [f"{name} {_text_of(value, seen)}" for name, value in values.items()]
        return "\n".join([thing.__qualname__, *own, *(_text_of(base, seen) for base in thing.__bases__)])
    try:
        text = inspect.getsource(thing)
    except (OSError, TypeError):
        text = f"{_compiled(thing.__code__)} {thing.__defaults__} {thing.__kwdefaults__}"
    read = {name: thing.__globals__.get(name) for name in sorted(_names(thing.__code__))} | _closure(thing)
    return "\n".join([text, *(f"{name} {_text_of(value, seen)}" for name, value in read.items())])


def _text_of(value: Any, seen: set[int]) -> str:
    """Return what stands for something that a cell's code reads; nothing where it cannot be told."""
    if isinstance(value, (set, frozenset)):
        return str(sorted(_text_of(one, seen) for one in value))
    if isinstance(value, (list, tuple)):
        return str([_text_of(one, seen) for one in value])
    if isinstance(value, dict):
        return str([(str(key), _text_of(one, seen)) for key, one in value.items()])
    if value is None or isinstance(value, _PLAIN):
        return repr(value)
    if isinstance(value, (np.ndarray, np.generic, pd.DataFrame, pd.Series, pd.Index, csr_matrix)):
        return digest(value.to_frame() if isinstance(value, pd.Series) else value)
    if isinstance(value, types.ModuleType):
        file = getattr(value, "__file__", None)
        return _code_of(value.__name__.partition(".")[0], file) if file else ""
    if isinstance(value, partial):
        return _text_of([value.func, value.args, value.keywords], seen)
    for wrapped in ("__func__", "fget", "func", "__wrapped__"):
        if not isinstance(value, type) and hasattr(value, wrapped):
            return _text_of(getattr(value, wrapped), seen)
    if isinstance(value, (type, types.FunctionType)):
        if value.__module__ == "__main__":
            return _own_text(value, seen)
        return "" if value.__module__ == "builtins" else source_of(value)
    # Anything else counts by what it holds; what cannot be told has another key every time, and is made anew.
    try:
        return hashlib.sha256(cloudpickle.dumps(value)).hexdigest()
    except Exception:
        return "" if type(value).__module__.startswith("_abc") else repr(value)


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
