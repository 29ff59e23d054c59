"""What the installed packages declare: the plugins, found without importing any of them."""

from __future__ import annotations

import functools
import importlib
import os
import re
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, NamedTuple

from tailrec import names
from tailrec.errors import InputError, nearest

Kind = Literal["data", "model", "metric"]

GROUPS: dict[str, Kind] = {"tailrec.data": "data", "tailrec.models": "model", "tailrec.metrics": "metric"}
#: Names of plugins or packages that are switched off, with commas between them; `*` or `all` is every one.
SWITCH = "TAILREC_DISABLE_PLUGINS"


@dataclass(frozen=True)
class Found:
    """A plugin as its package declares it, before anything of it is imported.

    Attributes
    ----------
    kind, name, version, source
        What it is, its name, and the version and name of the package that brings it.
    status
        ``ok``, or a word and a reason: ``broken``, ``incomplete``, ``disabled``, ``not installed``.
    entry_point
        Where its class is; None where it cannot be told.
    """

    kind: str
    name: str
    version: str
    source: str
    status: str
    entry_point: metadata.EntryPoint | None = None


def installed() -> tuple[Found, ...]:
    """Return what the installed packages declare and nobody switched off; what two packages claim is broken."""
    found: dict[tuple[str, str], list[Found]] = {}
    for one in declared():
        if not one.status.startswith("disabled"):
            found.setdefault((one.kind, one.name), []).append(one)
    return tuple(_merged(found[key]) for key in sorted(found))


def disabled() -> list[Found]:
    """Return the plugins that are installed and switched off."""
    return [one for one in declared() if one.status.startswith("disabled")]


def not_installed() -> list[Found]:
    """Return the plugins that this core knows of and no installed package declares."""
    there = {(one.kind, one.name) for one in declared()}
    return [
        Found(kind, name, "", package, f"not installed: {_how_to_get(package)}")
        for kind, name, package in _known()
        if (kind, name) not in there
    ]


def declared() -> list[Found]:
    """Return every plugin that an installed package declares, also those that are switched off."""
    off = _switched_off()
    status = f"disabled: by {SWITCH} or --no-plugin"
    return [
        replace(one, status=status) if off & {"*", "all", one.name, _normal(one.source)} else one
        for one in _declared(_folders())
    ]


def _folders() -> tuple[tuple[str, int], ...]:
    """Return the folders that packages lie in and when they changed: what was installed since then is seen."""
    return tuple((path, os.stat(path).st_mtime_ns) for path in map(os.path.abspath, sys.path) if os.path.exists(path))


@functools.lru_cache(maxsize=1)
def _declared(folders: tuple[tuple[str, int], ...]) -> tuple[Found, ...]:
    importlib.invalidate_caches()
    points = metadata.entry_points()
    packages: dict[int, _Package] = {}
    found = []
    for group in sorted(group for group in points.groups if group.startswith("tailrec.")):
        for point in points.select(group=group):
            if id(point.dist) not in packages:
                packages[id(point.dist)] = _package(point.dist)
            found.append(_read(point, packages[id(point.dist)]))
    return tuple(sorted(found, key=lambda one: (one.kind, one.name, one.source)))


def switch_off(plugins: Iterable[str]) -> None:
    """Switch plugins off by their names, or by their packages', in this process and those that it starts.

    Raises
    ------
    InputError
        Where no plugin and no package has the name.
    """
    there = _switchable()
    for plugin in plugins:
        if plugin not in there and _normal(plugin) not in there:
            raise InputError(f"--no-plugin: no plugin and no package is named `{plugin}`; {nearest(plugin, there)}")
        os.environ[SWITCH] = ",".join(filter(None, [os.environ.get(SWITCH, ""), plugin]))


def switched_off_in_vain() -> list[str]:
    """Return the names in the switch that are of no plugin and no package here."""
    there = _switchable()
    return [one for one in sorted(_switched_off()) if one not in there and _normal(one) not in there]


def _switchable() -> set[str]:
    return {"*", "all"} | {name for one in declared() for name in (one.name, _normal(one.source))}


def missing_requirements(package: str) -> list[str]:
    """Return what a package requires and is not here, or is here in a version that does not do.

    A requirement that cannot be read is left out.
    """
    try:
        return _missing(metadata.requires(package) or ())[0]
    except metadata.PackageNotFoundError:
        return []


class _Package(NamedTuple):
    """The package that brings a plugin, and which of its requirements are not here, and which cannot be read."""

    name: str
    version: str
    lacks: list[str]
    unreadable: list[str]


def _package(distribution: metadata.Distribution | None) -> _Package:
    try:
        facts = distribution.metadata  # type: ignore[union-attr]
        name, version = str(facts["Name"]), str(facts["Version"])
        return _Package(name, version, *_missing(facts.get_all("Requires-Dist") or ()))
    except Exception:  # whatever can be wrong with a stranger's metadata, the other packages are fine
        return _Package("unknown", "", [], [])


def _read(point: metadata.EntryPoint, package: _Package) -> Found:
    kind = GROUPS.get(point.group, "unknown")
    fault = _fault(point)
    if fault:
        return Found(kind, point.name, package.version, package.name, f"broken: {fault}")
    if package.lacks:
        status = f"incomplete: its package lacks {', '.join(package.lacks)}; {install_command(package.lacks)}"
    elif package.unreadable:
        status = f"incomplete: its metadata has a requirement that cannot be read: {', '.join(package.unreadable)}"
    else:
        status = "ok" if _is_there(point.module) else f"broken: no module named {point.module.partition('.')[0]}"
    return Found(kind, point.name, package.version, package.name, status, point)


def _fault(point: metadata.EntryPoint) -> str:
    """Return what is wrong with how a plugin is declared; nothing where it can be tried."""
    if point.group not in GROUPS:
        return f"its package declares it in the group `{point.group}`, which is none of {', '.join(GROUPS)}"
    if not re.fullmatch(r"[\w.]+\s*:\s*[\w.]+", point.value):
        return f"its entry point is written `module:Class`, received {point.value!r}"
    fault = names.fault(point.name, f"my-{GROUPS[point.group]}")
    return f"its name cannot be used: {fault}" if fault else ""


def _is_there(module: str) -> bool:
    try:
        return find_spec(module.partition(".")[0]) is not None
    except (ImportError, ValueError):
        return False


def install_command(requirements: Iterable[str]) -> str:
    """Return the command that installs packages."""
    return "pip install " + " ".join(f"'{one}'" if re.search("[<>!~ ]", one) else one for one in requirements)


def _missing(requirements: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return which requirements are not fulfilled, and which cannot be read."""
    from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
    from packaging.requirements import InvalidRequirement, Requirement

    lacks, unreadable = [], []
    for line in requirements:
        try:
            wanted = Requirement(line)
            asked = wanted.marker is None or wanted.marker.evaluate({"extra": ""})
        except (InvalidRequirement, UndefinedComparison, UndefinedEnvironmentName):
            unreadable.append(line)
            continue
        try:
            fits = not asked or wanted.specifier.contains(metadata.version(wanted.name), prereleases=True)
        except Exception:  # it is not there, or what is there has metadata that nobody can read
            fits = False
        if not fits:
            lacks.append(f"{wanted.name}{wanted.specifier}")
    return lacks, unreadable


def _merged(same: list[Found]) -> Found:
    packages = sorted({one.source for one in same})
    if len(packages) == 1:
        return same[0]
    mend = f"uninstall one of them, or switch it off, as in {SWITCH}={packages[-1]}"
    status = f"broken: claimed by {' and by '.join(packages)}; {mend}"
    return Found(same[0].kind, same[0].name, same[0].version, " and ".join(packages), status)


@functools.cache
def _known() -> tuple[tuple[str, str, str], ...]:
    table = tomllib.loads((Path(__file__).parent / "known.toml").read_text(encoding="utf-8"))
    return tuple(
        (kind, name, package)
        for package, kinds in table.items()
        for kind, names_of_kind in kinds.items()
        for name in names_of_kind
    )


def _how_to_get(package: str) -> str:
    # Where the package is there without the plugin, it is an older one.
    older = any(metadata.distributions(name=package))
    return install_command(["--upgrade", package] if older else [package])


def _switched_off() -> set[str]:
    given = {part.strip() for part in os.environ.get(SWITCH, "").split(",")} - {""}
    return given | {_normal(one) for one in given}


def _normal(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()
