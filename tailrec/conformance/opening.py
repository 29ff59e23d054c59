"""Which plugins a command line means: a name, module:Class, a file of Python, or the folder of a package."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tailrec import names, registry
from tailrec.conformance.finding import Broken, Found, find, named
from tailrec.contracts import BASES
from tailrec.discovery import GROUPS, Kind
from tailrec.errors import InputError, nearest

#: module:Class, and its parameters where some are given.
_CLASS = re.compile(r"([A-Za-z_][\w.]*):([A-Za-z_]\w*)(:.*)?", re.DOTALL)
_CLASS_OF_A_FILE = re.compile(r"(.+\.py):([A-Za-z_]\w*(?::.*)?)", re.DOTALL)
_FORMS = "a class is given as `module:Class`, a file as `file.py`, a package as its folder"


@dataclass(frozen=True)
class Unmade:
    """A plugin of a file or a folder that cannot be made without a value for a parameter."""

    label: str
    reason: str
    example: str


def find_all(text: str) -> list[Found | Broken | Unmade]:
    """Return the plugins that a command line names: NAME[:k=v,...], module:Class[:k=v,...], a file or a folder."""
    path = Path(text)
    if path.is_dir() and _is_meant(path, text):
        return _of_folder(path)
    if text.endswith(".py"):
        return _of_file(path)
    of_a_file = _CLASS_OF_A_FILE.fullmatch(text)
    if of_a_file:
        raise InputError(f"give a class of a file as `{_module_of(Path(of_a_file[1]))}:{of_a_file[2]}`")
    of_a_module = _CLASS.fullmatch(text)
    if of_a_module:
        module, name, given = of_a_module.groups()
        return [_of_class(module, name, values=names.parse(f"{name}{given}")[1] if given else {})]
    if {"/", "\\"} & set(text.partition(":")[0]):
        raise InputError(f"expected a folder or a file of Python, there is none at {text!r}")
    return [*named(text, otherwise=_FORMS)]


def _is_meant(folder: Path, text: str) -> bool:
    """Return whether a folder is meant, and not the plugin that has the same name."""
    if text in (".", "..") or {"/", "\\"} & set(text) or (folder / "pyproject.toml").is_file():
        return True
    return all(found.name != text for found in registry.everything())


def _module_of(path: Path) -> str:
    """Return how a file is imported from the folder that the command is given in."""
    whole, here = path.resolve(), Path.cwd()
    return ".".join(whole.relative_to(here).with_suffix("").parts) if whole.is_relative_to(here) else path.stem


def _found(cls: Any, label: str, module: str) -> Found | Broken | Unmade:
    try:
        return find(cls)
    except InputError as error:
        lacking = [name for name, field in cls.__pydantic_fields__.items() if field.is_required()]
        values = ",".join(f"{name}=..." for name in lacking) or "key=value"
        return Unmade(label, str(error), f"tailrec check {module}:{cls.__qualname__}:{values}")


def _of_class(
    module: str, name: str, kind: Kind | None = None, label: str = "", values: dict[str, Any] | None = None
) -> Found | Broken | Unmade:
    where = f"{module}:{name}"
    try:
        cls = getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        if kind is None and error.name is not None and module.startswith(error.name):
            raise InputError(f"no module is named `{error.name}`; run this in the folder it lies in") from error
        return Broken(kind or "model", label or where, f"no module named {error.name}", error)
    except AttributeError as error:
        if kind is None:
            raise InputError(f"the module `{module}` has no class `{name}`") from error
        return Broken(kind, label or where, f"the module `{module}` has no class `{name}`", error)
    except (Exception, SystemExit) as error:
        reason = f"`{module}` could not be imported: {type(error).__name__}: {error}"
        return Broken(kind or "model", label or where, reason, error)
    if kind is not None and not (isinstance(cls, type) and issubclass(cls, BASES[kind])):
        return Broken(kind, label, f"{where} is no class that derives from tailrec.{BASES[kind].__name__}")
    if not label:
        return find(cls, values)
    cls.name = label
    return _found(cls, label, module)


def _of_file(path: Path) -> list[Found | Broken | Unmade]:
    if not path.is_file():
        raise InputError(f"expected a file of Python, there is none at {str(path)!r}")
    name = f"plugins_of_{path.stem.replace('-', '_')}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # so that what it defines can be pickled
    sys.path.insert(0, str(path.parent.resolve()))
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        reason = f"{path} could not be imported: {type(error).__name__}: {error}"
        return [Broken("model", str(path), reason, error)]
    finally:
        sys.path.remove(str(path.parent.resolve()))
    own = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == name]
    plugins = [one for one in dict.fromkeys(own) if issubclass(one, tuple(BASES.values()))]
    # A class that others of the file derive from may be unfinished on purpose.
    finished = [
        one for one in plugins if not (inspect.isabstract(one) and any(one in other.__mro__[1:] for other in plugins))
    ]
    if not finished:
        raise InputError(f"expected a class that derives from a tailrec plugin in {str(path)!r}, found none")
    return [_found(one, one.__name__, _module_of(path)) for one in finished]


def _of_folder(folder: Path) -> list[Found | Broken | Unmade]:
    project = folder / "pyproject.toml"
    if not project.is_file():
        raise InputError(f"expected the folder of a package, there is no pyproject.toml in {str(folder)!r}")
    declared = _declared(project)
    for group in declared:
        if group.startswith("tailrec.") and group not in GROUPS:
            raise InputError(f"{project}: no group of entry points is named `{group}`; {nearest(group, GROUPS)}")
    points = [
        (GROUPS[group], *point) for group, all_of in declared.items() if group in GROUPS for point in all_of.items()
    ]
    if not points:
        raise InputError(f"{project}: expected entry points in one of {', '.join(GROUPS)}, found none")
    for place in (folder / "src", folder):
        if place.is_dir() and str(place.resolve()) not in sys.path:
            sys.path.insert(0, str(place.resolve()))
    return [_of_class(*_split(where), kind=kind, label=name) for kind, name, where in points]


def _declared(project: Path) -> dict[str, dict[str, str]]:
    """Return the groups of entry points that a project declares."""
    try:
        document = tomllib.loads(project.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{project} cannot be read: {error}") from error
    table = document.get("project", {})
    groups = table.get("entry-points", {}) if isinstance(table, dict) else table
    points = list(groups.values()) if isinstance(groups, dict) else [groups]
    if not all(isinstance(one, dict) and all(isinstance(where, str) for where in one.values()) for one in points):
        form = 'tables of `name = "module:Class"` in `project.entry-points`'
        raise InputError(f"{project}: expected {form}, received {groups!r}")
    return groups  # type: ignore[no-any-return]


def _split(where: str) -> tuple[str, str]:
    module, _, name = where.partition(":")
    return module.strip(), name.strip()
