"""A package from the template: it works as it is written, and whatever is refused leaves nothing behind."""

import os
import subprocess
import sys
import tomllib

import copier
import pytest

from tailrec import InputError, PluginError, discovery, interfaces
from tailrec.new_plugin import KINDS, new_plugin

NAMES = {"data": "my-data", "model": "my-model2", "metric": "an-own-metric"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the folders of three packages, one of every kind."""
    into = tmp_path_factory.mktemp("into")
    folders = {kind: new_plugin(kind, name, into) for kind, name in NAMES.items()}
    assert sorted(path.name for path in into.iterdir()) == sorted(f"tailrec-{name}" for name in NAMES.values())
    return folders


def run(folder, *command, **environment):
    return subprocess.run(
        [str(one) for one in command],
        cwd=folder,
        env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
        capture_output=True,
        text=True,
    )


def test_each_passes_its_own_tests_as_it_is_generated(made):
    paths = os.pathsep.join(str(folder) for folder in made.values())
    tests = [folder / "tests" for folder in made.values()]
    done = run(made["data"], sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", *tests,
               PYTHONPATH=paths)  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout and "skipped" not in done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_its_files(made, kind):
    name, folder = NAMES[kind], made[kind]
    module = f"tailrec_{name.replace('-', '_')}"
    stem = name.replace("-", "_")
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and ".py" not in path.suffix}
    data = {f"{module}/events.csv"} if kind == "data" else set()
    assert files == {"README.md", "LICENSE", "pyproject.toml", ".gitignore", ".github/workflows/test.yml"} | data
    project = tomllib.loads((folder / "pyproject.toml").read_text())
    group = next(group for group, of_kind in discovery.GROUPS.items() if of_kind == kind)
    cls = "".join(part.capitalize() for part in name.split("-"))
    assert project["project"]["entry-points"] == {group: {name: f"{module}.{stem}:{cls}"}}
    text = (folder / module / f"{stem}.py").read_text()
    assert f"class {cls}(" in text and f"api_version: ClassVar[int] = {interfaces.API_VERSION}\n" in text
    assert "parametrize_with_checks" in (folder / "tests" / f"test_{stem}.py").read_text()
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix not in (".pyc", ".yml"):
            assert "{{" not in path.read_text() and "{%" not in path.read_text(), path
    assert "python-version: ${{ matrix.python }}" in (folder / ".github/workflows/test.yml").read_text()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_generated_is_in_good_style(made, kind):
    rules = ["--isolated", "--no-cache", "--line-length", "120"]
    check = run(made[kind], sys.executable, "-m", "ruff", "check", *rules, "--select", "E,F,I,UP,B,SIM")
    assert check.returncode == 0, check.stdout
    layout = run(made[kind], sys.executable, "-m", "ruff", "format", *rules, "--diff")
    assert layout.returncode == 0, layout.stdout


def test_the_command_needs_no_git_no_network_and_no_answer(tmp_path):
    command = [sys.executable, "-m", "tailrec.cli", "new-plugin", "metric", "own"]
    done = run(tmp_path, *command, PATH="", HOME=str(tmp_path / "home"), http_proxy="http://127.0.0.1:1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("tailrec-own is made. What it does is in tailrec_own/own.py.")
    assert (tmp_path / "tailrec-own/tailrec_own/own.py").is_file()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("My-Model", "did you mean `my-model`"),
        ("MyModel", "did you mean `my-model`"),
        ("my_model", "did you mean `my-model`"),
        ("my model", "did you mean `my-model`"),
        ("my--model", "did you mean `my-model`"),
        ("2-towers", "expected a name of at most 40"),
        ("-x", "expected a name of at most 40"),
        ("x-", "expected a name of at most 40"),
        ("", "expected a name of at most 40"),
        ("../x", "expected a name of at most 40"),
        ("modèle", "expected a name of at most 40"),
        ("x" * 41, "expected a name of at most 40"),
        ("x\n", "expected a name of at most 40"),
        ("test", "pytest takes what begins with `test` for tests; choose another name, such as `my-test`"),
        ("test-x", "choose another name, such as `my-test-x`"),
        ("all", "expected a name other than all and none"),
        ("class", "`class` is a word of Python itself; choose another name, such as `my-class`"),
        ("match", "`match` is a word of Python itself"),
        ("json", "`json` is a module of Python itself"),
        ("ease", "the model `ease` is that of the package tailrec-classics"),
        ("metrics", "a package is called tailrec-metrics already"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused(tmp_path, name, said):
    with pytest.raises(InputError) as caught:
        new_plugin("model", name, tmp_path)
    assert said in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_hint_that_says_little_is_not_given(tmp_path):
    with pytest.raises(InputError) as caught:
        new_plugin("model", "-X_Y", tmp_path)
    assert "did you mean `x-y`?" in str(caught.value)
    with pytest.raises(InputError) as caught:
        new_plugin("model", "../x", tmp_path)
    assert "did you mean" not in str(caught.value)


def test_the_name_of_a_plugin_of_another_kind_is_free(tmp_path):
    assert new_plugin("metric", "ease", tmp_path).name == "tailrec-ease"


def test_a_folder_that_is_there_is_left_alone(tmp_path):
    (tmp_path / "tailrec-own").mkdir()
    (tmp_path / "tailrec-own/mine.txt").write_text("mine")
    with pytest.raises(InputError, match="expected no '.*tailrec-own' yet, it is there already; choose another name"):
        new_plugin("model", "own", tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["tailrec-own", "mine.txt"]


def test_what_cannot_be_made_is_said(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="expected a folder to put the package in, there is none at"):
        new_plugin("model", "own", tmp_path / "nowhere")
    with pytest.raises(InputError, match="expected `kind` to be data, model or metric, received 'modle'; did you mean"):
        new_plugin("modle", "own", tmp_path)
    monkeypatch.setitem(sys.modules, "copier", None)
    with pytest.raises(PluginError, match=r"`new-plugin` needs copier: pip install 'tailrec\[new-plugin\]'"):
        new_plugin("model", "own", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), RuntimeError("boom"), KeyboardInterrupt()])
def test_what_is_interrupted_leaves_nothing_half_written(tmp_path, monkeypatch, error):
    def half(template, folder, *arguments, **options):
        folder.mkdir()
        (folder / "README.md").write_text("half of it")
        raise error

    monkeypatch.setattr(copier, "run_copy", half)
    wanted = InputError if isinstance(error, OSError) else type(error)
    with pytest.raises(wanted):
        new_plugin("model", "own", tmp_path)
    assert list(tmp_path.iterdir()) == []
