"""A stranger's packages: generated, built and installed into a fresh environment, used, and taken away again."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]
OURS = [ROOT, *(ROOT / "plugins" / name for name in ("datasets", "metrics", "classics"))]
PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input", "-q", "-q"]
OWN = {"data": "own-shop", "model": "own-neighbours", "metric": "own-share"}
USUAL = ["compare", "--data", "synthetic:n_users=40,n_items=25", "--model", "popularity", "--model", "item-knn",
         "--metric", "ndcg", "--json"]  # fmt: skip

pytestmark = pytest.mark.extra


def run(*command, cwd, code=0):
    """Run a command that knows nothing of this environment, and return what it printed."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    settings = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=kept | settings, capture_output=True, text=True)
    assert done.returncode == code, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout if code == 0 else done.stderr


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """Return a fresh environment with the core and three plugins of the house, and a folder to work in."""
    folder = tmp_path_factory.mktemp("stranger")
    wheels = folder / "wheels"
    run(sys.executable, *PIP, "wheel", "--no-deps", "--no-build-isolation", "-w", wheels, *OURS, cwd=folder)
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    # The versions of the lock, without its hashes, which pip would ask of the wheels made here too.
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    (folder / "versions.txt").write_text("\n".join(re.findall(r"^[\w.-]+==[\w.]+", lock, flags=re.MULTILINE)))
    python = folder / "venv/bin/python"
    core = next(wheels.glob("tailrec-*.whl"))
    others = [wheel for wheel in wheels.glob("*.whl") if wheel != core]
    run(python, *PIP, "install", "-c", "versions.txt", f"{core}[new-plugin]", *others, "pytest", cwd=folder)
    return SimpleNamespace(folder=folder, python=python, tailrec=folder / "venv/bin/tailrec")


@pytest.fixture(scope="module")
def before(fresh):
    """Return what there is, and what a comparison prints, before anything of the stranger's is installed."""
    return (
        json.loads(run(fresh.tailrec, "plugins", "--json", cwd=fresh.folder)),
        run(fresh.tailrec, *USUAL, "--out", "before", cwd=fresh.folder),
    )


@pytest.fixture(scope="module")
def installed(fresh, before):
    """Generate one package of every kind, and install them from wheels; return their folders."""
    folders = {}
    for kind, name in OWN.items():
        run(fresh.tailrec, "new-plugin", kind, name, cwd=fresh.folder)
        folders[kind] = fresh.folder / f"tailrec-{name}"
    built = fresh.folder / "built"
    run(sys.executable, *PIP, "wheel", "--no-deps", "--no-build-isolation", "-w", built, *folders.values(),
        cwd=fresh.folder)  # fmt: skip
    run(fresh.python, *PIP, "install", "--no-index", *built.glob("*.whl"), cwd=fresh.folder)
    return folders


def test_what_was_built_is_what_is_imported(fresh):
    where = run(fresh.python, "-c", "import tailrec; print(tailrec.__file__)", cwd=fresh.folder)
    assert where.startswith(str(fresh.folder / "venv"))


def test_it_is_listed(fresh, before, installed):
    listed = json.loads(run(fresh.tailrec, "plugins", "--json", cwd=fresh.folder))
    new = [row for row in listed if row not in before[0]]
    assert {(row["kind"], row["name"], row["version"], row["source"], row["status"]) for row in new} == {
        (kind, name, "0.1.0", f"tailrec-{name}", "ok") for kind, name in OWN.items()
    }


@pytest.mark.parametrize("kind", OWN)
def test_it_passes_its_own_tests_as_generated(fresh, installed, kind, tmp_path):
    # The tests alone, so that it is the installed package that they see.
    tests = installed[kind] / "tests"
    said = run(fresh.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", tests, f"--rootdir={tests}", cwd=tmp_path)
    assert "passed" in said and "skipped" not in said


@pytest.mark.parametrize("name", OWN.values())
def test_it_passes_the_kit_from_the_command_line(fresh, installed, name):
    said = run(fresh.tailrec, "check", name, cwd=fresh.folder)
    assert name in said


def test_it_is_in_a_comparison_and_in_its_report(fresh, installed):
    arguments = ["--data", "own-shop", "--model", "popularity", "--model", "own-neighbours:shrinkage=2.0"]
    metrics = ["--metric", "own-share:k=3", "--metric", "ndcg:k=3"]
    said = run(fresh.tailrec, "compare", *arguments, *metrics, "--out", "own", "--json", cwd=fresh.folder)
    rows = json.loads(said)["summary"]
    assert {row["scenario"] for row in rows} == {"own-shop"}
    assert {row["model"] for row in rows} == {"popularity", "own-neighbours:shrinkage=2.0"}
    assert {row["metric"] for row in rows} == {"own-share:k=3", "ndcg:k=3"}
    report = (fresh.folder / "own/report.html").read_text(encoding="utf-8")
    assert all(name in report for name in OWN.values())
    again = run(fresh.tailrec, "compare", "own/run.toml", "--out", "again", "--json", cwd=fresh.folder)
    assert again == said


def test_uninstalled_again_nothing_else_notices(fresh, before, installed):
    packages = [f"tailrec-{name}" for name in OWN.values()]
    run(fresh.python, *PIP, "uninstall", "-y", *packages, cwd=fresh.folder)
    try:
        assert json.loads(run(fresh.tailrec, "plugins", "--json", cwd=fresh.folder)) == before[0]
        assert run(fresh.tailrec, *USUAL, "--out", "after", cwd=fresh.folder) == before[1]
        said = run(
            fresh.tailrec, "compare", "--data", "synthetic", "--model", "own-neighbours", cwd=fresh.folder, code=2
        )
        assert said.startswith("tailrec: no model is named `own-neighbours`") and "Traceback" not in said
    finally:
        run(fresh.python, *PIP, "install", "--no-index", *(fresh.folder / "built").glob("*.whl"), cwd=fresh.folder)
