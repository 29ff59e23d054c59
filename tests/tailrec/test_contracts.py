"""Whether a class fulfils its contract, told without calling it."""

import functools
from typing import ClassVar

import numpy as np
import pytest

import tailrec
from tailrec import PluginError, interfaces
from tailrec.contracts import require_fulfilled, version_of, wrong_signature


def model(**members):
    """Return a class of a model with some of its methods given."""

    def fit(self, train, *, weights=None, validation=None):
        return self

    def score(self, users):
        return np.zeros((len(users), 1))

    return type("Mine", (tailrec.ModelPlugin,), {"fit": fit, "score": score, **members})


def fit_without_weights(self, train, *, validation=None): ...
def fit_by_position(self, train, weights=None, validation=None): ...
def fit_with_anything(self, *args, **kwargs): ...
def fit_with_more(self, train, *, weights=None, validation=None, epochs=3): ...
def fit_that_wants_more(self, train, epochs, *, weights=None, validation=None): ...
def score_without_users(self): ...
def score_without_self(users): ...
def score_other_word(self, people): ...
def recommend_without_exclude(self, users, k): ...
def load_from_nowhere(cls): ...


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"fit": fit_without_weights}, "fit(self, train, *, validation=None) cannot be called as the contract calls"),
        ({"fit": fit_that_wants_more}, "Mine.fit(self, train, epochs, *, weights=None, validation=None) cannot be"),
        ({"score": score_without_users}, "Mine.score(self) cannot be called as the contract calls it; write `def sc"),
        (
            {"score": score_without_self},
            "Mine.score(users) cannot be called as the contract calls it; write `def score(",
        ),
        ({"recommend": recommend_without_exclude}, "write `def recommend(self, users, k, exclude)`"),
        ({"load": classmethod(load_from_nowhere)}, "write `def load(cls, folder)`"),
    ],
)
def test_a_method_that_cannot_be_called_is_refused_with_the_line_to_write(members, said):
    assert said in wrong_signature(model(**members))
    with pytest.raises(PluginError, match="the model `mine`: Mine"):
        require_fulfilled("model", "mine", model(**members))


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"fit": fit_by_position},
        {"fit": fit_with_anything},
        {"fit": fit_with_more},
        {"score": score_other_word},
        {"score": functools.lru_cache(score_other_word)},
        {"score": staticmethod(score_without_self)},
        {"score": np.add},
    ],
)
def test_what_can_be_called_is_let_through(members):
    assert wrong_signature(model(**members)) == ""


def test_every_method_of_every_contract_is_looked_at():
    for contract, names in {
        tailrec.DataPlugin: {"load"},
        tailrec.ModelPlugin: {"fit", "score", "score_histories", "recommend", "save", "load"},
        tailrec.MetricPlugin: {"per_user"},
        tailrec.CatalogueMetric: {"per_user", "over_users"},
    }.items():
        for name in names:
            cls = type("Mine", (contract,), {name: lambda: None})
            assert f"Mine.{name}() cannot be called" in wrong_signature(cls)


def test_a_method_that_is_none_is_refused():
    cls = model()
    cls.score = None
    assert wrong_signature(cls).startswith("Mine.score is no method but None; write `def score(self, users)`")


def test_the_version_of_the_contract(monkeypatch):
    monkeypatch.setattr(interfaces, "API_VERSION", 3)
    monkeypatch.setattr(interfaces, "OLDEST_API_VERSION", 2)
    for version in (2, 3):
        require_fulfilled("model", "mine", model(api_version=version))
    with pytest.raises(PluginError, match="written for version 4 of the contract, and this tailrec knows 3; update t"):
        require_fulfilled("model", "mine", model(api_version=4))
    with pytest.raises(PluginError, match="version 1 of the contract, and this tailrec serves 2 to 3; update the plu"):
        require_fulfilled("model", "mine", model(api_version=1))
    for wrong in ("2", 2.0, None, True):
        with pytest.raises(PluginError, match="expected `api_version` to be an integer, received"):
            require_fulfilled("model", "mine", model(api_version=wrong))


def test_a_later_contract_is_said_before_what_looks_wrong_to_this_one():
    with pytest.raises(PluginError, match="version 99 of the contract"):
        require_fulfilled("model", "mine", model(api_version=99, score=score_without_users))


def test_a_package_that_states_no_version_was_written_for_the_first(monkeypatch):
    monkeypatch.setattr(interfaces, "API_VERSION", 2)
    assert version_of(model(), from_package=True) == 1 and version_of(model(), from_package=False) == 2

    class Stated(model()):
        api_version: ClassVar = 2

    class Inherited(Stated):
        k: int = 3

    assert version_of(Stated, from_package=True) == version_of(Inherited, from_package=True) == 2
