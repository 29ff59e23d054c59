"""A plugin that raises: the comparison goes on without it, and says which one, at what call, and why."""

import json

import pytest

PLUGINS = """
import numpy as np
import tailrec

class Flat(tailrec.ModelPlugin):
    def fit(self, train, *, weights=None, validation=None):
        self.n_items_ = train.n_items
        return self

    def score(self, users):
        return np.zeros((len(users), self.n_items_))

@tailrec.register.model("no-fit")
class NoFit(Flat):
    def fit(self, train, *, weights=None, validation=None):
        raise ValueError("boom\\nin two lines")

@tailrec.register.model("no-score")
class NoScore(Flat):
    def score(self, users):
        return 1 / np.array([0])[5]

@tailrec.register.model("wrong-shape")
class WrongShape(Flat):
    def score(self, users):
        return np.zeros(3)

@tailrec.register.model("no-recommend")
class NoRecommend(Flat):
    def recommend(self, users, k, exclude):
        raise KeyError("index")

@tailrec.register.model("no-pickle")
class NoPickle(Flat):
    def fit(self, train, *, weights=None, validation=None):
        self.n_items_ = train.n_items
        self.later_ = (one for one in [])
        return self

@tailrec.register.model("needs-text")
class NeedsText(Flat):
    requires = frozenset({"text"})

@tailrec.register.metric("no-per-user")
class NoPerUser(tailrec.MetricPlugin):
    def per_user(self, ranking):
        raise RuntimeError("cannot measure")

@tailrec.register.metric("no-over-users")
class NoOverUsers(tailrec.CatalogueMetric):
    def over_users(self, ranking):
        raise RuntimeError("cannot measure them")

@tailrec.register.data("no-load")
class NoLoad(tailrec.DataPlugin):
    port: int = 80
    def load(self):
        raise OSError("the server is away")
"""

BROKEN_MODELS = {
    "no-fit": "missing: no-fit on csv, in `fit`: ValueError: boom in two lines",
    "no-score": "missing: no-score on csv, in `score`: IndexError: index 5 is out of bounds for axis 0 with size 1",
    "wrong-shape": "missing: wrong-shape on csv, in `score`: PluginError: wrong-shape.score: expected numbers of shape",
    "no-recommend": "missing: no-recommend on csv, in `recommend`: KeyError: 'index'",
    "no-pickle": "missing: no-pickle on csv, in `pickle`: TypeError: cannot pickle 'generator' object",
    "needs-text": "missing: needs-text on csv, in `requires`: it needs data with text, which this has not",
}
GIVEN = "it was given 231 events of 40 users × 30 items, no weights, a validation of 38 users"


@pytest.fixture
def compare(tailrec_cli, ratings):
    def run(*arguments, data=f"csv:path={ratings}"):
        return tailrec_cli("compare", "--data", data, *arguments, before=PLUGINS)

    return run


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_broken_model(compare, tmp_path, jobs):
    models = [part for name in ("popularity", "ease", *BROKEN_MODELS) for part in ("--model", name)]
    run = compare(*models, "--metric", "ndcg", "--jobs", jobs)
    assert (run.code, run.stderr) == (1, "")
    said = [line for line in run.stdout.splitlines() if line.startswith("missing: ")]
    assert len(said) == len(BROKEN_MODELS)
    for sentence in BROKEN_MODELS.values():
        assert any(line.startswith(sentence) for line in said), (sentence, said)
    rows = json.loads((tmp_path / "results/summary.json").read_text())["summary"]
    assert {row["model"] for row in rows} == {"popularity", "ease"}
    report = (tmp_path / "results/report.html").read_text()
    assert all(f"<li>{name} on csv, in `" in report for name in BROKEN_MODELS)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_broken_metric(compare, tmp_path, jobs):
    metrics = [part for name in ("no-per-user", "ndcg", "no-over-users", "coverage") for part in ("--metric", name)]
    run = compare("--model", "popularity", "--model", "ease", *metrics, "--jobs", jobs)
    assert (run.code, run.stderr) == (1, "")
    said = {line for line in run.stdout.splitlines() if line.startswith("missing: ")}
    assert said == {
        f"missing: {metric} of {model} on csv, in `{call}`: RuntimeError: {reason}; it was given lists of 10 for {whom}"
        for model in ("popularity", "ease")
        for metric, call, reason, whom in [
            ("no-per-user", "per_user", "cannot measure", "40 users"),
            ("no-over-users", "over_users", "cannot measure them", "groups of 17 users"),
        ]
    }
    found = json.loads((tmp_path / "results/summary.json").read_text())
    for table in found.values():
        assert {row["metric"] for row in table} == {"ndcg", "coverage"}
    assert "no-per-user of popularity" in (tmp_path / "results/report.html").read_text()


def test_trace_prints_where_it_was_raised(compare):
    arguments = ["--model", "popularity", "--model", "no-score", "--metric", "ndcg", "--jobs", 1]
    assert "Traceback" not in compare(*arguments).stderr
    trace = compare(*arguments, "--trace").stderr
    assert (
        "Traceback" in trace
        and "in score" in trace
        and trace.rstrip().endswith("IndexError: index 5 is out of bounds for axis 0 with size 1")
    )


def test_json_with_a_failure_prints_json_alone(compare):
    run = compare("--model", "popularity", "--model", "no-fit", "--metric", "ndcg", "--json")
    assert run.code == 1
    assert {row["model"] for row in json.loads(run.stdout)["summary"]} == {"popularity"}
    assert run.stderr == f"{BROKEN_MODELS['no-fit']}; {GIVEN}\n"


def test_a_broken_baseline_is_one_sentence(compare):
    arguments = ["--model", "ease", "--baseline", "no-fit", "--jobs", 1]
    run = compare(*arguments)
    assert (run.code, run.stdout) == (2, "")
    assert run.stderr == (
        "tailrec: the baseline failed, and there is nothing to compare with: no-fit on csv, in `fit`: "
        f"ValueError: boom in two lines; {GIVEN}\n"
    )
    traced = compare(*arguments, "--trace")
    assert traced.code == 2 and "Traceback" in traced.stderr and traced.stderr.endswith(run.stderr)


def test_nothing_that_works_is_one_sentence(compare):
    run = compare("--model", "popularity", "--metric", "no-per-user", "--jobs", 1)
    assert (run.code, run.stdout) == (2, "")
    assert run.stderr == (
        "tailrec: nothing could be measured: no-per-user of popularity on csv, in `per_user`: "
        "RuntimeError: cannot measure; it was given lists of 10 for 40 users\n"
    )


def test_broken_data_is_one_sentence(compare):
    run = compare("--model", "popularity", data="no-load:port=81")
    assert (run.code, run.stdout) == (2, "")
    assert run.stderr == (
        "tailrec: scenario `no-load`: the data cannot be used, `load` of no-load:port=81 failed: "
        "OSError: the server is away\n"
    )
    assert "Traceback" in compare("--model", "popularity", "--trace", data="no-load").stderr
