"""`tune` with `resume`: it goes on as if it had not stopped, and takes nothing for what it is not."""

import json
from collections import Counter
from typing import ClassVar

import numpy as np
import pytest

import tailrec
from tailrec import Scenario

CALLS = Counter()
DATA = Scenario("synthetic:n_users=50,n_items=30", split="random")


class Shifted(tailrec.ModelPlugin):
    """Ranks by popularity, with as many of the popular items last as its place is away from 7."""

    uses_weights: ClassVar[bool] = True

    place: int = 0

    def fit(self, train, *, weights=None, validation=None):
        CALLS["fit"] += 1
        self.scores_ = 1.0 * (train.item_counts() if weights is None else train.matrix(weights).sum(axis=0).A1)
        self.scores_[np.argsort(-self.scores_)[: abs(self.place - 7)]] = -1.0
        return self

    def score(self, users):
        return np.tile(self.scores_, (len(users), 1))


@pytest.fixture(autouse=True)
def calls():
    CALLS.clear()
    return CALLS


def tune(model=None, scenario=DATA, search=("place=0..9",), **values):
    return tailrec.tune(model or Shifted(), scenario, search, **({"progress": False} | values))


def told(found):
    """Return all that a search leaves but the time that it took."""
    document = json.loads(found.to_json())
    for row in document["trials"]:
        del row["seconds"]
    return document


def test_a_search_that_stopped_goes_on_as_if_it_had_not(tmp_path, calls):
    whole = tune("item-knn", search=["k=2..40"], trials=9, out=tmp_path / "whole")
    part = tune("item-knn", search=["k=2..40"], trials=4, out=tmp_path / "part")
    assert told(part)["trials"] == told(whole)["trials"][:4]
    assert told(tune("item-knn", search=["k=2..40"], trials=9, out=tmp_path / "part", resume=True)) == told(whole)
    calls.clear()
    tune(trials=4, out=tmp_path / "counted")
    tune(trials=6, out=tmp_path / "counted", resume=True)
    assert calls["fit"] == 6
    tune(trials=6, out=tmp_path / "counted")
    assert calls["fit"] == 12


def test_what_is_kept_is_not_taken_for_another_search(tmp_path, calls):
    tune(trials=3, out=tmp_path)
    for change in (
        {"weights": "inverse-activity"},
        {"metric": "recall"},
        {"scenario": Scenario("synthetic:n_users=50,n_items=30,seed=1", split="random")},
    ):
        before = calls["fit"]
        tune(trials=3, out=tmp_path, resume=True, **change)
        assert calls["fit"] == before + 3
    tune(trials=3, out=tmp_path, resume=True, segment="head")  # the same values, of other people
    assert calls["fit"] == before + 3


def test_a_damaged_piece_is_made_anew_and_that_is_said(tmp_path, calls):
    whole = tune(trials=3, out=tmp_path)
    piece = next((tmp_path / "pieces").glob("trial-*"))
    piece.write_bytes(piece.read_bytes()[:-1])
    again = tune(trials=3, out=tmp_path, resume=True)
    assert calls["fit"] == 4
    assert told(again)["trials"] == told(whole)["trials"]
    assert again.notes[-1] == f"the piece {piece.name} was damaged and has been made anew"
