"""Whether a class fulfils its contract, as far as can be told without calling it."""

from __future__ import annotations

import inspect
import types
from typing import Any

from tailrec import interfaces
from tailrec.errors import PluginError

BASES: dict[str, type] = {
    "data": interfaces.DataPlugin,
    "model": interfaces.ModelPlugin,
    "metric": interfaces.MetricPlugin,
}
#: Of a package that does not state which version of the contract it was written for.
_FIRST_VERSION = 1


def require_fulfilled(kind: str, name: str, cls: Any, *, from_package: bool = False) -> None:
    """Refuse a class that is no plugin of its kind.

    Parameters
    ----------
    kind, name
        What it is to be.
    cls
        The class.
    from_package
        Whether it comes from an installed package, which was written for the contract of its own time; a class
        from a cell is written for today's.

    Raises
    ------
    PluginError
        Where it does not derive from the contract, lacks a method, has one that cannot be called as the contract
        calls it, or was written for a version of the contract that is not served.
    """
    base = BASES[kind]
    if not (isinstance(cls, type) and issubclass(cls, base)):
        raise PluginError(
            f"the {kind} `{name}`: expected a class that derives from tailrec.{base.__name__}, received {cls!r}"
        )
    # The version first: a class for a later contract may rightly look wrong to this one.
    version = version_of(cls, from_package=from_package)
    if not isinstance(version, int) or isinstance(version, bool):
        raise PluginError(f"the {kind} `{name}`: expected `api_version` to be an integer, received {version!r}")
    if version > interfaces.API_VERSION:
        raise PluginError(
            f"the {kind} `{name}` was written for version {version} of the contract, "
            f"and this tailrec knows {interfaces.API_VERSION}; update tailrec"
        )
    if version < interfaces.OLDEST_API_VERSION:
        raise PluginError(
            f"the {kind} `{name}` was written for version {version} of the contract, and this tailrec serves "
            f"{interfaces.OLDEST_API_VERSION} to {interfaces.API_VERSION}; update the plugin, or take an older tailrec"
        )
    missing = sorted(getattr(cls, "__abstractmethods__", ()))
    if missing:
        raise PluginError(f"the {kind} `{name}`: {cls.__name__} lacks {', '.join(f'`{method}`' for method in missing)}")
    fault = wrong_signature(cls)
    if fault:
        raise PluginError(f"the {kind} `{name}`: {fault}")


def version_of(cls: type, *, from_package: bool) -> Any:
    """Return the version of the contract that a class was written for."""
    own = [vars(one)["api_version"] for one in cls.__mro__ if "api_version" in vars(one) and not _is_contract(one)]
    return own[0] if own else _FIRST_VERSION if from_package else interfaces.API_VERSION


def wrong_signature(cls: type) -> str:
    """Return a sentence on the first method that cannot be called as the contract calls it; nothing if all can.

    Examples
    --------
    >>> import tailrec
    >>> class Mine(tailrec.MetricPlugin):
    ...     def per_user(self):
    ...         return 1.0
    >>> wrong_signature(Mine)
    'Mine.per_user(self) cannot be called as the contract calls it; write `def per_user(self, ranking)`'
    """
    for contract in filter(_is_contract, cls.__mro__):
        for name, wanted in vars(contract).items():
            if name.startswith("_") or not isinstance(wanted, (types.FunctionType, classmethod)):
                continue
            own = inspect.getattr_static(cls, name)
            if own is not wanted and (fault := _fault(cls, name, own, wanted)):
                return fault
    return ""


def _fault(cls: type, name: str, own: Any, wanted: Any) -> str:
    bare = own.__func__ if isinstance(own, (staticmethod, classmethod)) else own
    contract = inspect.signature(wanted.__func__ if isinstance(wanted, classmethod) else wanted)
    rest = list(contract.parameters.values())[1:]
    mend = f"write `def {name}{_plain(contract)}`"
    if not callable(bare):
        return "" if hasattr(bare, "__get__") else f"{cls.__name__}.{name} is no method but {own!r}; {mend}"
    try:
        signature = inspect.signature(bare)
    except (ValueError, TypeError):  # written in C, or wrapped by something that does not say
        return ""
    positional = [one.name for one in rest if one.kind is not inspect.Parameter.KEYWORD_ONLY]
    keywords = {one.name: None for one in rest if one.kind is inspect.Parameter.KEYWORD_ONLY}
    itself = [] if isinstance(own, staticmethod) else [None]
    try:
        signature.bind(*itself, *positional, **keywords)
    except TypeError:
        return f"{cls.__name__}.{name}{_plain(signature)} cannot be called as the contract calls it; {mend}"
    return ""


def _plain(signature: inspect.Signature) -> inspect.Signature:
    parameters = [one.replace(annotation=inspect.Parameter.empty) for one in signature.parameters.values()]
    return signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty)


def _is_contract(cls: type) -> bool:
    return cls.__module__ == interfaces.__name__
