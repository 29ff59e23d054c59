"""What is tried next is a function of what was tried and the seed."""

import builtins
import math

import optuna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrec import InputError
from tailrec.search_space import Choice, Range
from tailrec.suggesting import Tried, suggest

SPACE = {"l2": Range(1.0, 1000.0, log=True), "k": Range(1, 9), "kind": Choice(("a", None, [1, 2]))}


def searched(space, n, seed, value, tried=()):
    tried = list(tried)
    while len(tried) < n:
        found = suggest(space, tried, seed)
        if found is None:
            break
        tried.append(Tried(found, value(found)))
    return tried


def good_near_30(parameters):
    return -((math.log10(parameters["l2"] / 30)) ** 2) - (parameters["kind"] is not None)


def test_it_goes_on_as_if_it_had_not_stopped():
    whole = searched(SPACE, 14, 3, good_near_30)
    for stopped in (1, 5, 12):
        assert searched(SPACE, 14, 3, good_near_30, whole[:stopped]) == whole
    assert searched(SPACE, 14, 4, good_near_30) != whole


@given(st.integers(0, 2**31), st.integers(0, 12))
def test_what_it_proposes_lies_in_the_space_and_is_new(seed, n):
    tried = searched(SPACE, n, seed, lambda _: None if seed % 2 else 1.0)
    found = suggest(SPACE, tried, seed)
    assert 1 <= found["l2"] <= 1000 and float(f"{found['l2']:.4g}") == found["l2"]
    assert type(found["k"]) is int and 1 <= found["k"] <= 9
    assert found["kind"] in ("a", None, [1, 2])
    assert all(found != one.parameters for one in tried)


def test_it_finds_a_hill_better_than_chance_does():
    space = {"l2": SPACE["l2"], "kind": SPACE["kind"]}
    late = []
    for seed in range(5):
        tried = searched(space, 30, seed, good_near_30)
        late += [one.value for one in tried[20:]]
    # Drawn at random: a variance of 3² / 12 around the middle of the range, and 2/3 for the kind.
    assert sum(late) / len(late) > -0.9 > -(9 / 12 + 2 / 3)


def test_lower_may_be_better():
    tried = searched(SPACE, 12, 0, good_near_30)
    down = [Tried(one.parameters, -one.value) for one in tried]
    assert suggest(SPACE, tried, 0) == suggest(SPACE, down, 0, higher_is_better=False)
    assert suggest(SPACE, tried, 0) != suggest(SPACE, tried, 0, higher_is_better=False)


def test_a_few_combinations_are_tried_to_the_last_one():
    space = {"k": Range(1, 5), "yes": Choice((False, True)), "kind": Choice(("a", "b", "c", "d"))}
    tried = searched(space, 100, 0, lambda found: float(found["k"]))
    assert len(tried) == 40
    assert len({(one.parameters["k"], one.parameters["yes"], one.parameters["kind"]) for one in tried}) == 40


def test_a_model_that_lies_outside_of_the_space_does_not_disturb():
    outside = [Tried({"l2": 5000.0, "k": 1, "kind": "a"}, 9.0), Tried({"l2": 5.0, "k": 1, "kind": "other"}, 9.0)]
    assert suggest(SPACE, outside, 0)["l2"] <= 1000


def test_optuna_says_nothing_and_is_left_as_it_was(capfd):
    optuna.logging.set_verbosity(optuna.logging.INFO)
    suggest(SPACE, [], 0)
    assert optuna.logging.get_verbosity() == optuna.logging.INFO
    assert capfd.readouterr() == ("", "")


def test_without_optuna_it_says_what_to_install(monkeypatch):
    usual = builtins.__import__

    def without(name, *arguments, **values):
        if name == "optuna":
            raise ImportError(name)
        return usual(name, *arguments, **values)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"expected optuna to search with.*pip install 'tailrec\[tune\]'"):
        suggest(SPACE, [], 0)
