"""The notebooks hold their exercises as the exercises' own files say."""

import json
from pathlib import Path

import pytest
from tailrec_course import EXERCISES
from tailrec_course.cells import cells
from tailrec_course.student_copies import text_of

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
NAMES = sorted({name[:2] for name in EXERCISES})


def notebook(number):
    found = list(NOTEBOOKS.glob(f"{number}_*.ipynb"))
    assert len(found) == 1, f"expected one notebook {number}_... for its exercises, found {found}"
    return json.loads(found[0].read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", NAMES)
def test_a_notebook_holds_the_cells_of_its_exercises_in_their_order(number):
    found = [cell for cell in notebook(number)["cells"] if cell["id"].partition("-")[2] in EXERCISES]
    wanted = [cell for name in sorted(EXERCISES) if name.startswith(number) for cell in cells(EXERCISES[name])]
    assert [cell["id"] for cell in found] == [cell["id"] for cell in wanted]
    for cell, right in zip(found, wanted, strict=True):
        assert text_of(cell) == right["source"]
        assert cell["cell_type"] == right["cell_type"]
        assert cell["metadata"] == right["metadata"]


@pytest.mark.parametrize("number", NAMES)
def test_an_untouched_notebook_is_told_that_its_stubs_are_untouched(number):
    checks = [cell for cell in notebook(number)["cells"] if cell["id"].startswith("check-")]
    assert checks
    for cell in checks:
        (output,) = cell["outputs"]
        assert "three dots are still there" in "".join(output["text"])


@pytest.mark.parametrize("number", NAMES)
def test_no_exercise_is_checked_outside_its_cells(number):
    calls = [text_of(cell) for cell in notebook(number)["cells"] if 'check("' in text_of(cell)]
    code = [call for call in calls if not call.startswith("###")]
    assert code == [EXERCISES[name].call for name in sorted(EXERCISES) if name.startswith(number)]
