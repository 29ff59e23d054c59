"""The same specification and seed give the same bytes, whatever the number of workers."""

import json

import pandas as pd
import pytest


@pytest.fixture
def summary(tailrec_cli, tmp_path):
    def of(*arguments, out="out"):
        run = tailrec_cli(*arguments, "--out", out)
        assert (run.code, run.stderr) == (0, "")
        return (tmp_path / out / "summary.json").read_bytes()

    return of


def test_any_number_of_workers(summary, small, tmp_path):
    one = summary(*small, "--jobs", 1)
    assert summary(*small, "--jobs", 2, out="two") == one
    assert summary(*small, "--jobs", 3, out="three") == one
    assert len({(tmp_path / out / "report.html").read_bytes() for out in ("out", "two", "three")}) == 1
    assert summary(*small, "--jobs", 2, "--resume") == one
    assert summary(*small, "--jobs", 2) == one


def test_the_specification_that_a_run_leaves_repeats_it(summary, small, ratings, tmp_path):
    flags = ["--segments", "length:cuts=[4]", "--weights", "inverse-activity:exponent=0.5", "--prepare"]
    one = summary(*small, *flags, "drop-rare-items:min_users=2", "--split", "random:seed=3", "--jobs", 1)
    specification = (tmp_path / "out/run.toml").read_text()
    assert summary("compare", "out/run.toml", "--jobs", 1, out="again") == one
    assert (tmp_path / "again/run.toml").read_text() == specification
    for line in ("# tailrec 0.1.0\n", "# numpy ", "# python 3.", 'weights = "inverse-activity:exponent=0.5"'):
        assert line in specification


def test_another_seed_gives_other_numbers(summary, ratings, tmp_path):
    command = ["compare", "--data", f"csv:path={ratings}", "--model", "popularity", "--jobs", 1]
    model = "bpr:factors=4,learning_rate=0.3,iterations=2"

    def values(*arguments):
        rows = json.loads(summary(*command, *arguments))["summary"]
        return [row["value"] for row in rows if row["model"].startswith("bpr")]

    one = values("--model", model, "--seeds", 1)
    assert values("--model", model + ",seed=1", "--seeds", 1) != one
    assert values("--model", model, "--seeds", 2) != one


def test_seeds_are_averaged_within_a_user(summary, ratings, tmp_path):
    model = "bpr:factors=4,learning_rate=0.3,iterations=2"
    command = ["compare", "--data", f"csv:path={ratings}", "--model", model, "--metric", "ndcg", "--seeds", 3]
    rows = json.loads(summary(*command, "--jobs", 1))["summary"]
    every = next(row for row in rows if row["model"] == model and row["segment"] == "all")
    values = pd.read_parquet(tmp_path / "out/results.parquet").query("model == @model")
    by_seed = values.groupby("seed")["value"].mean()
    assert by_seed.nunique() == 3
    assert every["value"] == pytest.approx(values.groupby("user")["value"].mean().mean(), abs=1e-12)
