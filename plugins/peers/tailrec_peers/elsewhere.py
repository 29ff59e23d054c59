"""A peer that runs in a Python of its own: the train goes there in a file, the scores come back in one."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

import tailrec
from tailrec_peers.asked import finite_rows, require_fitted, users_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "LK_NUM_THREADS")


class Elsewhere(tailrec.ModelPlugin):
    """A model of a library that cannot be installed here; what is told apart by library is in the subclasses.

    Parameters
    ----------
    settings
        The parameters of the library's model, each written ``key=value``.
    python
        The Python of the environment that the library is installed in; by default this one, where it is installed here,
        else that of ``.extra/LIBRARY`` in the folder in which it is run, or in one above it.
    """

    #: The module of the library, what to install, why not here, and the Pythons that it runs on.
    library: ClassVar[str] = ""
    requirement: ClassVar[str] = ""
    why_not_here: ClassVar[str] = ""
    of_python: ClassVar[str] = ""

    settings: list[str] = []
    python: Path | None = None

    def __post_init__(self) -> None:
        self._settings()

    def fit(
        self,
        train: tailrec.Interactions,
        *,
        weights: NDArray[Any] | None = None,
        validation: tailrec.Holdout | None = None,
    ) -> Self:
        """Let the library fit its model and score every item for every user."""
        python = self._python()
        with tempfile.TemporaryDirectory(prefix="tailrec-peer-") as folder:
            # LensKit refuses a pair that comes twice.
            pairs = train.frame.drop_duplicates(["user", "item"], keep="last")
            events = {name: pairs[name].to_numpy() for name in pairs.columns}
            known = np.flatnonzero(train.history_lengths())
            np.savez(Path(folder, "train.npz"), n_items=train.n_items, known=known, **events)
            Path(folder, "asked.json").write_text(json.dumps(self._asked() | {"settings": self._settings()}))
            _run(python, Path(__file__).with_name(f"{self.library}_worker.py"), Path(folder), repr(self))
            scores = np.load(Path(folder, "scores.npy"), allow_pickle=False)
        self.scores_ = np.zeros((train.n_users, train.n_items), dtype=scores.dtype)
        self.scores_[known] = finite_rows(scores)
        return self

    def score(self, users: NDArray[Any]) -> NDArray[Any]:
        """Return (len(users), n_items) the library's scores; zeros for a user without events."""
        require_fitted(self)
        return self.scores_[users_of(self, users, len(self.scores_))]

    def _asked(self) -> dict[str, Any]:
        raise NotImplementedError

    def _settings(self) -> dict[str, Any]:
        """Return the settings as values: what reads as a Python literal is one, everything else is text."""
        values = {}
        for setting in self.settings:
            key, equals, text = setting.partition("=")
            if not equals or not all(part.isidentifier() for part in key.split(".")):
                raise tailrec.InputError(f"{self.library}: expected settings written `key=value`, received {setting!r}")
            try:
                values[key] = ast.literal_eval(text)
            except (ValueError, SyntaxError):
                values[key] = text
        return values

    def _python(self) -> str:
        if self.python is not None:
            if not self.python.exists():
                raise tailrec.InputError(f"{self.library}: expected a Python at {str(self.python)!r}, there is none")
            return str(self.python)
        if find_spec(self.library) is not None:
            return sys.executable
        here = Path.cwd()
        for folder in (here, *here.parents):
            found = folder / ".extra" / self.library / "bin" / "python"
            if found.exists():
                return str(found)
        raise tailrec.InputError(
            f"{self.library}: expected a Python that has it, for it cannot be installed beside tailrec "
            f"({self.why_not_here}), and found none; make one with "
            f"`{self.of_python} -m venv .extra/{self.library} && .extra/{self.library}/bin/pip install "
            f"{self.requirement}` in the folder in which you run this, or name one with `python=`"
        )


def _run(python: str, worker: Path, folder: Path, who: str) -> None:
    """Run a worker in another environment; isolated, so that nothing of this one is found there."""
    threads = os.environ.get("TAILREC_THREADS")
    environment = {**os.environ, **dict.fromkeys(_THREADS, threads)} if threads else dict(os.environ)
    done = subprocess.run([python, "-I", str(worker), str(folder)], env=environment, capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"it ended with status {done.returncode}"]
        error = tailrec.PluginError(f"{who} failed in {python}: {said[-1]}")
        error.add_note(done.stderr)
        raise error
