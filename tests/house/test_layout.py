"""What stands where: the top level, the length of a file, and no address of a registry anywhere."""

import fnmatch
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CARD = {"notebooks", "tailrec", "plugins", "tests", "docs", "environment.yml", "README.md"}
NEEDED = {"pyproject.toml", "requirements.lock", "Makefile", "LICENSE", ".gitignore", ".pre-commit-config.yaml", ".ci"}
LONGEST = 300
# Put together here, so that this file names none either.
REGISTRIES = ["pypi" + ".org", "pythonhosted" + ".org", "anaconda" + ".org", "anaconda" + ".com", "npmjs" + ".org"]
REGISTRIES += ["download.pytorch" + ".org", "crates" + ".io", "--index" + "-url", "--find" + "-links"]


def project_files() -> list[Path]:
    """Return the files of the project, without what is made from them."""
    ignored = [
        line.strip().strip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").split("\n") if line
    ]
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode == 0 and listed.stdout:
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if ".git" not in path.relative_to(ROOT).parts]
    made = [
        path
        for path in paths
        if any(fnmatch.fnmatch(part, x) for part in path.relative_to(ROOT).parts for x in ignored)
    ]
    return sorted(path for path in set(paths) - set(made) if path.is_file())


FILES = project_files()


def unexpected(names: set[str]) -> set[str]:
    """Return the names that do not belong at the top."""
    return names - CARD - NEEDED


def too_long(text: str) -> bool:
    return len(text.splitlines()) > LONGEST


def registries(text: str) -> list[str]:
    """Return the registries that a text names."""
    return [name for name in REGISTRIES if name in text.lower()]


def lines_that_fetch(text: str) -> list[str]:
    """Return the repositories of a pre-commit configuration that would be fetched."""
    return [
        line.strip()
        for line in text.splitlines()
        if re.match(r"\s*-?\s*repo:", line) and not line.strip().endswith("repo: local")
    ]


def test_the_top_holds_the_card_and_what_a_python_project_needs():
    top = {path.relative_to(ROOT).parts[0] for path in FILES}
    assert unexpected(top) == set()
    assert [name for name in CARD if not (ROOT / name).exists()] == []


def test_what_does_not_belong_at_the_top_is_seen():
    assert unexpected({"README.md", "setup.cfg", "src"}) == {"setup.cfg", "src"}


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix == ".py"], ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_short(path):
    assert not too_long(path.read_text(encoding="utf-8"))


def test_a_long_file_is_seen():
    assert too_long("x\n" * 301)
    assert not too_long("x\n" * 300)


def test_no_file_names_a_registry():
    texts = [p for p in FILES if p.suffix not in {".png", ".parquet", ".npz", ".gz"} and p != Path(__file__)]
    named = {str(p.relative_to(ROOT)): registries(p.read_text(encoding="utf-8", errors="replace")) for p in texts}
    # `make lock` tells the resolver to write no address.
    allowed = {"Makefile": ["--index" + "-url"]}
    assert {place: names for place, names in named.items() if names and names != allowed.get(place)} == {}


def test_a_registry_is_seen():
    assert registries("pip install -i https://" + REGISTRIES[0]) == [REGISTRIES[0]]


def test_pre_commit_fetches_nothing():
    assert lines_that_fetch((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")) == []
    assert lines_that_fetch("repos:\n  - repo: https://host/ruff\n  - repo: local\n") == ["- repo: https://host/ruff"]


def test_every_dependency_has_its_reason_in_the_design():
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8").lower()
    unexplained = [name for name in dependencies() if not re.search(rf"`{re.escape(name)}`", design)]
    assert unexplained == []


def dependencies() -> list[str]:
    """Return the names of everything that a project of the house depends on."""
    found = set()
    for path in [ROOT / "pyproject.toml", *ROOT.glob("plugins/*/pyproject.toml")]:
        project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
        lines = [
            *project["dependencies"],
            *(line for extra in project.get("optional-dependencies", {}).values() for line in extra),
        ]
        found |= {re.split(r"[<>=!~\[; ]", line, maxsplit=1)[0].lower() for line in lines}
    return sorted(found - {"tailrec"})


def test_every_plugin_has_a_readme_and_a_place_in_the_list_of_projects():
    for path in ROOT.glob("plugins/*/"):
        if (path / "pyproject.toml").exists():
            assert (path / "README.md").stat().st_size > 0
