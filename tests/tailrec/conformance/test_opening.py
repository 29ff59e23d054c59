"""`tailrec check`: a name, a class, a file, a folder; what it prints and how it ends."""

import json
import sys

import pytest

from tailrec import cli

_METRIC = """
import numpy as np, tailrec
class {name}(tailrec.MetricPlugin):
    def per_user(self, ranking):
        return np.where(ranking.n_targets > 0, ranking.hits.any(axis=1), {undefined})
"""
_PROJECT = """
[project]
name = "somebodys"
[project.entry-points."{group}"]
mine = "{module}:Mine"
"""


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))

    def of(*arguments):
        monkeypatch.setattr(sys, "argv", ["tailrec", "check", *arguments])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code, *capsys.readouterr()

    return of


@pytest.fixture
def package(tmp_path):
    """Make the folder of a package that is not installed, and return it."""

    def of(module, code, group="tailrec.metrics", src=""):
        folder = tmp_path / "package"
        (folder / src).mkdir(parents=True)
        (folder / "pyproject.toml").write_text(_PROJECT.format(group=group, module=module))
        (folder / src / f"{module}.py").write_text(code)
        return str(folder)

    return of


def test_a_name(run):
    code, out, err = run("ndcg:k=3")
    assert (code, err) == (0, "") and out.startswith("metric ndcg:k=3: ")


def test_a_class_of_a_module_in_the_folder(run, tmp_path):
    (tmp_path / "of_a_module.py").write_text(_METRIC.format(name="Mine", undefined="np.nan"))
    assert run("of_a_module:Mine")[0] == 0
    assert run("of_a_module:Yours")[::2] == (2, "tailrec: the module `of_a_module` has no class `Yours`\n")
    assert "no module is named `elsewhere`" in run("elsewhere:Mine")[2]


def test_a_file_with_two_plugins_one_of_them_broken(run, tmp_path):
    code = _METRIC.format(name="Good", undefined="np.nan") + _METRIC.format(name="Bad", undefined="0.0")
    needs = "class Needs(Good):\n    path: str\n"
    (tmp_path / "two.py").write_text(code + needs)
    status, out, err = run("two.py", "--json")
    found = json.loads(out)
    assert status == 1 and found["ok"] is False
    assert [(one["plugin"], one["ok"]) for one in found["reports"]] == [("Good", True), ("Bad", False)]
    assert found["not_checked"] == {"Needs": "Needs: expected a value for `path`, which has no default"}
    assert err.startswith("tailrec: not checked, Needs: expected a value for `path`")


def test_a_file_of_which_nothing_could_be_checked_is_not_well_and_the_advice_works(run, tmp_path):
    needs = _METRIC.format(name="Needs", undefined="np.nan") + "    k: int\n"
    (tmp_path / "needs_a_value.py").write_text(needs)
    status, out, err = run("needs_a_value.py", "--json")
    assert status == 2 and json.loads(out)["ok"] is False and json.loads(out)["reports"] == []
    advice = "tailrec check needs_a_value:Needs:k=..."
    assert err.endswith(f"; give it one: {advice}\n")
    status, out, err = run(*advice.replace("...", "3").split()[2:])
    assert (status, err) == (0, "") and out.startswith("metric Needs:k=3: ")
    assert run("needs_a_value:Needs:k=x")[0] == 2


def test_a_module_that_ends_python_is_a_failure(run, tmp_path):
    (tmp_path / "ends_python.py").write_text("import sys\nsys.exit(0)\n")
    for what in ("ends_python.py", "ends_python:Mine"):
        status, out, _ = run(what)
        assert status == 1 and "could not be imported: SystemExit: 0" in " ".join(out.split())


def test_a_folder_without_a_package_does_not_hide_the_plugin_of_its_name(run, tmp_path):
    (tmp_path / "ndcg").mkdir()
    code, out, _ = run("ndcg")
    assert code == 0 and out.startswith("metric ndcg: ")
    assert "there is no pyproject.toml in 'ndcg'" in run("./ndcg")[2]


def test_a_plugin_that_is_switched_off_is_not_checked(run, monkeypatch, tmp_path):
    (tmp_path / "ndcg").mkdir()
    monkeypatch.setenv("TAILREC_DISABLE_PLUGINS", "")
    status, _, err = run("ndcg", "--no-plugin", "ndcg")
    assert status == 2 and "switched off" in err


def test_a_file_that_cannot_be_imported_fails_and_the_traceback_comes_on_request(run, tmp_path):
    (tmp_path / "crash.py").write_text("import tailrec\n1 / 0\n")
    status, out, err = run("crash.py", "--trace")
    assert status == 1 and "crash.py could not be imported: ZeroDivisionError" in out
    assert "1 / 0" in err and "loads:" in err


@pytest.mark.parametrize("src", ["", "src"])
def test_the_folder_of_a_package_that_is_not_installed(run, package, src):
    module = f"somebodys_metric{src}"
    folder = package(module, _METRIC.format(name="Mine", undefined="np.nan"), src=src)
    code, out, _ = run(folder)
    assert code == 0 and out.startswith("metric mine: ")


def test_a_folder_whose_plugin_cannot_be_imported_or_is_of_another_kind_fails(run, package, tmp_path):
    folder = package("somebodys_crash", "import nothing_of_that_name\n")
    code, out, _ = run(folder)
    assert code == 1 and "no module named nothing_of_that_name" in out
    (tmp_path / "package" / "somebodys_crash.py").write_text("class Mine:\n    pass\n")
    assert "somebodys_crash:Mine is no class that derives from tailrec.MetricPlugin" in " ".join(run(folder)[1].split())


@pytest.mark.parametrize(
    "what, said",
    [
        ("nobody", "no data set, model or metric is named `nobody`"),
        ("nowhere.py", "expected a file of Python, there is none at 'nowhere.py'"),
        ("./nowhere", "expected a folder or a file of Python, there is none at './nowhere'"),
        (".", "there is no pyproject.toml in '.'"),
        ("nobody", "a class is given as `module:Class`, a file as `file.py`, a package as its folder"),
        ("README.md", "a class is given as `module:Class`"),
        ("two.py:Mine", "give a class of a file as `two:Mine`"),
        ("sub/two.py:Mine:k=3", "give a class of a file as `sub.two:Mine:k=3`"),
        ("csv", "csv: expected a value for `path`, which has no default"),
    ],
)
def test_what_is_not_there_is_a_sentence_and_status_2(run, what, said):
    code, out, err = run(what)
    assert (code, out) == (2, "") and said in err and err.count("\n") == 1


@pytest.mark.parametrize(
    "group, said",
    [
        ("tailrec.metric", "no group of entry points is named `tailrec.metric`; did you mean `tailrec.metrics`"),
        ("other", "expected entry points in one of tailrec.data, tailrec.models, tailrec.metrics, found none"),
    ],
)
def test_a_folder_without_plugins_is_told(run, package, group, said):
    code, _, err = run(package("somebodys", "", group=group))
    assert code == 2 and said in err


@pytest.mark.parametrize(
    "text, said",
    [
        ("[project\n", "pyproject.toml cannot be read"),
        ("project = 3\n", "expected tables"),
        ("[project]\nentry-points = 3\n", 'expected tables of `name = "module:Class"` in `project.entry-points`'),
        ('[project.entry-points]\n"tailrec.metrics" = 3\n', "received {'tailrec.metrics': 3}"),
        ('[project.entry-points."tailrec.metrics"]\nm = 3\n', "received {'tailrec.metrics': {'m': 3}}"),
    ],
)
def test_a_folder_whose_project_cannot_be_read_is_told(run, tmp_path, text, said):
    (tmp_path / "pyproject.toml").write_text(text)
    code, _, err = run(".")
    assert code == 2 and said in err and err.count("\n") == 1


def test_a_file_without_plugins_is_told(run, tmp_path):
    (tmp_path / "empty.py").write_text("import tailrec\nfrom tailrec import MetricPlugin\n")
    assert "expected a class that derives from a tailrec plugin in 'empty.py', found none" in run("empty.py")[2]
