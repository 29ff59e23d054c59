"""`tailrec lab`: the course in JupyterLab."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer


def lab(notebook: Annotated[Path | None, typer.Argument(help="The notebook to open.")] = None) -> None:
    """Open the course in JupyterLab."""
    from tailrec.errors import InputError

    target = notebook or Path("notebooks")
    if not target.exists():
        raise InputError(
            f"expected a notebook or folder {str(target)!r}, there is none here; run this in the project's folder"
        )
    try:
        os.execv(sys.executable, [sys.executable, "-m", "jupyter", "lab", str(target)])
    except OSError as error:
        raise InputError(f"JupyterLab cannot be started: {error.strerror}; install it with `make setup`") from None
