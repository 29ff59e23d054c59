"""The environments of the peers that cannot live in the project's own; each is made once, under .extra/."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

#: What is installed, and the Pythons that it runs on: from the first, below the second.
ENVIRONMENTS = {
    "rectools": ("rectools==0.19.0", (3, 10), (3, 13)),
    "lenskit": ("lenskit==2025.8.1", (3, 12), (3, 15)),
}


class Unavailable(Exception):
    """A peer that cannot be measured here, and why."""


def environment(name: str) -> Path:
    """Return the Python of an environment, which is made when it is first asked for."""
    if name == "tailrec":
        return Path(sys.executable)
    requirement, first, below = ENVIRONMENTS[name]
    folder = ROOT / ".extra" / name
    python, done = folder / "bin" / "python", folder / "requirement.txt"
    if done.is_file() and done.read_text() == requirement:
        return python
    base = python_of(first, below)
    if base is None:
        versions = f"Python {'.'.join(map(str, first))} or later, below {'.'.join(map(str, below))}"
        raise Unavailable(f"{requirement} needs {versions}, and none was found on PATH or under ~/.pyenv")
    print(f"Making {folder} for {requirement}", flush=True)
    install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", requirement]
    for command in ([str(base), "-m", "venv", "--clear", str(folder)], install):
        finished = subprocess.run(command, capture_output=True, text=True)
        if finished.returncode:
            raise Unavailable(f"{' '.join(command)} failed: {finished.stderr.strip()}")
    done.write_text(requirement)
    return python


def python_of(first: tuple[int, int], below: tuple[int, int]) -> Path | None:
    """Return a Python of a version from `first` to just below `below`: this one, one on PATH, or one of pyenv's."""
    names = [f"python{first[0]}.{minor}" for minor in range(first[1], below[1])]
    found = [sys.executable] + [path for name in names if (path := shutil.which(name))]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found += [str(path) for path in sorted(pyenv.glob("*/bin/python"))]
    for path in found:
        command = [path, "-c", "import sys, venv; print(*sys.version_info[:2])"]
        answer = subprocess.run(command, capture_output=True, text=True)
        if answer.returncode == 0 and first <= tuple(map(int, answer.stdout.split())) < below:
            return Path(path)
    return None
