"""The packages as a stranger gets them: built into wheels, installed beside nothing else of the house."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECTS = [ROOT, *sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "-q", "-q"]

pytestmark = pytest.mark.extra


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return a folder with the built packages, without the dependencies, which the running Python has."""
    wheels = tmp_path_factory.mktemp("wheels")
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([*PIP, "wheel", "--no-deps", "--no-build-isolation", "-w", wheels, *PROJECTS], check=True)
    subprocess.run([*PIP, "install", "--no-deps", "--no-index", "--target", folder, *wheels.glob("*.whl")], check=True)
    return folder


def run(installed: Path, code: str) -> str:
    """Run code with the built packages before the linked ones."""
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, cwd=installed, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_every_project_is_built(installed):
    assert len(list(installed.glob("*.dist-info"))) == len(PROJECTS)


def test_what_is_imported_is_what_was_built(installed):
    assert run(installed, "import tailrec; print(tailrec.__file__)") == str(installed / "tailrec" / "__init__.py")


def test_the_core_carries_its_data_files_types_and_licence(installed):
    carried = {path.relative_to(ROOT / "tailrec") for path in (ROOT / "tailrec").rglob("*") if path.is_file()}
    carried = {path for path in carried if "__pycache__" not in path.parts}
    assert [path for path in carried if not (installed / "tailrec" / path).exists()] == []
    assert list(installed.glob("tailrec-*.dist-info/licenses/LICENSE"))


def test_every_plugin_is_found_and_loads(installed):
    code = """
import tailrec
from tailrec.registry import find
table = tailrec.plugins()
broken = table[table["status"] != "ok"]
assert broken.empty, broken.to_string()
for kind, name in zip(table["kind"], table["name"]):
    assert str(find(kind, name).__module__).startswith("tailrec_"), name
print(len(table))
"""
    assert int(run(installed, code).splitlines()[-1]) > 0


def test_an_exercise_can_be_checked(installed):
    assert "00-3 is right" in run(installed, "from tailrec_course import check; check('00-3', (0.44, 0.2))")


def test_the_command_line_starts(installed):
    assert "compare" in run(installed, "from tailrec.cli import app; app(['--help'], standalone_mode=False)")
