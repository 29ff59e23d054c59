"""Student copies: the notebooks of a folder without solutions and outputs.

``python -m tailrec_course.student_copies notebooks copies`` writes one for every notebook of the folder `notebooks`
into the folder `copies`. What nbgrader has to know of a cell stays in it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tailrec_course.cells import SOLUTION
from tailrec_course.checking import EXERCISES


def student_copy(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook without the cells tagged ``solution``, without outputs and execution counts.

    Parameters
    ----------
    notebook
        As its file holds it. It is left as it is.

    Raises
    ------
    InputError
        Where the solution of an exercise is left in another cell, or a stub is no longer the untouched one.

    Examples
    --------
    >>> cell = {"cell_type": "markdown", "metadata": {"tags": ["solution"]}, "source": "x = 1"}
    >>> student_copy({"cells": [cell], "metadata": {}})
    {'cells': [], 'metadata': {}}
    """
    kept = [_bare(cell) for cell in notebook["cells"] if SOLUTION not in cell["metadata"].get("tags", ())]
    for cell in kept:
        _refuse_a_solution(cell)
    return {**notebook, "cells": kept}


def write_student_copies(source: Path, target: Path) -> list[Path]:
    """Write a student copy of every notebook of a folder into another, and return their paths.

    Raises
    ------
    InputError
        Where the folder has no notebook, where both are the same, or a solution would be left.
    """
    from tailrec import InputError

    found = sorted(source.glob("*.ipynb"))
    if not found:
        raise InputError(f"expected a folder with notebooks, received {source}, which has none")
    if source.resolve() == target.resolve():
        raise InputError(
            f"expected another folder for the copies, received {target} twice: it would lose its solutions"
        )
    copies = {target / path.name: _written(path) for path in found}
    target.mkdir(parents=True, exist_ok=True)
    for path, text in copies.items():
        path.write_text(text, encoding="utf-8")
    return list(copies)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    from tailrec import InputError

    parser = argparse.ArgumentParser(
        prog="python -m tailrec_course.student_copies", description="Write notebooks without solutions and outputs."
    )
    parser.add_argument("notebooks", type=Path, help="the folder with the notebooks")
    parser.add_argument("out", type=Path, help="the folder for the copies; made where it is not there")
    given = parser.parse_args(arguments)
    try:
        for path in write_student_copies(given.notebooks, given.out):
            print(path)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _written(path: Path) -> str:
    from tailrec import InputError

    try:
        copy = student_copy(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, InputError):
            raise InputError(f"{path}: {error}") from None
        raise InputError(f"{path}: expected a notebook in Jupyter's format 4, could not read it ({error})") from error
    return json.dumps(copy, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _bare(cell: dict[str, Any]) -> dict[str, Any]:
    if cell["cell_type"] != "code":
        return dict(cell)
    metadata = {name: value for name, value in cell["metadata"].items() if name != "execution"}
    return {**cell, "metadata": metadata, "outputs": [], "execution_count": None}


def _refuse_a_solution(cell: dict[str, Any]) -> None:
    from tailrec import InputError

    source = text_of(cell)
    for name, exercise in EXERCISES.items():
        if exercise.solution.strip() in source:
            raise InputError(
                f'the solution of exercise {name} stands in a cell without the tag "{SOLUTION}"; '
                "tag the cell, or put the stub back into it"
            )
    stub = re.fullmatch(r"stub-(.+)", cell.get("id", ""))
    if stub and stub[1] in EXERCISES and source.strip() != EXERCISES[stub[1]].stub.strip():
        raise InputError(f"the stub of exercise {stub[1]} was changed; put it back, or a copy gives an answer away")


def text_of(cell: dict[str, Any]) -> str:
    """Return a cell's source, which a file holds as one text or as a list of lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


if __name__ == "__main__":
    raise SystemExit(main())
