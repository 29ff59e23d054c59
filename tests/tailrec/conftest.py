"""Packages with plugins, put on a path of their own as an installer would put them there."""

import importlib
import sys

import pytest

from tailrec import discovery, registry

MODEL = """
import numpy as np
import tailrec

class {cls}(tailrec.ModelPlugin):
    path: str = "x"
    k: int = 3

    def fit(self, train, *, weights=None, validation=None):
        return self

    def score(self, users):
        return np.zeros((len(users), 1))
"""


@pytest.fixture
def a_model():
    """Return the text of a module with one model, a class of the given name."""
    return lambda cls="First": MODEL.format(cls=cls)


@pytest.fixture
def nothing_left_behind(monkeypatch):
    """Let what a test registers, switches off and imports end with it."""
    monkeypatch.setattr(registry, "_registered", {})
    monkeypatch.setattr(registry, "_tried", {})
    monkeypatch.setenv(discovery.SWITCH, "")
    yield
    for name in ("apack", "bpack"):
        sys.modules.pop(name, None)


@pytest.fixture
def install(tmp_path, monkeypatch, nothing_left_behind):
    """Return a function that installs a package: its entry points, the text of its one module, what it requires."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)

    def install_one(package, points, text=None, group="tailrec.models", requires=()):
        info = folder / f"{package}-1.2.dist-info"
        info.mkdir()
        lines = "".join(f"Requires-Dist: {one}\n" for one in requires)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2\n{lines}")
        lines = "".join(f"{name} = {value}\n" for name, value in points.items())
        (info / "entry_points.txt").write_text(f"[{group}]\n{lines}")
        if text is not None:
            (folder / f"{package}.py").write_text(text)
        # The time of a folder is too coarse for two installations within a test.
        discovery._declared.cache_clear()
        importlib.invalidate_caches()
        return folder / f"{package}.py"

    return install_one
