"""The command that measures what a search found on the test: it asks there what was asked on the validation."""

import json
import shlex

import pytest

import tailrec
from tailrec import Scenario

DATA = "synthetic:n_users=60,n_items=40"
WEEKS = Scenario(DATA, split="temporal:train=30,validation=10,test=10,unit=day", windows=[5, 15])


def tune(scenario, model="item-knn:k=1", search=("k=[20,40]",), **values):
    return tailrec.tune(model, scenario, search, trials=3, progress=False, **({"segment": "all"} | values))


def options(found):
    """Return the values of every option of the command."""
    command, compare, *parts = shlex.split(found.compare_command())
    assert (command, compare) == ("tailrec", "compare")
    given = {}
    for option, value in zip(parts[::2], parts[1::2], strict=True):
        given.setdefault(option, []).append(value)
    return given


def test_it_names_the_data_the_models_and_the_model_as_it_was_given_as_baseline():
    where = Scenario(DATA, split="random:seed=3", prepare=["drop-rare-items:min_users=2"], name="mine")
    found = tune(where, weights="inverse-activity")
    assert found.best.number
    assert options(found) == {
        "--data": [DATA],
        "--split": ["random:seed=3"],
        "--prepare": ["drop-rare-items:min_users=2"],
        "--model": [found.spelling, "item-knn:k=1"],
        "--metric": ["ndcg"],
        "--baseline": ["item-knn:k=1"],
        "--weights": ["inverse-activity"],
    }
    assert found.compare_note() == ""


def test_the_model_as_it_was_given_is_not_compared_with_itself():
    found = tune(DATA, "popularity", ["count=[users,events]"])
    assert found.best.number == 0
    assert "--baseline" not in options(found) and options(found)["--model"] == ["popularity"]


def test_it_carries_the_rule_of_the_segments():
    found = tune(DATA, segments="length:cuts=[2,5]", segment="3-5")
    assert options(found)["--segments"] == ["length:cuts=[2,5]"]
    document = json.loads(found.to_json())
    assert document["segments"] == "length:cuts=[2,5]"
    assert document["best"]["compare"] == found.compare_command()


def test_what_came_from_python_has_no_command():
    assert tune(tailrec.testing.tiny(), metric="ndcg:k=3").compare_command() == ""
    rule = tune(DATA, segments=lambda lengths: {"all": lengths >= 0})
    assert (rule.compare_command(), rule.compare_note()) == ("", "")
    assert json.loads(rule.to_json())["segments"] == "<lambda>"


def test_the_windows_of_a_default_scenario_that_were_not_tuned_on_are_said(monkeypatch):
    from tailrec import tuned_command

    usual = Scenario(DATA, split=WEEKS.split, windows=[5, 15], name="films")
    monkeypatch.setattr(tuned_command, "default_scenarios", lambda: {"films": usual})
    assert options(tune(usual))["--scenario"] == ["films"] and tune(usual).compare_note() == ""
    one = tune(Scenario(DATA, split=WEEKS.split, windows=[15], name="films"))
    said = "the comparison measures all 2 windows of `films`; tuned on were those at 15"
    assert options(one)["--scenario"] == ["films"] and one.compare_note() == said
    assert json.loads(one.to_json())["best"]["compare_note"] == said
    other = tune(Scenario(DATA, split="random", name="films"))
    assert "--scenario" not in options(other) and options(other)["--data"] == [DATA]


@pytest.mark.parametrize(
    ("windows", "note"),
    [
        ([15], ""),
        (
            [15, 5],
            "the comparison measures the window at 15 alone; tuned on were those at 15, 5, "
            "and an experiment file can name them all",
        ),
    ],
)
def test_a_window_of_other_data_is_written_into_the_split(windows, note):
    found = tune(Scenario(DATA, split=WEEKS.split, windows=windows))
    (split,) = options(found)["--split"]
    assert "start=15" in split and "unit=day" in split
    assert found.compare_note() == note
