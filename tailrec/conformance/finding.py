"""Which plugin is meant: an object, a class, a name or a spelling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tailrec import discovery, names, registry
from tailrec.conformance.checks import KINDS
from tailrec.conformance.subject import kind_of
from tailrec.contracts import BASES
from tailrec.discovery import Kind
from tailrec.errors import InputError, PluginError, TailrecError, nearest


@dataclass(frozen=True)
class Found:
    """A plugin that was made."""

    kind: Kind
    label: str
    plugin: Any

    @property
    def cls(self) -> type:
        """Its class."""
        return type(self.plugin)


@dataclass(frozen=True)
class Broken:
    """A plugin that could not be imported or made, and why."""

    kind: Kind
    label: str
    reason: str
    cause: BaseException | None = None
    plugin: Any = None
    cls: type | None = None


def find(plugin: Any, values: dict[str, Any] | None = None) -> Found | Broken:
    """Return the plugin that is meant, a class made with values that came as text; what cannot be made is `Broken`.

    Raises
    ------
    InputError, PluginError
        Where nothing of that name is there, or the thing is no plugin.
    """
    if isinstance(plugin, (Found, Broken)):
        return plugin
    if isinstance(plugin, str):
        found = named(plugin)
        if len(found) > 1:
            kinds = " and of a ".join(one.kind for one in found)
            raise InputError(f"`{plugin}` is the name of a {kinds}; give the class or an object instead")
        return found[0]
    cls = plugin if isinstance(plugin, type) else type(plugin)
    if not issubclass(cls, tuple(BASES.values())):
        raise InputError(
            "expected a plugin, a class that derives from tailrec.DataPlugin, ModelPlugin or MetricPlugin, or a name "
            f"such as `ease`, received {plugin!r}"
        )
    kind = kind_of(cls)
    if not isinstance(plugin, type):
        return Found(kind, names.spelling(plugin), plugin)
    return made(kind, cls, values)


def named(text: str, otherwise: str = "") -> list[Found | Broken]:
    """Return the plugins of a name or spelling: one, or several where it is the name of more than one kind.

    Where there is none, `otherwise` says what else could have been given.
    """
    name, values = names.parse(text)
    kinds = [kind for kind in KINDS if name in _known(kind)]
    if not kinds:
        for kind in KINDS:
            if any((one.kind, one.name) == (kind, name) for one in (*discovery.not_installed(), *discovery.disabled())):
                registry.find(kind, name)  # raises how to get it
        known = sorted({one for kind in KINDS for one in _known(kind)})
        said = f"no data set, model or metric is named `{name}`; {nearest(name, known)}"
        raise PluginError(f"{said}; {otherwise}" if otherwise else said)
    return [_found(kind, name, values) for kind in kinds]


def _found(kind: Kind, name: str, values: dict[str, Any]) -> Found | Broken:
    try:
        cls = registry.find(kind, name)
    except PluginError as error:
        return Broken(kind, name, str(error), error.__cause__ or error)
    return made(kind, cls, values)


def made(kind: Kind, cls: Any, values: dict[str, Any] | None = None) -> Found | Broken:
    """Return a class as a plugin, made with values that came as text."""
    label = getattr(cls, "name", "") or cls.__name__
    missing = sorted(getattr(cls, "__abstractmethods__", ()))
    if missing:
        return Broken(kind, label, f"{cls.__name__} lacks {', '.join(f'`{name}`' for name in missing)}", cls=cls)
    try:
        with registry.making(kind, label):
            plugin = cls.from_text(values or {})
    except InputError:
        raise  # what was given does not fit: whoever gave it can mend that
    except TailrecError as error:
        return Broken(kind, label, str(error), error.__cause__ or error, cls=cls)
    return Found(kind, names.spelling(plugin), plugin)


def _known(kind: Kind) -> set[str]:
    return {found.name for found in registry.listing() if found.kind == kind}
