"""Shrunken scores: the mean of the members, weighed by what is known of a person."""

from __future__ import annotations

import numpy as np
import pytest
from tailrec_classics.ease import Ease
from tailrec_classics.ials import Ials
from tailrec_classics.item_knn import ItemKnn
from tailrec_classics.popularity import Popularity
from tailrec_classics.shrunken import Shrunken

import tailrec


@pytest.fixture(scope="module")
def data(interactions_of, random_pairs) -> tailrec.Interactions:
    # The last user has no history.
    return interactions_of(random_pairs(0, 30, 20, 200), 31, 20)


def z(scores: np.ndarray, has: np.ndarray) -> np.ndarray:
    return np.array([(row - row[~own].mean()) / row[~own].std() for row, own in zip(scores, has, strict=True)])


def test_equals_the_formula(data: tailrec.Interactions) -> None:
    model = Shrunken(
        prior=["popularity:log=true", "item-knn"], personal=["ease:l2=5", "ials:factors=4"], items=7.0
    ).fit(data)
    users, has = np.arange(30), data.matrix().toarray()[:30] > 0
    # Nobody's scores are constant here.
    popular = np.tile(np.log1p(Popularity().fit(data).score([0])), (30, 1))
    prior = (z(popular, has) + z(ItemKnn().fit(data).score(users), has)) / 2
    members = (Ease(l2=5.0), Ials(factors=4))
    personal = np.mean([z(member.fit(data).score(users), has) for member in members], axis=0)
    n = has.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(model.score(users), 7 / (n + 7) * prior + n / (n + 7) * personal, atol=1e-4)
    np.testing.assert_allclose(model.shares(users), (n / (n + 7))[:, 0])


def test_without_a_history_there_is_the_prior(data: tailrec.Interactions) -> None:
    model = Shrunken(prior=["popularity"], personal=["ease"]).fit(data)
    assert model.shares([30]) == [0.0]
    popular = Popularity().fit(data).score([30])[0]
    np.testing.assert_allclose(model.score([30])[0], (popular - popular.mean()) / popular.std(), atol=1e-5)


def test_the_prior_of_many_items_rules_and_of_few_does_not(data: tailrec.Interactions) -> None:
    users, own = np.arange(30), data.matrix()[:30]
    lists = {
        items: Shrunken(prior=["popularity"], personal=["ease:l2=5"], items=items).fit(data).recommend(users, 5, own)
        for items in (1e-6, 1e6)
    }
    # Equally popular items are told apart by the personal scores, so compare how popular the listed are.
    counts = np.append(Popularity().fit(data).score([0])[0], -1.0)
    np.testing.assert_array_equal(counts[lists[1e6]], counts[Popularity().fit(data).recommend(users, 5, own)])
    np.testing.assert_array_equal(lists[1e-6], Ease(l2=5.0).fit(data).recommend(users, 5, own))


def test_it_can_do_what_its_models_can() -> None:
    assert (Shrunken().folds_in, Shrunken().uses_weights, Shrunken().requires) == ("approximate", True, frozenset())
    ranked = Shrunken(prior=["category-popularity"], personal=["bpr"])
    assert (ranked.folds_in, ranked.uses_weights, ranked.requires) == (None, False, {"item-features"})


def test_what_a_model_cannot_do_is_refused(data: tailrec.Interactions) -> None:
    model = Shrunken(prior=["popularity"], personal=["bpr"])
    with pytest.raises(tailrec.InputError, match="expected no weights"):
        model.fit(data, weights=np.ones(len(data)))
    with pytest.raises(tailrec.InputError, match="cannot score people"):
        model.fit(data).score_histories([[0]])


def test_objects_are_copied_and_seeds_handed_on(data: tailrec.Interactions) -> None:
    mine = Ials(factors=3, seed=7)
    model = Shrunken(prior=["topics:topics=2"], personal=["ials:factors=2", mine], seed=5).fit(data)
    assert not tailrec.is_fitted(mine)
    assert [m.seed for m in model.models_] == [5, 5, 7]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"prior": []}, "prior"), ({"personal": ["eaze"]}, "did you mean `ease`"), ({"items": 0.0}, "items")],
)
def test_what_makes_no_model_is_refused(wrong: dict, said: str) -> None:
    with pytest.raises(tailrec.TailrecError, match=said):
        Shrunken(**wrong)
