"""The lock: exact, hashed, without an address; and one range of Pythons everywhere."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECTS = [ROOT / "pyproject.toml", *sorted(ROOT.glob("plugins/*/pyproject.toml"))]
PYTHONS = ["3.11", "3.12", "3.13"]
ENTRY = re.compile(r"(?P<name>[a-z0-9._-]+)==(?P<version>\S+)(?P<hashes>( \\\n    --hash=sha256:[0-9a-f]{64})+)")


def entries(lock: str) -> dict[str, str]:
    """Return the version of every package, where the whole lock is names, versions and hashes."""
    rest = ENTRY.sub("", lock).strip()
    assert rest == "", f"the lock holds more than names, versions and hashes: {rest[:200]}"
    return {match["name"]: match["version"] for match in ENTRY.finditer(lock)}


def unmet(lock: dict[str, str], requirements: list[str]) -> list[str]:
    """Return the requirements that the lock does not meet."""
    wanted = [Requirement(line) for line in requirements]
    return [str(one) for one in wanted if not one.specifier.contains(lock.get(canonicalize_name(one.name), "0"))]


def requirements(path: Path) -> list[str]:
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    extras = project.get("optional-dependencies", {}).values()
    return [
        line for line in [*project["dependencies"], *(line for extra in extras for line in extra)] if line != "tailrec"
    ]


def test_the_lock_is_names_versions_and_hashes():
    assert len(entries(LOCK)) > 100


def test_the_lock_holds_no_pre_release():
    assert [name for name, version in entries(LOCK).items() if Version(version).is_prerelease] == []


def test_the_lock_holds_the_recommenders_that_work_beside_keras_3():
    assert entries(LOCK)["tensorflow-recommenders"] == "0.7.7"


def test_the_lock_holds_tensorflow_once_and_no_torch():
    assert {"tensorflow-cpu", "torch", "tailrec"} & set(entries(LOCK)) == set()


@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: path.parent.name)
def test_the_lock_meets_what_the_projects_ask_for(path):
    assert unmet(entries(LOCK), requirements(path)) == []


@pytest.mark.parametrize(
    "broken",
    [
        "numpy==2.0\n",
        "--index" + "-url https://" + "host/simple\n" + LOCK,
        LOCK + "-e .\n",
        LOCK + "thing @ https://host/thing.whl \\\n    --hash=sha256:" + "0" * 64 + "\n",
        LOCK + "thing>=1 \\\n    --hash=sha256:" + "0" * 64 + "\n",
    ],
    ids=["no hash", "an address", "a folder", "a link", "a range"],
)
def test_a_broken_lock_is_seen(broken):
    with pytest.raises(AssertionError, match="the lock holds more"):
        entries(broken)


def test_an_unmet_requirement_is_seen():
    assert unmet({"numpy": "1.26", "pandas": "3.1"}, ["numpy>=2.0", "pandas>=3.0", "new"]) == ["numpy>=2.0"]
    assert unmet({}, ["new>=1"]) == ["new>=1"]


def allowed(specifier: str) -> list[str]:
    """Return which Python versions a range allows, from 3.8 to 3.20."""
    return [f"3.{minor}" for minor in range(8, 21) if SpecifierSet(specifier).contains(f"3.{minor}.1")]


@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: path.parent.name)
def test_every_project_asks_for_the_same_pythons(path):
    assert allowed(tomllib.loads(path.read_text(encoding="utf-8"))["project"]["requires-python"]) == PYTHONS


def test_environment_yml_asks_for_the_same_pythons():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert allowed(re.search(r"- python (\S+)", text)[1]) == PYTHONS


def test_the_makefile_looks_for_the_same_pythons():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    low, high = re.search(r"\((3, \d+)\) <= sys.version_info\[:2\] <= \((3, \d+)\)", text).groups()
    minors = range(int(low.split(", ")[1]), int(high.split(", ")[1]) + 1)
    assert [f"3.{minor}" for minor in minors] == PYTHONS
    assert re.search(r"\$\$\{PYTHON:-(.*?)\}", text)[1].split()[:3] == [f"python{version}" for version in PYTHONS]


def test_tools_and_lock_are_for_the_oldest_python():
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert tools["ruff"]["target-version"] == "py" + PYTHONS[0].replace(".", "")
    assert tools["mypy"]["python_version"] == PYTHONS[0]
    assert f"--python-version {PYTHONS[0]}" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_a_range_of_pythons_is_read():
    assert allowed(">=3.11,<3.14") == PYTHONS
    assert allowed(">=3.12,<3.14") != PYTHONS
