"""The gated blend: it finds who is right for whom, on validation, and says what it cannot do."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.metrics import ndcg_score
from tailrec_classics.blend import Blend
from tailrec_classics.ease import Ease
from tailrec_classics.gate import choose_shares, ndcg
from tailrec_classics.ials import Ials
from tailrec_classics.popularity import Popularity
from tailrec_classics.standardised import standardised

import tailrec

N_USERS, N_ITEMS = 240, 60


class RightFor(tailrec.ModelPlugin):
    """Has an idea of what half of the users go on to, by the length of their history, and none of the others."""

    folds_in: ClassVar = None
    who: Literal["short", "long"]

    def fit(
        self, train: tailrec.Interactions, *, weights: Any = None, validation: tailrec.Holdout | None = None
    ) -> Self:
        rng = np.random.default_rng(0 if self.who == "short" else 1)
        noise = rng.random((train.n_users, train.n_items))
        knows = (train.history_lengths() <= 10) == (self.who == "short")
        self.scores_ = np.where(knows[:, None], 0.5 * validation.targets.toarray() + noise, noise)
        return self

    def score(self, users: Any) -> Any:
        return self.scores_[users]


@pytest.fixture(scope="module")
def split(interactions_of) -> tailrec.Split:
    rng = np.random.default_rng(0)
    lengths = np.tile([5, 10, 20, 30], N_USERS // 4)
    train, targets, removed = [], np.zeros((N_USERS, N_ITEMS)), np.zeros((N_USERS, N_ITEMS))
    for user, length in enumerate(lengths):
        items = rng.permutation(N_ITEMS)
        train += [(user, int(item)) for item in items[:length]]
        targets[user, items[length : length + 3]] = 1.0
        removed[user, items[length + 3 : length + 20]] = 1.0
    data = interactions_of(train, N_USERS, N_ITEMS)
    asked = tailrec.Holdout(csr_matrix(targets), csr_matrix(data.matrix() + csr_matrix(removed)), data)
    return tailrec.Split(data, asked, asked)


def test_the_gate_finds_who_is_right_for_whom(split: tailrec.Split) -> None:
    model = Blend(models=[RightFor(who="short"), RightFor(who="long")], neighbour_users=5.0)
    model.fit(split.train, validation=split.validation)
    assert model.gate_["history"].tolist() == ["1-5", "6-10", "11-20", "21+"]
    assert model.gate_["n_users"].tolist() == [60, 60, 60, 60]
    assert (model.shares_[:2] < 0.5).all() and (model.shares_[2:] > 0.5).all()
    values = ndcg(tailrec.rank(model, split.validation, 10))
    alone = [
        ndcg(tailrec.rank(m.fit(split.train, validation=split.validation), split.validation, 10))
        for m in (RightFor(who="short"), RightFor(who="long"))
    ]
    assert values.mean() > 1.3 * max(other.mean() for other in alone)


def test_the_shares_are_the_best_of_all_that_are_tried(split: tailrec.Split) -> None:
    model = Blend(models=["popularity", RightFor(who="long")], cuts=[10], k=5, steps=4, neighbour_users=0.0)
    model.fit(split.train, validation=split.validation)
    first, second = (standardised(m.score(np.arange(N_USERS)), split.train.matrix()) for m in model.models_)
    masked, targets = split.validation.masked.toarray() > 0, split.validation.targets.toarray()
    for here, share in zip(
        (split.train.history_lengths() <= 10, split.train.history_lengths() > 10), model.shares_[:, 0], strict=True
    ):
        values = []
        for tried in np.arange(5) / 4:
            scores = np.where(masked, -1e9, (1 - tried) * first + tried * second)
            values.append(np.mean([ndcg_score([targets[user]], [scores[user]], k=5) for user in np.flatnonzero(here)]))
        assert share == np.argmax(values) / 4
    np.testing.assert_allclose(model.gate_["ndcg"].iloc[1], max(values), atol=1e-9)
    assert model.gate_["share"].tolist() == model.shares_[:, 0].tolist()


def test_a_third_model_is_mixed_into_the_mixture_of_the_first_two(split: tailrec.Split) -> None:
    three = ["popularity", RightFor(who="short"), RightFor(who="long")]
    model = Blend(models=three, cuts=[10], k=5, steps=4, neighbour_users=0.0)
    model.fit(split.train, validation=split.validation)
    two = Blend(models=three[:2], cuts=[10], k=5, steps=4, neighbour_users=0.0)
    two.fit(split.train, validation=split.validation)
    users, z = np.arange(N_USERS), [standardised(m.score(np.arange(N_USERS)), model.histories_) for m in model.models_]
    masked, targets = split.validation.masked.toarray() > 0, split.validation.targets.toarray()
    mixture = two.score(users)
    for here, second, shares in zip((0, 1), two.shares_[:, 0], model.shares_, strict=True):
        whose = np.flatnonzero((split.train.history_lengths() > 10) == here)
        values = []
        for tried in np.arange(5) / 4:
            scores = np.where(masked, -1e9, (1 - tried) * mixture + tried * z[2])
            values.append(np.mean([ndcg_score([targets[user]], [scores[user]], k=5) for user in whose]))
        third = np.argmax(values) / 4
        np.testing.assert_allclose(shares, [(1 - third) * second, third])
        expected = (1 - shares.sum()) * z[0][whose] + shares[0] * z[1][whose] + shares[1] * z[2][whose]
        np.testing.assert_allclose(model.score(whose), expected, atol=1e-5)
    assert model.gate_.columns.tolist() == ["history", "n_users", "share_2", "share_3", "ndcg"]
    assert (model.gate_["ndcg"] >= two.gate_["ndcg"] - 1e-9).all()


def test_a_score_is_the_mixture_of_the_standardised(split: tailrec.Split) -> None:
    model = Blend(models=["popularity", "ease:l2=5"]).fit(split.train, validation=split.validation)
    model.shares_ = np.array([[0.0], [0.25], [0.5], [1.0]])
    users, has = np.array([3, 0, 1, 2]), split.train.matrix()
    popular = standardised(Popularity().fit(split.train).score(users), has[users])
    linear = standardised(Ease(l2=5.0).fit(split.train).score(users), has[users])
    share = np.array([[1.0], [0.0], [0.25], [0.5]])
    np.testing.assert_allclose(model.score(users), (1 - share) * popular + share * linear, atol=1e-5)
    histories = split.train.histories()
    np.testing.assert_allclose(
        model.score_histories([histories[user] for user in users]), model.score(users), atol=1e-4
    )


def test_neighbours_steady_a_range_of_few_users() -> None:
    # One user of the middle range is for the second share; a hundred on either side are for the first.
    values = np.array([[1.0, 0.0]] * 100 + [[0.0, 1.0]] + [[1.0, 0.0]] * 100)
    bins = np.array([0] * 100 + [1] + [2] * 100)
    assert choose_shares(values, bins, 3, neighbour_users=0.0)[0].tolist() == [0, 1, 0]
    best, means = choose_shares(values, bins, 3, neighbour_users=3.0)
    assert best.tolist() == [0, 0, 0]
    np.testing.assert_allclose(means[1], [0.75, 0.25])
    np.testing.assert_allclose(means[0], [100 / 103, 3 / 103])


@pytest.mark.parametrize("neighbour_users", [0.0, 10.0])
def test_ranges_without_users_follow_the_others(neighbour_users: float) -> None:
    values, bins = np.array([[0.0, 1.0], [0.0, 1.0]]), np.array([0, 0])
    best, means = choose_shares(values, bins, 4, neighbour_users)
    assert best.tolist() == [1, 1, 1, 1] and np.isfinite(means).all()


def test_ties_go_to_the_first_model() -> None:
    assert choose_shares(np.ones((4, 11)), np.zeros(4, dtype=int), 1, 0.0)[0].tolist() == [0]


def test_without_validation_it_says_so(split: tailrec.Split) -> None:
    empty = tailrec.Holdout(csr_matrix((N_USERS, N_ITEMS), dtype=np.float32), split.train.matrix(), split.train)
    for validation in (None, empty):
        with pytest.raises(tailrec.InputError, match="expected a validation.*received none"):
            Blend().fit(split.train, validation=validation)


def test_a_blend_can_do_what_its_models_can() -> None:
    exact = Blend(models=["popularity", "ease"])
    assert (exact.folds_in, exact.uses_weights, exact.requires) == ("exact", True, {"validation"})
    assert Blend().folds_in == "approximate"
    ranked = Blend(models=["content-knn", "bpr"])
    assert (ranked.folds_in, ranked.uses_weights, ranked.requires) == (None, False, {"validation", "item-features"})


def test_weights_that_one_model_would_ignore_are_refused(split: tailrec.Split) -> None:
    with pytest.raises(tailrec.InputError, match="expected no weights"):
        Blend(models=["ease", "bpr"]).fit(split.train, weights=np.ones(len(split.train)), validation=split.validation)


def test_strangers_are_refused_where_a_model_cannot_serve_them(split: tailrec.Split) -> None:
    model = Blend(models=["popularity", "bpr"]).fit(split.train, validation=split.validation)
    with pytest.raises(tailrec.InputError, match="cannot score people"):
        model.score_histories([[0]])


def test_objects_are_copied_and_seeds_handed_on(split: tailrec.Split) -> None:
    mine = Ials(factors=3, seed=7)
    model = Blend(models=["ials:factors=2", mine], seed=5).fit(split.train, validation=split.validation)
    assert not tailrec.is_fitted(mine)
    assert [(m.factors, m.seed) for m in model.models_] == [(2, 5), (3, 7)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"models": ["ease"]}, "models"),
        ({"models": []}, "models"),
        ({"models": ["ease", "eaze"]}, "did you mean `ease`"),
        ({"models": ["ease", "ials:l2=-1"]}, "l2"),
        ({"cuts": [5, 5]}, "increase"),
        ({"cuts": [0]}, "cuts"),
    ],
)
def test_what_makes_no_blend_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(tailrec.TailrecError, match=said):
        Blend(**wrong)
