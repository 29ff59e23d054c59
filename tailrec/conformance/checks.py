"""A named check: what it holds, how to mend what breaks it, and the list of them all."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from tailrec.discovery import Kind

KINDS: tuple[Kind, ...] = ("data", "model", "metric")
F = TypeVar("F", bound=Callable[..., None])


class Fault(Exception):
    """What is wrong with a plugin, in one clause; `mend` is how, where the check's own word is not apt."""

    def __init__(self, wrong: str, mend: str | None = None) -> None:
        super().__init__(wrong)
        self.mend = mend


class NotApplicable(Exception):
    """Why a check has nothing to say on a plugin."""


@dataclass(frozen=True)
class Check:
    """One promise of the contract.

    Attributes
    ----------
    name
        As it is written in a report, an expected failure or a test's id: ``batches-agree``.
    kind
        The kind of plugin that it is for.
    holds
        The promise, one sentence.
    mend
        How to mend a plugin that breaks it.
    after
        The checks without which this one has nothing to stand on: it is not run where one of them failed.
    run
        Takes a `Subject`; raises `Fault` or `NotApplicable`.
    """

    name: str
    kind: Kind
    holds: str
    mend: str
    after: tuple[str, ...]
    run: Callable[[Any], None]


_CHECKS: list[Check] = []
#: Importing one of these adds its checks; the simplest promises come first.
_MODULES = (
    "checks_of_parameters",
    "checks_of_data",
    "checks_of_models",
    "checks_of_histories",
    "checks_of_lists",
    "checks_of_memory",
    "checks_of_weights",
    "checks_of_metrics",
    "checks_of_effects",
    "results_of_models",
    "results_of_metrics",
)


def check(*kinds: Kind, mend: str, after: tuple[str, ...] = ()) -> Callable[[F], F]:
    """Add a function to the checks of some kinds; its name is the check's, its docstring the promise."""

    def add(run: F) -> F:
        name, holds = run.__name__.replace("_", "-"), " ".join((run.__doc__ or "").split())
        _CHECKS.extend(Check(name, kind, holds, mend, after, run) for kind in kinds)
        return run

    return add


@functools.cache
def checks_of(kind: Kind) -> tuple[Check, ...]:
    """Return the checks of a kind of plugin, in the order in which they are run."""
    for module in _MODULES:
        importlib.import_module(f"tailrec.conformance.{module}")
    return tuple(one for one in _CHECKS if one.kind == kind)


def names_of_checks() -> list[str]:
    """Return the names of all checks, each once."""
    return list(dict.fromkeys(one.name for kind in KINDS for one in checks_of(kind)))
