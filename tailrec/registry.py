"""Finding plugins by name: entry points of installed packages, and `register` in a notebook cell."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from tailrec import interfaces, names
from tailrec.errors import InputError, PluginError, nearest

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["data", "model", "metric"]
C = TypeVar("C", bound=type)

_GROUPS: dict[str, Kind] = {"tailrec.data": "data", "tailrec.models": "model", "tailrec.metrics": "metric"}
_BASES: dict[Kind, type] = {
    "data": interfaces.DataPlugin,
    "model": interfaces.ModelPlugin,
    "metric": interfaces.MetricPlugin,
}
#: Classes registered in this process, by kind and name.
_registered: dict[tuple[Kind, str], type] = {}
#: Why an entry point could not be loaded, once that has been tried.
_failures: dict[tuple[Kind, str], str] = {}


@dataclass(frozen=True)
class Found:
    """A plugin as its package declares it, before anything of it is imported."""

    kind: Kind
    name: str
    version: str
    source: str
    status: str
    entry_point: metadata.EntryPoint | None = None


class register:
    """Give a class of your own a name: ``@tailrec.register.metric("tail-share")``.

    Running the cell again replaces the earlier class of that name.
    """

    @staticmethod
    def data(name: str) -> Callable[[C], C]:
        """Register a data set."""
        return _decorator("data", name)

    @staticmethod
    def model(name: str) -> Callable[[C], C]:
        """Register a model."""
        return _decorator("model", name)

    @staticmethod
    def metric(name: str) -> Callable[[C], C]:
        """Register a metric."""
        return _decorator("metric", name)


def _decorator(kind: Kind, name: Any) -> Callable[[C], C]:
    if not isinstance(name, str):
        raise InputError(f'expected a name, as in `@tailrec.register.{kind}("my-{kind}")`, received {name!r}')
    return functools.partial(_register, kind, name)


def _register(kind: Kind, name: str, cls: C) -> C:
    read, values = names.parse(name)
    if values or read != name:
        raise InputError(f"expected a plain name such as `tail-share`, received {name!r}")
    _check_class(kind, name, cls)
    taken = [found for found in installed() if (found.kind, found.name) == (kind, name)]
    if taken:
        raise PluginError(f"the {kind} `{name}` belongs to the package {taken[0].source}; choose another name")
    cls.name = name  # type: ignore[attr-defined]
    _registered[kind, name] = cls
    return cls


def _check_class(kind: Kind, name: str, cls: Any) -> None:
    base = _BASES[kind]
    if not (isinstance(cls, type) and issubclass(cls, base)):
        raise PluginError(
            f"the {kind} `{name}`: expected a class that derives from tailrec.{base.__name__}, received {cls!r}"
        )
    missing = sorted(getattr(cls, "__abstractmethods__", ()))
    if missing:
        raise PluginError(f"the {kind} `{name}`: {cls.__name__} lacks {', '.join(f'`{method}`' for method in missing)}")
    if cls.api_version > interfaces.API_VERSION:  # type: ignore[attr-defined]
        raise PluginError(
            f"the {kind} `{name}` was written for version {cls.api_version} of the contract, "  # type: ignore[attr-defined]
            f"and this tailrec knows {interfaces.API_VERSION}; update tailrec"
        )


@functools.cache
def installed() -> tuple[Found, ...]:
    """Return what the installed packages declare, without importing any of them."""
    found: dict[tuple[Kind, str], list[Found]] = {}
    for group, kind in _GROUPS.items():
        for point in metadata.entry_points(group=group):
            package = point.dist.name if point.dist else "unknown"
            version = point.dist.version if point.dist else ""
            found.setdefault((kind, point.name), []).append(
                Found(kind, point.name, version, package, _status(point), point)
            )
    merged = []
    for same in found.values():
        packages = sorted({one.source for one in same})
        if len(packages) > 1:
            one = same[0]
            status = f"broken: claimed by {' and by '.join(packages)}; uninstall one of them"
            merged.append(Found(one.kind, one.name, one.version, " and ".join(packages), status, None))
        else:
            merged.append(same[0])
    return tuple(sorted(merged, key=lambda one: (one.kind, one.name)))


def _status(point: metadata.EntryPoint) -> str:
    top = point.module.partition(".")[0]
    try:
        there = find_spec(top) is not None
    except (ImportError, ValueError):
        there = False
    return "ok" if there else f"broken: no module named {top}"


def listing() -> list[Found]:
    """Return every plugin that is installed or registered, with what is known of its state."""
    rows = [
        Found(one.kind, one.name, one.version, one.source, _failures.get((one.kind, one.name), one.status))
        for one in installed()
    ]
    rows += [
        Found(kind, name, "", f"registered here ({cls.__module__})", "ok") for (kind, name), cls in _registered.items()
    ]
    return sorted(rows, key=lambda one: (one.kind, one.name))


def plugins() -> pd.DataFrame:
    """Return a table of the plugins: kind, name, version, where from, status. Nothing is imported for it.

    Examples
    --------
    >>> table = plugins()
    >>> table.columns.tolist()
    ['kind', 'name', 'version', 'source', 'status']
    """
    import pandas as pd

    columns = ["kind", "name", "version", "source", "status"]
    return pd.DataFrame([[getattr(one, column) for column in columns] for one in listing()], columns=columns)


def find(kind: Kind, name: str) -> type:
    """Return the class of a plugin; its package is imported now.

    Raises
    ------
    PluginError
        Where no plugin has the name (the nearest are offered), two packages claim it, or it cannot be loaded.
    """
    if (kind, name) in _registered:
        return _registered[kind, name]
    found = next((one for one in installed() if (one.kind, one.name) == (kind, name)), None)
    if found is None:
        known = [one.name for one in listing() if one.kind == kind]
        raise PluginError(f"no {kind} is named `{name}`; {nearest(name, known)}")
    if found.entry_point is None:
        raise PluginError(f"the {kind} `{name}` cannot be used, {found.status}")
    try:
        cls = found.entry_point.load()
        _check_class(kind, name, cls)
    except PluginError as error:
        _failures[kind, name] = f"broken: {error}"
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        _failures[kind, name] = f"broken: {reason}"
        raise PluginError(
            f"the {kind} `{name}` of the package {found.source} {found.version} could not be loaded: {reason}"
        ) from error
    _failures.pop((kind, name), None)
    cls.name = name
    return cls  # type: ignore[no-any-return]


def make(kind: Kind, thing: Any, **values: Any) -> Any:
    """Return a plugin from its name (`ndcg`), its spelling (`ndcg:k=20`), its class, or itself.

    Parameters given by keyword are taken strictly, those in a spelling leniently.
    """
    if isinstance(thing, str):
        name, texts = names.parse(thing)
        cls: Any = find(kind, name)
        return cls(**(cls.values_from_text(texts) | values))
    if isinstance(thing, type) and issubclass(thing, _BASES[kind]):
        return thing(**values)
    if isinstance(thing, _BASES[kind]):
        if values:
            raise InputError(f"expected parameters beside a name, received them beside the object {thing!r}")
        return thing
    raise InputError(
        f"expected the name of a {kind}, such as `{_EXAMPLES[kind]}`, or an object of one, received {thing!r}"
    )


_EXAMPLES: dict[Kind, str] = {"data": "movielens-small", "model": "ease", "metric": "ndcg:k=10"}


def load(name: Any, **values: Any) -> Any:
    """Return the `Interactions` of a data set.

    Examples
    --------
    >>> load("synthetic", n_users=20, n_items=30, seed=0).n_users
    20
    """
    return make("data", name, **values).load()


def model(name: Any, **values: Any) -> Any:
    """Return a model that is not fitted yet: ``tailrec.model("ease", l2=300.0)``."""
    return make("model", name, **values)


def metric(name: Any, **values: Any) -> Any:
    """Return a metric: ``tailrec.metric("recall", k=20)``."""
    return make("metric", name, **values)
