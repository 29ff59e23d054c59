"""The plugin under check: fresh copies of it, its calls watched, and what it raises turned into a fault."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np

from tailrec.conformance.checks import KINDS, Fault
from tailrec.conformance.watching import Watched, class_state, imported
from tailrec.contracts import BASES
from tailrec.discovery import Kind
from tailrec.topk import top_k_of_factors


def kind_of(cls: type) -> Kind:
    """Return what kind of plugin a class is."""
    return next(kind for kind in KINDS if issubclass(cls, BASES[kind]))


class Subject:
    """A plugin under check.

    Attributes
    ----------
    given
        The plugin as it was given; it is never fitted or changed.
    class_before
        What the class held before anything was asked of the plugin.
    variables
        Of the environment, those that its calls changed.
    seconds, calls
        How long each of the plugin's methods took, all calls together, and how many there were.
    """

    def __init__(self, given: Any) -> None:
        self.given = given
        self.cls: Any = type(given)
        self.kind: Kind = kind_of(self.cls)
        # What the core imports when it is first used is not the plugin's.
        top_k_of_factors(np.ones((1, 1)), np.ones((1, 1)), 1)
        self.class_before = class_state(self.cls)
        self.variables: set[str] = set()
        self.seconds: dict[str, float] = {}
        self.calls: dict[str, int] = {}

    def fresh(self, **changed: Any) -> Any:
        """Return a new plugin with the given one's parameters, some of them changed."""
        return self.cls(**(self.given.parameters() | changed))

    @contextlib.contextmanager
    def calling(self, call: str, given: str = "", mend: str | None = None) -> Iterator[None]:
        """Watch a call of the plugin, and turn what it raises into a fault that says which call it was."""
        start, before, packages = time.perf_counter(), dict(os.environ), imported()
        try:
            yield
        except Fault:
            raise
        except (Exception, SystemExit) as error:
            raised = " ".join(f"{type(error).__name__}: {error}".split())
            raise Fault(f"`{call}`{f' {given}' if given else ''} raised {raised}", mend) from error
        finally:
            self.calls[call] = self.calls.get(call, 0) + 1
            self.seconds[call] = self.seconds.get(call, 0.0) + time.perf_counter() - start
            own = {"tailrec", self.cls.__module__.partition(".")[0]}
            # A library that is imported may set variables of its own.
            if not imported() - packages - own:
                now = dict(os.environ)
                self.variables.update(name for name in now | before if now.get(name) != before.get(name))

    @cached_property
    def second(self) -> Watched:
        """What was seen while it did its work a second time: what a library says at its import is not its fault."""
        watched = Watched()
        self.use_once()
        with watched.watching():
            watched.result = self.use_again(watched)
        return watched

    def use_once(self) -> Any:
        """Let it do its work."""
        raise NotImplementedError

    def use_again(self, watched: Watched) -> Any:
        """Let it do its work from its making on, watch the arguments, and return what came of it."""
        raise NotImplementedError
