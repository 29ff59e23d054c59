"""`tailrec plugins`, and switching plugins off before and after any command."""

import json
import sys
from dataclasses import replace

import pytest

from tailrec import cli, trying

pytestmark = pytest.mark.usefixtures("nothing_left_behind")

OFF = "disabled: by TAILREC_DISABLE_PLUGINS or --no-plugin"


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Run the command line in a folder of its own and return status, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def of(*arguments):
        monkeypatch.setattr(sys, "argv", ["tailrec", *arguments])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code, *capsys.readouterr()

    return of


@pytest.mark.parametrize(
    "arguments",
    [
        ["--no-plugin", "ease", "--no-plugin", "tailrec_metrics", "plugins", "--json"],
        ["plugins", "--no-plugin", "ease", "--no-plugin", "tailrec_metrics", "--json"],
        ["--no-plugin", "ease", "plugins", "--no-plugin", "tailrec-metrics", "--json"],
    ],
)
def test_plugins_are_switched_off_before_and_after_the_command(run, arguments):
    code, out, err = run(*arguments)
    assert (code, err) == (0, "")
    off = {row["name"]: row["source"] for row in json.loads(out) if row["status"] == OFF}
    assert off["ease"] == "tailrec-classics" and "ndcg" in off and "popularity" not in off


def test_what_is_switched_off_cannot_be_compared(run):
    arguments = ["compare", "--data", "synthetic", "--model", "ease"]
    for command in (["--no-plugin", "ease", *arguments], [*arguments, "--no-plugin", "ease"]):
        code, out, err = run(*command)
        assert (code, out) == (2, "") and "the model `ease` of tailrec-classics is switched off" in err


def test_the_main_job_goes_on_without_what_is_switched_off(run):
    from tailrec.experiments import default_experiment

    run("--no-plugin", "ease", "plugins")  # leaves the switch as a shell would
    what = default_experiment()
    assert "ease is left out: it is switched off" in what.notes


def test_a_switch_that_switches_nothing_is_said(run, monkeypatch):
    code, out, err = run("plugins", "--no-plugin", "eaze")
    assert (code, out) == (2, "") and "no plugin and no package is named `eaze`; did you mean `ease`?" in err
    monkeypatch.setenv("TAILREC_DISABLE_PLUGINS", "eaze,tailrec_tfrs")
    code, out, err = run("plugins")
    assert code == 0 and "two-tower" in out
    assert err == "tailrec: TAILREC_DISABLE_PLUGINS names `eaze`, which is no plugin and no package here\n"


def test_what_was_tried_is_shown(run, monkeypatch):
    def tried(found):
        return [replace(one, status="broken: tried") if one.name == "ease" else one for one in found]

    monkeypatch.setattr(trying, "tried", tried)
    assert "broken: tried" not in run("plugins")[1]
    (line,) = [line for line in run("plugins", "--load")[1].splitlines() if " ease " in line]
    assert line.endswith("broken: tried")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import sys\nsys.exit(7)", "SystemExit: 7"),
        ("import surprize", "it needs the module surprize, which is not installed: pip install surprize"),
    ],
)
def test_a_plugin_that_ends_its_import_is_a_sentence(run, install, text, reason):
    install("apack", {"first": "apack:First"}, text)
    arguments = ["compare", "--data", "synthetic", "--model", "first"]
    code, out, err = run(*arguments)
    assert (code, out) == (2, "") and "Traceback" not in err
    assert f"the model `first` of the package apack 1.2 could not be loaded: {reason}" in err
    traced = run(*arguments, "--trace")[2]
    assert "Traceback" in traced and "apack.py" in traced and traced.endswith(err)
    assert f"broken: the model `first` of the package apack 1.2 could not be loaded: {reason}" in run("plugins")[1]


@pytest.mark.parametrize(
    "text", ["1 / 0", "import tailrec\nclass First(tailrec.DataPlugin):\n    def load(self): return 1 / 0\n"]
)
def test_the_traceback_of_a_data_set_is_printed_on_request(run, install, text):
    install("apack", {"first": "apack:First"}, text, group="tailrec.data")
    code, out, err = run("data", "first")
    assert (code, out) == (2, "") and err.count("\n") == 1 and "ZeroDivisionError: division by zero" in err
    traced = run("data", "first", "--trace")[2]
    assert "Traceback" in traced and "apack.py" in traced and traced.endswith(err)
