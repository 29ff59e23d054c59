"""Student copies hold no solution, keep what nbgrader needs, and change nothing else."""

import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest
from tailrec_course import EXERCISES
from tailrec_course.cells import cells
from tailrec_course.student_copies import main, student_copy, text_of, write_student_copies

import tailrec

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def small_notebook():
    plain = {"cell_type": "code", "id": "c1", "metadata": {}, "source": "1 + 1", "execution_count": 1, "outputs": [{}]}
    return {"cells": [plain, *deepcopy(cells(EXERCISES["02-1"]))], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    target = tmp_path_factory.mktemp("copies")
    return {path.name: (read(NOTEBOOKS / path.name), read(path)) for path in write_student_copies(NOTEBOOKS, target)}


def test_every_notebook_has_its_copy(copies):
    assert sorted(copies) == sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))


def test_no_solution_is_left(copies):
    for _, copy in copies.values():
        for cell in copy["cells"]:
            assert "solution" not in cell["metadata"].get("tags", [])
            assert "<summary>Solution" not in text_of(cell)
            assert [name for name, exercise in EXERCISES.items() if gives_away(exercise, text_of(cell))] == []


def gives_away(exercise, text):
    """Tell whether a text holds every line that makes a solution of a stub, whatever their order and indent."""
    before, after = ({line.strip() for line in code.splitlines()} for code in (exercise.stub, exercise.solution))
    return all(line in text for line in after - before)


def test_a_solution_was_there_for_every_exercise(copies):
    text = "\n".join(text_of(cell) for source, _ in copies.values() for cell in source["cells"])
    assert [name for name, exercise in EXERCISES.items() if exercise.solution.strip() not in text] == []


def test_everything_else_stays_and_outputs_go(copies):
    for source, copy in copies.values():
        rest = [cell for cell in source["cells"] if "solution" not in cell["metadata"].get("tags", [])]
        assert [(cell["id"], cell["source"]) for cell in copy["cells"]] == [(c["id"], c["source"]) for c in rest]
        assert copy["metadata"] == source["metadata"]
        for cell in copy["cells"]:
            if cell["cell_type"] == "code":
                assert cell["outputs"] == [] and cell["execution_count"] is None


def test_what_nbgrader_needs_is_kept(copies):
    marks = [cell["metadata"]["nbgrader"] for _, copy in copies.values() for cell in copy["cells"] if _is_marked(cell)]
    assert len(marks) == 2 * len(EXERCISES)
    assert len({mark["grade_id"] for mark in marks}) == len(marks)
    assert sum(mark["grade"] for mark in marks) == sum(mark["solution"] for mark in marks) == len(EXERCISES)
    assert sum(mark.get("points", 0) for mark in marks) == len(EXERCISES)
    assert all(mark["locked"] == mark["grade"] for mark in marks)


def _is_marked(cell):
    return "nbgrader" in cell["metadata"]


def test_the_source_is_left_as_it_is():
    source = small_notebook()
    before = deepcopy(source)
    student_copy(source)
    assert source == before


def test_a_solution_without_its_tag_is_refused():
    source = small_notebook()
    del source["cells"][-1]["metadata"]["tags"]
    with pytest.raises(tailrec.InputError, match='02-1 stands in a cell without the tag "solution"'):
        student_copy(source)


def test_a_stub_that_was_filled_in_is_refused():
    source = small_notebook()
    source["cells"][2]["source"] = "def neuron(x, w, b):\n    return 1 / (1 + np.exp(-(x @ w + b)))"
    with pytest.raises(tailrec.InputError, match="the stub of exercise 02-1 was changed"):
        student_copy(source)


def test_nothing_is_written_where_one_notebook_is_refused(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    bad = small_notebook()
    bad["cells"][2]["source"] = EXERCISES["02-1"].solution
    for name, content in [("01.ipynb", small_notebook()), ("02.ipynb", bad)]:
        (source / name).write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(tailrec.InputError, match="02.ipynb: "):
        write_student_copies(source, target)
    assert not target.exists()


def test_a_source_that_is_a_list_of_lines_is_read_too():
    source = small_notebook()
    for cell in source["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
    assert len(student_copy(source)["cells"]) == len(source["cells"]) - 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "which has none"), ("no json", "could not read it"), ('{"cells": 3}', "could not read it")],
)
def test_the_command_says_what_is_wrong(tmp_path, capsys, content, reason):
    if content is not None:
        (tmp_path / "one.ipynb").write_text(content, encoding="utf-8")
    assert main([str(tmp_path), str(tmp_path / "out")]) == 2
    assert reason in capsys.readouterr().err


def test_the_notebooks_are_not_overwritten(tmp_path, capsys):
    (tmp_path / "one.ipynb").write_text(json.dumps(small_notebook()), encoding="utf-8")
    assert main([str(tmp_path), str(tmp_path / "." / "")]) == 2
    assert "another folder for the copies" in capsys.readouterr().err
    assert len(read(tmp_path / "one.ipynb")["cells"]) == 6


def test_the_command_runs_from_any_folder(tmp_path):
    command = [sys.executable, "-m", "tailrec_course.student_copies", str(NOTEBOOKS), "copies"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert done.stdout.split() == [f"copies/{path.name}" for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
