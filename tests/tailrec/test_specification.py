"""What is compared on what: names, classes and objects side by side, checked before anything runs."""

from typing import ClassVar, Literal

import numpy as np
import pandas as pd
import pytest

import tailrec
from tailrec import InputError, PluginError, Scenario, names, registry
from tailrec.scenarios import default_document
from tailrec.specification import experiment


class Toy(tailrec.ModelPlugin):
    k: int = 3
    kind: Literal["a", "b"] = "a"
    seed: int = 0
    text: str | None = None

    def fit(self, train, *, weights=None, validation=None):
        return self

    def score(self, users):
        return np.zeros((len(users), 1))


class Other(Toy):
    uses_weights: ClassVar[bool] = True


class ToyData(tailrec.DataPlugin):
    n: int = 3

    def load(self):
        return tailrec.Interactions.from_frame(pd.DataFrame({"user": range(self.n), "item": range(self.n)}))


class Share(tailrec.MetricPlugin):
    k: int = 10

    def per_user(self, ranking):
        return np.zeros(len(ranking.items))


@pytest.fixture(autouse=True)
def toys(monkeypatch):
    monkeypatch.setattr(registry, "_registered", {})
    for cls in (Toy, Other, ToyData, Share):
        monkeypatch.setattr(cls, "name", "")
    tailrec.register.model("toy")(Toy)
    tailrec.register.model("other")(Other)
    tailrec.register.data("toy-data")(ToyData)
    tailrec.register.metric("share")(Share)


def spelled(things):
    return [names.spelling(one) for one in things]


def test_names_spellings_classes_and_objects_stand_side_by_side():
    what = experiment(
        ["toy-data", Scenario("toy-data:n=5", name="five"), ToyData(n=7).load()],
        ["toy", "toy:k=5", Other, Toy(k=7)],
        ["share", Share(k=3)],
        baseline="toy",
    )
    assert [one.name for one in what.scenarios] == ["toy-data", "five", "data"]
    assert spelled(what.models) == ["toy", "toy:k=5", "other", "toy:k=7"]
    assert spelled(what.metrics) == ["share", "share:k=3"]
    one = experiment("toy-data", "toy", "share", baseline="toy")
    assert (len(one.scenarios), len(one.models), len(one.metrics), one.notes) == (1, 1, 1, ())
    assert experiment(ToyData(), Toy, Share, baseline="toy").models[0].k == 3


@pytest.mark.parametrize(
    ("models", "baseline", "label", "all_models"),
    [
        (["toy", "other"], "other", "other", ["toy", "other"]),
        (["toy:k=5", "other"], "toy:k=5", "toy:k=5", ["toy:k=5", "other"]),
        (["toy:k=5", "other"], "toy", "toy:k=5", ["toy:k=5", "other"]),
        # A default that is written out is still the same model.
        (["toy", "other"], "toy:k=3", "toy", ["toy", "other"]),
        (["other"], "toy:k=5", "toy:k=5", ["toy:k=5", "other"]),
        (["other"], Toy(k=5), "toy:k=5", ["toy:k=5", "other"]),
        # Two go by the name, so it is the one without parameters that is meant.
        (["toy:k=5", "toy:k=7"], "toy", "toy", ["toy", "toy:k=5", "toy:k=7"]),
        ([], "toy", "toy", ["toy"]),
    ],
)
def test_the_baseline_is_found_among_the_models_or_added_and_that_is_said(models, baseline, label, all_models):
    what = experiment("toy-data", models, "share", baseline=baseline)
    assert what.baseline == label and spelled(what.models) == all_models
    assert what.notes == ((f"{label} was added as the baseline",) if len(all_models) > len(models) else ())


def test_the_baseline_may_be_one_of_the_objects():
    mine = Toy(k=9)
    assert experiment("toy-data", ["toy", mine], "share", baseline=mine).baseline == "toy:k=9"


def test_the_usual_baseline_is_that_of_the_data_file(monkeypatch):
    usual = default_document()["baseline"]
    assert experiment("toy-data", "toy", "share").baseline == usual
    monkeypatch.setattr(registry, "installed", lambda: ())
    what = experiment("toy-data", ["toy", "other"], "share")
    assert what.baseline == "toy" and what.notes == ("the baseline is toy, the first model",)
    with pytest.raises(PluginError, match=f"no model is named `{usual}`"):
        experiment("toy-data", [], "share")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"models": ["toy", "toy:k=3"]}, "expected every model once, received `toy` twice; give one of them other par"),
        ({"scenarios": ["toy-data:n=5", "toy-data:n=5"]}, "a name of its own, received `toy-data:n=5` twice"),
        ({"scenarios": []}, "expected at least one scenario or data set, such as `movielens-small`, received none"),
        ({"scenarios": 3}, "expected a name, an object or a list of them, received 3"),
        ({"models": [3]}, "expected the name of a model, such as `ease`, or an object of one, received 3"),
        ({"metrics": []}, "expected at least one metric"),
        ({"seeds": 0}, "expected `seeds` to be an integer of at least 1, received 0"),
        ({"seeds": "3"}, "expected `seeds` to be an integer of at least 1, received '3'"),
        ({"seeds": True}, "expected `seeds` to be an integer of at least 1, received True"),
        ({"threads": 0}, "expected `threads` to be an integer of at least 1"),
        ({"resamples": 99}, "expected `resamples` to be an integer of at least 100, received 99"),
        ({"segments": "activty"}, "no segment rule is named `activty`"),
        ({"segments": 3}, "expected the name of a segment rule"),
        ({"weights": "inverse"}, "no weighting scheme is named `inverse`"),
        ({"weights": 3}, "expected the name of a weighting scheme"),
        (
            {"scenarios": Scenario("toy-data", models=["ohter"])},
            "no model of the comparison is named `ohter`; did",
        ),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(values, said):
    with pytest.raises(InputError, match=said):
        experiment(
            **({"scenarios": "toy-data", "models": ["toy", "other"], "metrics": "share"} | values), baseline="toy"
        )


def test_unknown_plugins_are_offered_the_nearest():
    with pytest.raises(PluginError, match="no model is named `othr`; did you mean `other`"):
        experiment("toy-data", "othr", "share")
    with pytest.raises(PluginError, match="no metric is named `shar`; did you mean `share`"):
        experiment("toy-data", "toy", "shar")


def test_a_scenario_may_run_some_of_the_models_the_baseline_among_them():
    place = Scenario("toy-data", models=["other", "toy:k=5"])
    what = experiment([place, Scenario("toy-data", name="all")], ["toy", "toy:k=5", "toy:k=7", "other"], baseline="toy")
    assert spelled(what.models_for(place)) == ["toy", "toy:k=5", "other"]
    assert spelled(what.models_for(what.scenarios[1])) == spelled(what.models)
    assert what.notes == ("on toy-data only other, toy:k=5 run, as its specification says",)


def test_two_files_of_one_kind_go_by_their_spelling():
    what = experiment(["toy-data:n=4", "toy-data:n=5", Scenario("toy-data", name="mine")], ["toy", "other"], "share")
    assert [place.name for place in what.scenarios] == ["toy-data:n=4", "toy-data:n=5", "mine"]
