"""What a call leaves behind: on the screen, in the process, in its arguments and on the class."""

from __future__ import annotations

import contextlib
import copy
import io
import os
import random
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import cloudpickle
import numpy as np

from tailrec.conformance.comparing import equal
from tailrec.contracts import BASES


@dataclass
class Watched:
    """What was seen while a plugin did its work once.

    Attributes
    ----------
    result
        What came of it.
    printed, warned
        What it wrote to the screen, and the warnings it gave.
    changed
        What of the process it changed.
    overwritten
        A clause for every argument that it changed.
    """

    result: Any = None
    printed: str = ""
    warned: list[warnings.WarningMessage] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    overwritten: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Watch the screen and the process, with other global random states, so that who draws from them is seen."""
        numpy_state, python_state, out = np.random.get_state(), random.getstate(), io.StringIO()
        np.random.seed(20240501)
        random.seed(20240501)
        try:
            with warnings.catch_warnings(record=True) as self.warned:
                warnings.simplefilter("always")
                before = process()
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                    yield
                after = process()
            self.printed = " ".join(out.getvalue().split())
            self.changed = [name for name in before | after if after.get(name) != before.get(name)]
        finally:
            np.random.set_state(numpy_state)
            random.setstate(python_state)

    @contextlib.contextmanager
    def arguments(self, call: str, **given: Any) -> Iterator[None]:
        """Watch the arguments of a call."""
        before = copy.deepcopy(given)
        yield
        for name, value in given.items():
            if not equal(value, before[name]):
                self.overwritten.append(f"`{call}` changed `{name}`, which it was given")


def process() -> dict[str, Any]:
    """Return what belongs to the process, to be compared."""
    return {
        "NumPy's global random state": repr(np.random.get_state(legacy=False)),
        "Python's global random state": hash(random.getstate()),
        "the filters of warnings": list(warnings.filters),
        "NumPy's error settings (np.errstate)": np.geterr(),
        "NumPy's print options": repr(np.get_printoptions()),
        "the working directory": os.getcwd(),
        "sys.path": list(sys.path),
    }


def class_state(cls: type) -> Mapping[str, bytes]:
    """Return what a class and its bases hold beside their methods, as bytes; not what the contract holds."""
    contract = {base for kind in BASES.values() for base in kind.__mro__}
    state: dict[str, bytes] = {}
    for owner in cls.__mro__:
        for name, value in vars(owner).items() if owner not in contract else ():
            if not name.startswith("__") and not name.startswith("_abc_") and not callable(value):
                with contextlib.suppress(Exception):  # what cannot be written cannot be compared
                    state.setdefault(name, cloudpickle.dumps(value))
    return state


def imported() -> set[str]:
    """Return the packages that are imported, save Python's own."""
    return {name.partition(".")[0] for name in list(sys.modules)} - sys.stdlib_module_names
