"""A package of one's own from the template: the class, its tests, its entry point."""

from __future__ import annotations

import keyword
import os
import re
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from tailrec import __version__, interfaces, names
from tailrec.discovery import declared, not_installed
from tailrec.errors import InputError, PluginError, nearest

KINDS = ("data", "model", "metric")
_TEMPLATE = Path(__file__).parent / "template"
_LONGEST = 40


def new_plugin(kind: str, name: str, into: str | Path = ".") -> Path:
    """Write a package with one plugin into a folder of its own, and return that folder.

    Parameters
    ----------
    kind
        ``data``, ``model`` or ``metric``.
    name
        The plugin's name, such as ``my-model``; the package is called ``tailrec-my-model``.
    into
        The folder to make it in.

    Raises
    ------
    InputError
        Where the name cannot be used or is taken, or the folder is there already. Nothing is left behind then.
    PluginError
        Where copier, which fills in the template, is not installed.
    """
    if kind not in KINDS:
        raise InputError(f"expected `kind` to be data, model or metric, received {kind!r}; {nearest(kind, KINDS)}")
    _require_usable(kind, name)
    into = Path(into)
    folder = into / f"tailrec-{name}"
    if not into.is_dir():
        raise InputError(f"expected a folder to put the package in, there is none at {str(into)!r}; make it first")
    if os.path.lexists(folder):
        raise InputError(f"expected no {str(folder)!r} yet, it is there already; choose another name or another --into")
    try:
        import copier
    except ImportError:
        raise PluginError("`new-plugin` needs copier: pip install 'tailrec[new-plugin]'") from None
    answers = {
        "kind": kind,
        "name": name,
        "version": ".".join(__version__.split(".")[:2]),
        "api_version": interfaces.API_VERSION,
    }
    try:
        # It is written beside its place and moved there whole.
        with tempfile.TemporaryDirectory(dir=into, prefix=".tailrec-new-") as beside:
            made = Path(beside) / folder.name
            copier.run_copy(str(_TEMPLATE), made, answers, defaults=True, quiet=True, settings=copier.Settings())
            made.rename(folder)
    except OSError as error:
        raise InputError(f"{folder}: the package cannot be written: {error.strerror}") from error
    return folder


def _require_usable(kind: str, name: str) -> None:
    """Refuse a name that cannot be a plugin's, a module's and a package's at once, or that is taken."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) or len(name) > _LONGEST:
        hint = names.did_you_mean(name) if len(name) <= _LONGEST and not name[:1].isdigit() else ""
        raise InputError(
            f"expected a name of at most {_LONGEST} lower-case letters, digits and single hyphens, such as "
            f"`my-{kind}`, received {name!r}{hint}"
        )
    if fault := names.fault(name, f"my-{kind}"):
        raise InputError(fault)
    if name.startswith("test"):
        raise InputError(f"pytest takes what begins with `test` for tests; choose another name, such as `my-{name}`")
    stem = name.replace("-", "_")
    if keyword.iskeyword(stem) or keyword.issoftkeyword(stem) or stem in sys.stdlib_module_names:
        what = "a word" if keyword.iskeyword(stem) or keyword.issoftkeyword(stem) else "a module"
        raise InputError(f"`{name}` is {what} of Python itself; choose another name, such as `my-{name}`")
    for one in (*declared(), *not_installed()):
        if (one.kind, one.name) == (kind, name):
            raise InputError(f"the {kind} `{name}` is that of the package {one.source}; choose another name")
    taken = {one.source for one in not_installed()}
    if f"tailrec-{name}" in taken or any(metadata.distributions(name=f"tailrec-{name}")):
        raise InputError(f"a package is called tailrec-{name} already; choose another name")
