"""The cells of an exercise in a notebook, and the marks by which a student copy and a grader know them."""

from __future__ import annotations

from typing import Any

from tailrec_course.exercise import Exercise

#: A cell of a notebook as its file holds it.
Cell = dict[str, Any]

#: The tag of a cell that a student copy leaves out.
SOLUTION = "solution"


def cells(exercise: Exercise) -> list[Cell]:
    """Return the five cells of an exercise: text, stub, check, hint, solution.

    Hint and solution are collapsed, so the stub can be tried without seeing them. The solution is text: running
    the whole notebook leaves the stub a stub, and the learner's own answer the only one.

    Examples
    --------
    >>> from tailrec_course import EXERCISES
    >>> [(cell["cell_type"], cell["id"]) for cell in cells(EXERCISES["02-1"])]  # doctest: +NORMALIZE_WHITESPACE
    [('markdown', 'text-02-1'), ('code', 'stub-02-1'), ('code', 'check-02-1'), ('markdown', 'hint-02-1'),
     ('markdown', 'solution-02-1')]
    """
    name = exercise.name
    return [
        _markdown(f"text-{name}", f"### Exercise {name}\n\n{exercise.text}"),
        _code(f"stub-{name}", exercise.stub, solution=True),
        _code(f"check-{name}", exercise.call, grade=True, locked=True, points=1),
        _markdown(f"hint-{name}", _collapsed("Hint", exercise.hint)),
        _markdown(
            f"solution-{name}", _collapsed("Solution", f"```python\n{exercise.solution.strip()}\n```"), tags=[SOLUTION]
        ),
    ]


def _collapsed(title: str, text: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{text.strip()}\n\n</details>"


def _markdown(cell_id: str, text: str, **metadata: Any) -> Cell:
    return {"cell_type": "markdown", "id": cell_id, "metadata": metadata, "source": text.strip()}


def _code(cell_id: str, source: str, **nbgrader: Any) -> Cell:
    marks = {
        "schema_version": 3,
        "grade_id": cell_id,
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
    }
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": {"nbgrader": marks | nbgrader},
        "outputs": [],
        "source": source.strip(),
    }
