"""Names to classes: plugins of installed packages, imported when they are used, and `register` in a notebook cell."""

from __future__ import annotations

import contextlib
import functools
import importlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from tailrec import names
from tailrec.contracts import BASES, require_fulfilled, version_of
from tailrec.discovery import Found, Kind, install_command, missing_requirements, not_installed
from tailrec.discovery import disabled as disabled
from tailrec.discovery import installed as installed
from tailrec.errors import InputError, PluginError, TailrecError, nearest
from tailrec.interfaces import API_VERSION
from tailrec.parameters import label

if TYPE_CHECKING:
    import pandas as pd

C = TypeVar("C", bound=type)

#: An import that takes longer is listed with the time it took.
SLOW_SECONDS = 5.0
#: Classes registered in this process, by kind and name.
_registered: dict[tuple[str, str], type] = {}
#: What became of an entry point, once it has been tried.
_tried: dict[tuple[str, str], str] = {}


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
    if fault := names.fault(name, f"my-{kind}"):
        raise InputError(fault)
    require_fulfilled(kind, name, cls)
    taken = [found for found in installed() if (found.kind, found.name) == (kind, name)]
    if taken:
        raise PluginError(f"the {kind} `{name}` belongs to the package {taken[0].source}; choose another name")
    cls.name = name  # type: ignore[attr-defined]
    _registered[kind, name] = cls
    return cls


def listing() -> list[Found]:
    """Return every plugin that can be asked for, installed or registered, with what is known of its state."""
    rows = [replace(one, status=_tried.get((one.kind, one.name), one.status)) for one in installed()]
    rows += [
        Found(kind, name, "", f"registered here ({cls.__module__})", "ok") for (kind, name), cls in _registered.items()
    ]
    return sorted(rows, key=lambda one: (one.kind, one.name))


def everything() -> list[Found]:
    """Return the listing, the plugins that are switched off, and the known ones that are not installed."""
    listed = listing()
    there = {(one.kind, one.name) for one in listed}
    absent = [one for one in not_installed() if (one.kind, one.name) not in there]
    return sorted([*listed, *disabled(), *absent], key=lambda one: (one.kind, one.name))


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
    return pd.DataFrame([[getattr(one, column) for column in columns] for one in everything()], columns=columns)


def find(kind: Kind, name: str) -> type:
    """Return the class of a plugin; its package is imported now.

    Raises
    ------
    PluginError
        Where no plugin has the name (the nearest are offered, or how to install it), two packages claim it, it is
        switched off, or it cannot be loaded.
    """
    if (kind, name) in _registered:
        return _registered[kind, name]
    found = next((one for one in installed() if (one.kind, one.name) == (kind, name)), None)
    if found is None:
        raise PluginError(_why_absent(kind, name))
    if found.entry_point is None:
        raise PluginError(f"the {kind} `{name}` of {found.source} cannot be used, {found.status}")
    start = time.perf_counter()
    try:
        cls: Any = _loaded(found)
        require_fulfilled(kind, name, cls, from_package=True)
    except PluginError as error:
        _tried[kind, name] = f"broken: {error}"
        raise
    seconds, version = time.perf_counter() - start, version_of(cls, from_package=True)
    said = "ok" if version == API_VERSION else f"ok, for version {version} of the contract; the newest is {API_VERSION}"
    if seconds > SLOW_SECONDS:
        said += f", slow: its import took {seconds:.0f} s"
    if not _tried.get((kind, name), "").startswith("ok"):  # the second time it is there already, and quick
        _tried[kind, name] = said
    cls.name = name
    return cls  # type: ignore[no-any-return]


def _loaded(found: Found) -> Any:
    # A package may have been installed after Python looked into the folder.
    importlib.invalidate_caches()
    try:
        return found.entry_point.load()  # type: ignore[union-attr]
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # also a module that calls `sys.exit`
        reason = _needs(found, error) if isinstance(error, ModuleNotFoundError) else ""
        reason = reason or " ".join(f"{type(error).__name__}: {error}".split())
        raise PluginError(
            f"the {found.kind} `{found.name}` of the package {found.source} {found.version} could not be loaded: "
            f"{reason}"
        ) from error


def _needs(found: Found, error: ModuleNotFoundError) -> str:
    """Return which module a plugin lacks, and how to get it; nothing where the module is its own."""
    module = (error.name or "").partition(".")[0]
    own = found.entry_point.module.partition(".")[0]  # type: ignore[union-attr]
    if not module or module == own:
        return ""
    lacks = missing_requirements(found.source)
    mend = install_command(lacks or [module])
    undeclared = "" if lacks else f"; {found.source} should declare it"
    return f"it needs the module {module}, which is not installed: {mend}{undeclared}"


def _why_absent(kind: Kind, name: str) -> str:
    off = [one for one in disabled() if (one.kind, one.name) == (kind, name)]
    if off:
        return f"the {kind} `{name}` of {off[0].source} is switched off by TAILREC_DISABLE_PLUGINS or --no-plugin"
    known = [one for one in not_installed() if (one.kind, one.name) == (kind, name)]
    if known:
        how = known[0].status.partition(": ")[2]
        return f"no {kind} is named `{name}`; it comes with {known[0].source}: {how}"
    return f"no {kind} is named `{name}`; {nearest(name, [one.name for one in listing() if one.kind == kind])}"


@contextlib.contextmanager
def making(kind: Kind, name: str) -> Iterator[None]:
    """Say which plugin it was whose making raised something of its own."""
    try:
        yield
    except TailrecError:
        raise
    except (Exception, SystemExit) as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())
        raise PluginError(f"the {kind} `{name}` could not be made: {said}") from error


def make(kind: Kind, thing: Any, **values: Any) -> Any:
    """Return a plugin from its name (`ndcg`), its spelling (`ndcg:k=20`), its class, or itself.

    Parameters given by keyword are taken strictly, those in a spelling leniently.
    """
    if isinstance(thing, str):
        name, texts = names.parse(thing)
        cls: Any = find(kind, name)
        with making(kind, name):
            return cls(**(cls.values_from_text(texts) | values))
    if isinstance(thing, type) and issubclass(thing, BASES[kind]):
        with making(kind, label(thing)):
            return thing(**values)
    if isinstance(thing, BASES[kind]):
        if values:
            raise InputError(f"expected parameters beside a name, received them beside the object {thing!r}")
        return thing
    raise InputError(
        f"expected the name of a {kind}, such as `{_EXAMPLES[kind]}`, or an object of one, received {thing!r}"
    )


_EXAMPLES: dict[str, str] = {"data": "movielens-small", "model": "ease", "metric": "ndcg:k=10"}


def load(name: Any, **values: Any) -> Any:
    """Return the `Interactions` of a data set.

    Examples
    --------
    >>> load("synthetic", n_users=20, n_items=30, seed=0).n_users
    20
    """
    from tailrec.interactions import Interactions

    plugin = make("data", name, **values)
    loaded = plugin.load()
    if not isinstance(loaded, Interactions):
        said = f"expected `load` to return Interactions, received {type(loaded).__name__}"
        raise InputError(f"data set `{label(type(plugin))}`: {said}")
    return loaded


def model(name: Any, **values: Any) -> Any:
    """Return a model that is not fitted yet: ``tailrec.model("ease", l2=300.0)``."""
    return make("model", name, **values)


def metric(name: Any, **values: Any) -> Any:
    """Return a metric: ``tailrec.metric("recall", k=20)``."""
    return make("metric", name, **values)
