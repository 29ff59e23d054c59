"""`make setup`, with Pythons that only take notes: what is installed, when, into what."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Says which version it is, makes an environment of itself, and writes down what pip is asked to do.
PYTHON = """#!/bin/sh
case "$*" in
  --version) echo "Python {version}" ;;
  -c*) exit {unusable} ;;
  "-m venv --clear .venv") rm -rf .venv; mkdir -p .venv/bin; cp "$0" .venv/bin/python; echo venv >> "$NOTES" ;;
  "-m pip --"*) echo "pip ${{*#* -q -q }}" >> "$NOTES"; if [ -e "$BREAK" ]; then exit 1; fi ;;
  *) echo "other $*" >> "$NOTES" ;;
esac
"""


class House:
    """A bare clone with the Makefile, and a PATH that holds the given Pythons."""

    def __init__(self, folder: Path):
        self.root = folder / "a house"
        self.bin = folder / "bin"
        self.notes = folder / "notes"
        self.broken = folder / "broken"
        self.root.mkdir()
        self.bin.mkdir()
        for name in ("Makefile", "pyproject.toml", "requirements.lock"):
            shutil.copy(ROOT / name, self.root)
        for name in ("one", "two"):
            (self.root / "plugins" / name).mkdir(parents=True)
            (self.root / "plugins" / name / "pyproject.toml").write_text(name)
        for tool in ("sh", "awk", "cat", "cksum", "cp", "mkdir", "rm"):
            (self.bin / tool).symlink_to(shutil.which(tool))

    def python(self, path: str, *, version: str = "3.12.1", usable: bool = True) -> None:
        place = self.bin / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(PYTHON.format(version=version, unusable=0 if usable else 1))
        place.chmod(0o755)

    def setup(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        self.notes.write_text("")
        variables = {"PATH": str(self.bin), "HOME": str(self.root), "NOTES": str(self.notes), "BREAK": str(self.broken)}
        return subprocess.run(
            [shutil.which("make"), "setup", *arguments],
            cwd=self.root,
            env=variables | environment,
            capture_output=True,
            text=True,
        )

    @property
    def done(self) -> list[str]:
        return self.notes.read_text().splitlines()


INSTALLED = [
    # First the tools that build what has no wheel.
    "pip install --require-hashes --no-deps -r .venv/build-tools.lock",
    "pip install --require-hashes --no-deps --no-build-isolation -r requirements.lock",
    "pip install --no-deps --no-build-isolation -e . -e plugins/one -e plugins/two",
]


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


def test_a_first_set_up_makes_an_environment_and_installs_lock_and_projects(house):
    house.python("python3.12")
    run = house.setup()
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    assert house.done == ["venv", *INSTALLED]
    assert run.stdout.splitlines()[0] == "Making .venv with Python 3.12.1"


def test_a_second_set_up_does_nothing_and_says_nothing(house):
    house.python("python3.12")
    house.setup()
    run = house.setup()
    assert (run.returncode, run.stderr, house.done) == (0, "", [])
    assert "Installing" not in run.stdout


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml", "plugins/two/pyproject.toml"])
def test_a_changed_lock_or_project_is_installed_into_the_same_environment(house, changed):
    house.python("python3.12")
    house.setup()
    (house.root / changed).write_text("changed")
    house.setup()
    assert house.done == INSTALLED


def test_a_house_that_was_moved_is_installed_from_its_new_place(house):
    house.python("python3.12")
    house.setup()
    house.root = house.root.rename(house.root.parent / "moved")
    house.setup()
    assert house.done == INSTALLED


def test_a_failed_set_up_is_an_error_and_is_begun_again(house):
    house.python("python3.12")
    house.broken.touch()
    assert house.setup().returncode != 0
    house.broken.unlink()
    assert house.setup().returncode == 0
    assert house.done == ["venv", *INSTALLED]


def test_an_environment_that_does_not_run_is_made_anew(house):
    house.python("python3.12")
    house.setup()
    (house.root / ".venv/bin/python").unlink()
    (house.root / "pyproject.toml").write_text("changed")
    house.setup()
    assert house.done == ["venv", *INSTALLED]


def test_a_python_that_does_not_run_or_is_too_old_is_passed_over(house):
    house.python("python3.11", usable=False)
    house.python("python3.13", version="3.13.0")
    assert "Python 3.13.0" in house.setup().stdout


def test_without_a_python_one_sentence_says_what_was_expected(house):
    house.python("python3", usable=False)
    run = house.setup()
    assert run.returncode != 0
    assert "Expected Python 3.11, 3.12 or 3.13 with its venv module, found none" in run.stderr
    assert house.done == []
    assert not (house.root / ".venv").exists()


def test_a_python_can_be_named(house):
    house.python("python3.12")
    house.python("mine", version="3.11.9")
    assert "Python 3.11.9" in house.setup(f"PYTHON={house.bin / 'mine'}").stdout


def test_a_named_python_that_does_not_serve_is_not_replaced_by_another(house):
    house.python("python3.12")
    assert house.setup("PYTHON=nowhere").returncode != 0


def test_the_conda_environment_of_the_project_is_used_while_it_is_active(house):
    house.python("envs/tailrec/bin/python")
    run = house.setup(CONDA_PREFIX=str(house.bin / "envs" / "tailrec"))
    assert run.returncode == 0, run.stderr
    assert [line.replace(str(house.bin / "envs" / "tailrec"), ".venv") for line in house.done] == INSTALLED
    assert not (house.root / ".venv").exists()
    house.setup(CONDA_PREFIX=str(house.bin / "envs" / "tailrec"))
    assert house.done == []


def test_another_conda_environment_is_left_alone(house):
    house.python("envs/work/bin/python")
    house.python("python3.12")
    house.setup(CONDA_PREFIX=str(house.bin / "envs" / "work"))
    assert house.done == ["venv", *INSTALLED]
    assert not (house.bin / "envs" / "work" / ".tailrec").exists()


def test_a_conda_environment_without_a_python_that_serves_is_told_so(house):
    house.python("envs/tailrec/bin/python", usable=False)
    run = house.setup(CONDA_PREFIX=str(house.bin / "envs" / "tailrec"))
    assert run.returncode != 0
    assert "Expected Python 3.11, 3.12 or 3.13 with pip in" in run.stderr
