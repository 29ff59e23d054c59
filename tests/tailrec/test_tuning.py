"""`tune`: chosen on the validation alone, and every trial told."""

import dataclasses
import json
from collections import Counter
from typing import Annotated, ClassVar

import numpy as np
import pandas as pd
import pytest
from pydantic import Field

import tailrec
from tailrec import InputError, PluginError, Scenario, TailrecError
from tailrec.splitting import Split

CALLS = Counter()


def data(seed=0):
    """Return events in which a few items are popular."""
    rng = np.random.default_rng(seed)
    chances = 1 / np.arange(1, 31)
    rows = [
        (user, item)
        for user in range(50)
        for item in rng.choice(30, size=rng.integers(3, 14), replace=False, p=chances / chances.sum())
    ]
    return tailrec.Interactions.from_frame(pd.DataFrame(rows, columns=["user", "item"]))


DATA = Scenario(data(), split="random", name="made up")


class Nearest(tailrec.ModelPlugin):
    """Ranks by popularity at its best place, 7; elsewhere as many of the popular items come last as it is away."""

    uses_weights: ClassVar[bool] = True

    place: Annotated[int, Field(ge=0, le=9)] = 0
    broken: int = -1
    free: float = 1.0

    def fit(self, train, *, weights=None, validation=None):
        CALLS["fit"] += 1
        if self.place == self.broken:
            raise RuntimeError("no such place")
        self.scores_ = 1.0 * (train.item_counts() if weights is None else train.matrix(weights).sum(axis=0).A1)
        self.scores_[np.argsort(-self.scores_)[: abs(self.place - 7)]] = -1.0
        return self

    def score(self, users):
        return np.tile(self.scores_, (len(users), 1))


@pytest.fixture(autouse=True)
def calls():
    CALLS.clear()
    return CALLS


def tune(model=None, scenario=DATA, search=None, **values):
    return tailrec.tune(model or Nearest(), scenario, search, **({"trials": 6, "progress": False} | values))


def told(found):
    """Return all that a search leaves but the time that it took."""
    document = json.loads(found.to_json())
    for row in document["trials"]:
        del row["seconds"]
    return document


def test_the_best_is_found_and_every_trial_is_told(tmp_path):
    found = tune(trials=10, out=tmp_path)
    assert found.model.place == 7 and found.spelling == "Nearest:place=7"
    assert [trial.number for trial in found.trials] == list(range(10))
    assert sorted(trial.parameters["place"] for trial in found.trials) == list(range(10))
    assert found.trials[0].parameters == {"place": 0}
    table = pd.read_csv(tmp_path / "trials.csv")
    assert list(table.columns[:3]) == ["number", "state", "place"]
    assert table.loc[table["ndcg tail"].idxmax(), "place"] == 7
    assert json.loads((tmp_path / "trials.json").read_text()) == json.loads(found.to_json())


def test_its_values_are_those_of_evaluate_on_the_validation():
    found = tune("ease", search=["l2=1..1000:log"], metric="recall:k=12", segment="newest", weights="inverse-activity")
    (_, split), *_ = found.scenario.splits()
    masks = tailrec.segment_users(split.train)
    for trial in found.trials[:3]:
        model = tailrec.model("ease", l2=trial.parameters["l2"])
        values = tailrec.evaluate(model, split, "recall:k=12", on="validation", weights="inverse-activity")[
            "value"
        ].to_numpy()
        for name in ("all", "tail", "newest", "head"):
            assert trial.segments[name] == pytest.approx(np.nanmean(values[masks[name]]), abs=1e-12)


def test_windows_are_pooled_over_their_users():
    rng = np.random.default_rng(0)
    events = pd.DataFrame({"user": rng.integers(40, size=3000), "item": rng.integers(30, size=3000)})
    events["timestamp"] = rng.integers(30 * 86400, size=3000)
    data = tailrec.Interactions.from_frame(events, timestamp="timestamp", duplicates="keep")
    where = Scenario(data, split="temporal:train=5,validation=2,test=2,unit=day", windows=[0, 10, 20])
    found = tune("popularity", where, {"count": ["users", "events"]}, segment="all", trials=2)
    for trial in found.trials:
        values = [
            tailrec.evaluate(tailrec.model("popularity", **trial.parameters), split, on="validation")["value"]
            for _, split in where.splits()
        ]
        assert trial.segments["all"] == pytest.approx(np.nanmean(np.concatenate(values)), abs=1e-12)
    assert len(found.objective.asked.people) == sum(int(one.notna().sum()) for one in values)


class Bounded(Nearest):
    """Takes no place beyond the best one."""

    place: Annotated[int, Field(ge=0, le=7)] = 0


class Curious(Nearest):
    """Reads all that it is given."""

    def fit(self, train, *, weights=None, validation=None):
        super().fit(train, weights=weights)
        self.scores_ = self.scores_ + validation.targets.sum(axis=0).A1 + validation.masked.sum(axis=0).A1
        return self


class Poison:
    """A test that nobody may look at."""

    def __getattr__(self, name):
        raise AssertionError(f"the test was read: {name}")


def test_the_test_is_never_read(monkeypatch):
    usual = Scenario.splits

    def poisoned(scenario):
        for name, split in usual(scenario):
            assert isinstance(split, Split)
            yield name, dataclasses.replace(split, test=Poison())

    clean = tune(Curious(), DATA, weights="inverse-activity")
    monkeypatch.setattr(Scenario, "splits", poisoned)
    assert told(tune(Curious(), DATA, weights="inverse-activity")) == told(clean)


def test_a_trial_that_fails_is_recorded_and_the_search_goes_on():
    found = tune(Nearest(broken=4), trials=10)
    failed = [trial for trial in found.trials if trial.reason]
    assert [trial.parameters["place"] for trial in failed] == [4]
    assert "in `fit`: RuntimeError: no such place" in failed[0].reason
    assert found.model.place == 7
    assert found.warnings()[0].startswith("1 of 10 trials failed: Nearest:place=4")
    row = json.loads(found.to_json())["trials"][failed[0].number]
    assert (row["state"], row["value"], row["segments"]) == ("failed", None, {})
    assert 'raise RuntimeError("no such place")' in failed[0].trace


def test_parameters_that_do_not_go_together_fail_alone():
    class Picky(Nearest):
        def __post_init__(self):
            if self.place == 2:
                raise InputError("two does not go with the rest")

    found = tune(Picky(), search={"place": [2, 7]}, trials=3)
    assert {trial.reason for trial in found.trials if trial.parameters["place"] == 2} == {
        "Picky: two does not go with the rest"
    }
    assert found.model.place == 7


def test_a_search_of_which_every_trial_fails_is_refused(tmp_path):
    with pytest.raises(PluginError, match="Nearest:broken=0: all 3 trials failed; most often .*no such place") as error:
        tune(Nearest(broken=0), search={"free": "1..2"}, trials=3, out=tmp_path)
    assert [row["state"] for row in json.loads((tmp_path / "trials.json").read_text())["trials"]] == ["failed"] * 3
    assert 'raise RuntimeError("no such place")' in "".join(error.value.__notes__)


def test_what_speaks_against_the_best_value_is_said():
    found = tune(trials=10)
    assert found.warnings()[-1].endswith(
        "is the best of 10 trials on the validation that chose it, so it flatters; measure on the test, once"
    )
    assert len(found.warnings()) == 1
    edge = tune(search={"place": [1, 2, 3]}, trials=4)
    assert edge.warnings()[0] == "place=3 lies at the upper edge of [1,2,3]: search further out"
    wider = tune(Nearest(place=9), search={"place": "7..9"}, trials=4)
    assert wider.warnings()[0] == "place=7 lies at the lower edge of 7..9: search further out"
    natural = tune(Bounded(place=1), search={"place": "5..7"}, trials=4)
    assert natural.model.place == 7 and len(natural.warnings()) == 1
    given = tune(Nearest(place=7), search={"place": [1, 2]}, trials=3)
    assert given.best.number == 0 and given.warnings()[0] == "no trial did better than the model as it was given"


def test_the_difference_from_the_model_as_it_was_given_has_its_interval():
    found = tune(trials=10)
    first, best = (found.trials[number].values for number in (0, found.best.number))
    tail = found.objective.asked.masks["tail"]
    expected = tailrec.bootstrap_interval((best - first)[tail], found.objective.asked.people[tail])
    assert tuple(found.difference) == tuple(expected)
    assert found.difference.value == pytest.approx(found.value - found.trials[0].segments["tail"])
    assert tune(Nearest(broken=0), trials=10).difference is None


def test_lower_is_better_for_a_metric_that_says_so():
    class Misses(tailrec.MetricPlugin):
        higher_is_better: ClassVar[bool] = False
        k: int = 5

        def per_user(self, ranking):
            return 1.0 - ranking.hits.any(axis=1)

    found = tune(metric=Misses(), trials=10)
    values = [trial.segments["tail"] for trial in found.trials]
    assert found.value == min(values) < max(values)


def test_who_has_no_value_is_left_out_of_the_mean():
    class OddUsers(tailrec.MetricPlugin):
        def per_user(self, ranking):
            return np.where(ranking.users % 2, ranking.users, np.nan)

    found = tune(metric=OddUsers(), segment="all", trials=2)
    odd = found.objective.asked.people[found.objective.asked.people % 2 == 1]
    assert found.value == pytest.approx(odd.mean())


def test_of_several_that_are_as_good_the_first_is_taken():
    assert tune(search={"free": "1..2"}, trials=4).best.number == 0


def test_a_model_object_is_left_as_it_is():
    model = Nearest()
    found = tune(model, trials=3)
    assert not tailrec.is_fitted(model) and not tailrec.is_fitted(found.model)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"trials": 1}, "expected `trials` to be an integer of at least 2, received 1"),
        ({"trials": "9"}, "expected `trials` to be an integer of at least 2, received '9'"),
        ({"seed": -1}, "expected `seed` to be an integer of at least 0, received -1"),
        ({"segment": "tial"}, "no segment is named `tial`; did you mean `tail`?"),
        ({"segment": "new"}, "expected somebody in segment `new` of whom the validation asks"),
        ({"segments": "activty"}, "no segment rule is named `activty`; did you mean `activity`?"),
        ({"metric": "coverage"}, "coverage has no value for a single user"),
        ({"metric": "ndcg:k=31"}, "ndcg:k=31: expected `k` to be at most the number of items, 30, received 31"),
        ({"metric": "ndgc"}, "no metric is named `ndgc`; did you mean `ndcg`?"),
        ({"model": "ease"}, "ease: expected to be told what to search"),
        ({"weights": "inverse"}, "no weighting scheme is named `inverse`"),
        ({"model": "bpr", "search": ["factors=2..4"], "weights": "inverse-activity"}, "bpr makes no use of weights"),
        ({"scenario": "synthetc"}, "no scenario and no data set is named `synthetc`; did you mean `synthetic`?"),
        (
            {"scenario": Scenario("synthetic", split="random:validation=0")},
            "scenario `synthetic`: expected a validation with something to find, received none",
        ),
    ],
)
def test_what_cannot_be_tuned_is_a_sentence(values, wanted):
    with pytest.raises(TailrecError) as error:
        tune(**values)
    assert wanted in str(error.value)


def test_data_that_lacks_what_the_model_requires_is_refused_before_the_first_trial(calls):
    class Timed(Nearest):
        requires: ClassVar[frozenset] = frozenset({"ratings"})

    with pytest.raises(InputError, match="Timed: expected data with ratings"):
        tune(Timed())
    assert not calls
