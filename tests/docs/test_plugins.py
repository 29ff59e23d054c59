"""The plugin guide: its blocks run as cells do, and it uses every public name that a plugin is written against."""

import ast
import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

import tailrec
from tailrec.cli import app

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "plugins.md"
GUIDE = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", GUIDE, flags=re.MULTILINE | re.DOTALL)
#: What is asked of results, runs and pictures; nothing of a plugin is written against it.
OF_RESULTS = {
    "Experiment", "Result", "Scenario", "StoreError", "bootstrap_interval", "figures", "holm", "prepare",
    "segment_users", "sign_flip_p_value", "split", "tune", "widgets",
}  # fmt: skip
CONTRACT = (
    tailrec.DataPlugin, tailrec.ModelPlugin, tailrec.MetricPlugin, tailrec.CatalogueMetric, tailrec.Parameters,
    tailrec.Ranking, tailrec.Holdout, tailrec.Split, tailrec.Interactions, tailrec.register,
)  # fmt: skip


def code_of(kind, text):
    """Return the code of a block, without the outputs."""
    return text if kind == "python" else "".join(one.source for one in doctest.DocTestParser().get_examples(text))


def used():
    """Return every name that the blocks use: names, attributes, keywords, what classes define."""
    found = set()
    for kind, text in BLOCKS:
        for node in ast.walk(ast.parse(code_of(kind, text) if kind in ("python", "pycon") else "")):
            for field in ("id", "attr", "arg", "name"):
                found.add(getattr(node, field, None))
    return found


def public_attributes(cls):
    annotated = {name for one in cls.__mro__[:-1] for name in getattr(one, "__annotations__", {})}
    return {name for name in {*dir(cls), *annotated} if not name.startswith("_")}


def run(page, folder):
    """Run a page's blocks in a process of its own and return its status and what it printed."""
    command = [sys.executable, "-W", "error", HERE / "run_as_cells.py", page]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_its_blocks_run_one_after_the_other_as_cells_do(tmp_path):
    assert run(PAGE, tmp_path) == (0, "")
    assert (tmp_path / "two-tastes.html").is_file()


def test_an_output_that_is_not_true_is_seen(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```python\nx = 1\n```\n\n```pycon\n>>> x\n2\n>>> x\n1\n```\n")
    status, said = run(page, tmp_path)
    assert status == 1 and "Expected:\n    2\nGot:\n    1" in said


def test_the_three_plugins_of_a_cell_are_short_and_import_nothing_but_tailrec_and_numpy():
    cells = [text for kind, text in BLOCKS if kind == "python"][:3]
    assert [re.search(r"register\.(\w+)", text)[1] for text in cells] == ["data", "model", "metric"]
    for text in cells:
        written = text.partition("@")[2].splitlines()
        assert len([line for line in written if line.strip()]) <= 15
    imported = {alias.name for text in cells for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import)
                for alias in node.names}  # fmt: skip
    assert imported == {"numpy", "tailrec"}


def test_every_public_name_of_the_contract_is_used():
    assert set(tailrec.__all__) - OF_RESULTS - {"__version__"} <= used()
    assert set(tailrec.__all__) >= OF_RESULTS


@pytest.mark.parametrize("cls", CONTRACT, ids=lambda cls: cls.__name__)
def test_every_public_attribute_of_the_contract_is_used_in_code(cls):
    assert public_attributes(cls) - used() == set()


def test_a_name_that_is_not_used_is_seen():
    assert "no_such_name_anywhere" not in used()
    assert {"api_version", "uses_weights", "per_user"} <= public_attributes(tailrec.ModelPlugin) | {"per_user"}


def test_its_commands_exist():
    import typer

    commands = typer.main.get_command(app).commands
    named = set(re.findall(r"`tailrec (?:--[\w-]+ [\w-]+ )?([a-z][\w-]+)", GUIDE)) | set(
        re.findall(r"^tailrec ([\w-]+)", GUIDE, flags=re.MULTILINE)
    )
    assert {"plugins", "check", "new-plugin"} <= named <= set(commands)


def test_it_links_to_pages_and_headings_that_exist():
    headings = {
        re.sub(r"[^\w -]", "", line[3:]).lower().replace(" ", "-")
        for line in GUIDE.splitlines()
        if line.startswith("## ")
    }
    for target in re.findall(r"\]\(([^)]+)\)", GUIDE):
        page, _, heading = target.partition("#")
        assert (PAGE.parent / page).is_file() if page else heading in headings, target
