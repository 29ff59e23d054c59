import json
import sys

import pytest

import tailrec
from tailrec import cli
from tailrec.outputs import summary_json

SMALL = [
    "compare",
    "--data",
    "synthetic:n_users=30,n_items=20",
    "--model",
    "popularity",
    "--model",
    "ease",
    "--jobs",
    "1",
]


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


@pytest.mark.parametrize("command", [[], ["compare"], ["tune"], ["plugins"], ["data"], ["lab"]])
def test_help(run, command):
    code, out, err = run(*command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith("Usage: tailrec " + " ".join(command)) and "Show this message and exit." in out
    assert "\x1b[" not in out and not set(out) & set("─│╭╰")


def test_help_names_every_option(run):
    _, out, _ = run("compare", "--help")
    options = [
        "data",
        "scenario",
        "split",
        "prepare",
        "model",
        "metric",
        "segments",
        "weights",
        "baseline",
        "seeds",
        "out",
        "jobs",
        "resume",
        "json",
        "trace",
    ]
    assert all(f"--{option}" in out for option in options)
    assert all(command in run("--help")[1] for command in ("compare", "plugins", "data", "lab"))


def test_without_a_command_it_says_which_there_are(run):
    code, out, err = run()
    assert code == 2 and "compare" in out + err


def test_an_unknown_command_is_refused(run):
    code, out, err = run("comprae")
    assert (code, out) == (2, "") and "No such command 'comprae'" in err


def test_plugins(run):
    code, out, err = run("plugins")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].split() == ["kind", "name", "version", "source", "status"]
    assert [line.split()[:2] for line in lines[1:]] == [[row.kind, row.name] for row in tailrec.plugins().itertuples()]
    assert not set(out) & set("─│╭╰\x1b")


def test_plugins_as_json(run):
    code, out, err = run("plugins", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == tailrec.plugins().to_dict(orient="records")
    assert {"kind": "model", "name": "ease"}.items() <= next(
        row for row in json.loads(out) if row["name"] == "ease"
    ).items()


def test_data(run):
    code, out, err = run("data", "synthetic:n_users=30,n_items=20")
    assert (code, err) == (0, "")
    facts = dict(line.rsplit(None, 1) for line in out.splitlines() if line.startswith(("users", "items", "events")))
    described = tailrec.load("synthetic", n_users=30, n_items=20).describe()
    assert facts == {key: f"{described[key]:,}" for key in ("users", "items", "events")}


def test_data_as_json(run):
    code, out, err = run("data", "synthetic:n_users=30,n_items=20", "--json")
    assert (code, err) == (0, "")
    data = tailrec.load("synthetic", n_users=30, n_items=20)
    found = json.loads(out)
    assert (found["users"], found["items"], found["title"]) == (30, 20, data.title)


def test_the_terms_of_a_data_set_are_shown(run, tmp_path):
    _, out, _ = run("data", "movielens-small")
    assert "Harper" in out
    assert "Harper" in json.loads(run("data", "movielens-small", "--json")[1])["licence"]


def test_compare_prints_tables_and_where_the_files_are(run, tmp_path):
    code, out, err = run(*SMALL, "--metric", "ndcg")
    assert (code, err) == (0, "")
    assert "synthetic: ndcg, value and 95 % interval" in out and "synthetic: ndcg, difference from popularity" in out
    assert not set(out) & set("─│╭╰\x1b\r")
    for name in ("summary.json", "results.parquet", "run.toml", "report.html"):
        assert f"results/{name}" in out and (tmp_path / "results" / name).is_file()


def test_compare_as_json_prints_json_alone(run, tmp_path):
    code, out, err = run(*SMALL, "--json", "--out", "mine")
    assert (code, err) == (0, "")
    assert json.loads(out).keys() == {"summary", "differences"}
    assert out == (tmp_path / "mine/summary.json").read_text()


def test_flags_say_what_is_compared(run):
    arguments = [
        "--metric",
        "recall:k=3",
        "--seeds",
        "2",
        "--segments",
        "length:cuts=[5]",
        "--weights",
        "inverse-activity",
    ]
    arguments += ["--split", "random", "--prepare", "drop-rare-items:min_users=2"]
    code, out, _ = run(*SMALL, *arguments, "--baseline", "ease", "--json")
    assert code == 0
    scenario = tailrec.Scenario(
        "synthetic:n_users=30,n_items=20", split="random", prepare=["drop-rare-items:min_users=2"]
    )
    expected = tailrec.compare(scenario, ["popularity", "ease"], "recall:k=3", seeds=2, baseline="ease",
                               segments="length:cuts=[5]", weights="inverse-activity")  # fmt: skip
    assert out == summary_json(expected)


def test_flags_stand_above_a_file(run, tmp_path):
    (tmp_path / "mine.toml").write_text(
        'seeds = 2\n[[scenario]]\ndata = "synthetic:n_users=30,n_items=20"\n[[model]]\nname = "popularity"\n'
        '[[metric]]\nname = "ndcg"\nk = 5\n'
    )
    code, out, _ = run("compare", "mine.toml", "--metric", "recall", "--jobs", "1", "--json")
    assert code == 0 and {row["metric"] for row in json.loads(out)["summary"]} == {"recall"}
    assert "seeds = 2" in (tmp_path / "results/run.toml").read_text()


def test_several_data_sets(run):
    code, out, _ = run(*SMALL, "--data", "movielens-small", "--metric", "ndcg", "--json")
    assert code == 0 and {row["scenario"] for row in json.loads(out)["summary"]} == {"synthetic", "movielens-small"}


def test_lab_needs_the_notebooks(run):
    code, out, err = run("lab")
    assert (code, out) == (2, "") and "run this in the project's folder" in err
