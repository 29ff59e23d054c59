"""Running checks: whatever a plugin does becomes an outcome, and what is expected to fail is held to its word."""

import json
import re
import time

import numpy as np
import pytest

import tailrec
from tailrec import InputError, PluginError, registry
from tailrec.conformance.checks import KINDS
from tailrec.conformance.running import Run, all_checks_of


class Sound(tailrec.MetricPlugin):
    def per_user(self, ranking):
        return np.where(ranking.n_targets > 0, ranking.hits.any(axis=1), np.nan)


class NoNan(tailrec.MetricPlugin):
    def per_user(self, ranking):
        return ranking.hits.any(axis=1).astype(float)


class Raises(tailrec.MetricPlugin):
    def per_user(self, ranking):
        raise SystemExit("I <give> up")


class Hangs(tailrec.MetricPlugin):
    def per_user(self, ranking):
        try:
            time.sleep(60)
        except Exception:
            return self.per_user(ranking)


def test_what_passes_and_what_fails_is_told():
    good, bad = tailrec.check(Sound()), tailrec.check(NoNan)
    assert good.ok and not good.failed and not bad.ok
    assert [one.check for one in bad.failed] == ["undefined-is-nan"]
    assert bad["undefined-is-nan"].sentence == (
        "user 0 has no target and the value 0, which would count in the mean; "
        "return np.nan where `ranking.n_targets` is 0"
    )
    assert re.fullmatch(r"metric NoNan: \d+ passed, 1 failed, \d+ not applicable, in \d+\.\d s", bad.summary)


def test_what_a_plugin_raises_is_a_failure_with_its_traceback_and_what_stands_on_it_is_not_run():
    report = tailrec.check(Raises())
    assert [one.check for one in report.failed] == ["one-value-a-user"]
    outcome = report["one-value-a-user"]
    assert outcome.sentence.startswith("`per_user` raised SystemExit: I <give> up; ")
    assert 'raise SystemExit("I <give> up")' in outcome.trace
    assert report["direction-as-declared"].sentence == "not run, because `one-value-a-user` failed"


def test_what_hangs_is_ended_and_cannot_catch_it():
    report = tailrec.check(Hangs(), limit_s=0.3)
    assert [one.check for one in report.failed] == ["one-value-a-user"]
    assert report["one-value-a-user"].sentence.startswith("it was ended after 0.3 s; ")
    assert "time.sleep(60)" in report["one-value-a-user"].trace


def test_an_expected_failure_is_told_with_its_reason_and_its_sentence():
    report = tailrec.check(NoNan, expected_failures={"undefined-is-nan": "everybody is asked something"})
    outcome = report["undefined-is-nan"]
    assert report.ok and outcome.outcome == "expected failure"
    assert outcome.sentence.startswith("everybody is asked something (user 0 has no target")


@pytest.mark.parametrize(
    "name, said", [("undefined-is-nan", "it passes now"), ("worked-values-met", "it does not apply")]
)
def test_an_expected_failure_that_is_stale_is_a_failure(name, said):
    report = tailrec.check(Sound(), expected_failures=lambda plugin: {name: f"of {type(plugin).__name__}"})
    assert [one.check for one in report.failed] == [name]
    assert "declared as an expected failure (of Sound)" in report[name].sentence
    assert said in report[name].sentence and report[name].sentence.endswith("; remove the declaration")


def test_an_expected_failure_of_no_check_is_refused():
    with pytest.raises(InputError, match="received 'undefined-is-nam'; did you mean `undefined-is-nan`"):
        tailrec.check(Sound(), expected_failures={"undefined-is-nam": "a slip"})


def test_a_report_is_a_table_of_text_and_of_html_and_json():
    report = tailrec.check(Raises())
    lines = repr(report).splitlines()
    assert lines[0] == report.summary and lines[1].split() == ["one-value-a-user", "failed"]
    page = report._repr_html_()
    assert page.count("<tr>") == len(report.outcomes) + 1
    assert "<code>per_user</code> raised SystemExit: I &lt;give&gt; up" in page and "<give>" not in page
    read = json.loads(report.to_json())
    assert read["plugin"] == "Raises" and read["kind"] == "metric" and read["ok"] is False
    assert {one["check"]: one["outcome"] for one in read["checks"]} == {
        one.check: one.outcome for one in report.outcomes
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_check_says_what_it_holds_and_how_to_mend(kind):
    checks = all_checks_of(kind)
    assert len({one.name for one in checks}) == len(checks) >= 20
    for one in checks:
        assert one.holds.endswith(".") and len(one.holds) > 20 and one.mend and not one.mend.endswith(".")
        assert one.holds.count(". ") == 0, "one sentence"
    order = [one.name for one in checks]
    known = {one.name for each in KINDS for one in all_checks_of(each)}
    assert all(name in known for one in checks for name in one.after), order


def test_every_check_is_run_once_whoever_asks_for_it():
    run = Run(Sound())
    first = run.outcome(run.checks[-1])
    assert run.outcome(run.checks[-1]) is first and run.report()[first.check] is first


@pytest.mark.parametrize("thing", [3, object(), int, lambda: 0])
def test_what_is_no_plugin_is_refused(thing):
    with pytest.raises(InputError, match="expected a plugin, a class that derives from"):
        tailrec.check(thing)


def test_a_name_that_nobody_has_is_refused_and_a_plugin_that_cannot_be_loaded_fails(monkeypatch):
    with pytest.raises(PluginError, match="no data set, model or metric is named `ndgc`; did you mean `ndcg`"):
        tailrec.check("ndgc")
    with pytest.raises(InputError, match="expected `k` to be greater than or equal to 1"):
        tailrec.check("ndcg:k=0")

    def broken(kind, name):
        raise PluginError(f"the {kind} `{name}` could not be loaded: ImportError: a part is missing")

    monkeypatch.setattr(registry, "find", broken)
    report = tailrec.check("ndcg")
    assert [one.check for one in report.outcomes] == ["loads"] and not report.ok
    assert "ImportError: a part is missing; mend what its error says" in report["loads"].sentence


def test_the_name_of_two_kinds_is_refused():
    try:
        tailrec.register.metric("popularity")(type("AsMetric", (Sound,), {}))
        with pytest.raises(InputError, match="`popularity` is the name of a model and of a metric; give the class"):
            tailrec.check("popularity")
    finally:
        registry._registered.pop(("metric", "popularity"))


def test_a_class_that_pickle_does_not_find_is_told_where_it_belongs():
    class Local(tailrec.ModelPlugin):
        def fit(self, train, *, weights=None, validation=None):
            self.counts_, self.n_users_ = train.item_counts().astype(float), train.n_users
            return self

        def score(self, users):
            return np.tile(self.counts_, (len(users), 1))

    sentence = tailrec.check(Local)["saves-and-loads"].sentence
    assert "`save` raised" in sentence and sentence.endswith("; define the class at the top of a cell or module")
