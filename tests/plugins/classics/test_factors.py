"""iALS and BPR against implicit itself, and iALS's fold-in against the normal equations."""

from __future__ import annotations

import numpy as np
import pytest
from implicit.cpu.als import AlternatingLeastSquares
from implicit.cpu.bpr import BayesianPersonalizedRanking
from tailrec_classics.bpr import Bpr
from tailrec_classics.ials import Ials
from threadpoolctl import threadpool_limits

import tailrec


@pytest.fixture(scope="module")
def data(interactions_of, random_pairs) -> tailrec.Interactions:
    return interactions_of(random_pairs(0, 70, 50, 900), 70, 50)


def test_ials_gives_the_lists_of_implicit(data: tailrec.Interactions) -> None:
    with threadpool_limits(1, user_api="blas"):
        theirs = AlternatingLeastSquares(
            factors=6, regularization=2.0, alpha=4.0, iterations=5, random_state=3, num_threads=1
        )
        theirs.fit(data.matrix(), show_progress=False)
    users = np.flatnonzero(data.history_lengths())
    expected, _ = theirs.recommend(users, data.matrix()[users], N=8)
    model = Ials(factors=6, l2=2.0, alpha=4.0, iterations=5, seed=3).fit(data)
    assert model.recommend(users, 8, data.matrix()[users]).tolist() == expected.tolist()


def test_bpr_gives_the_lists_of_implicit(data: tailrec.Interactions) -> None:
    theirs = BayesianPersonalizedRanking(
        factors=6, regularization=0.02, learning_rate=0.05, iterations=20, random_state=3, num_threads=1
    )
    theirs.fit(data.matrix(), show_progress=False)
    users = np.flatnonzero(data.history_lengths())
    expected, _ = theirs.recommend(users, data.matrix()[users], N=8)
    model = Bpr(factors=6, l2=0.02, learning_rate=0.05, iterations=20, seed=3).fit(data)
    assert model.recommend(users, 8, data.matrix()[users]).tolist() == expected.tolist()


def test_bpr_puts_the_history_above_the_rest(data: tailrec.Interactions) -> None:
    scores, has = Bpr(iterations=200, learning_rate=0.05).fit(data).score(np.arange(70)), data.matrix().toarray() > 0
    assert (
        np.mean([scores[u][has[u]].mean() > scores[u][~has[u]].mean() for u in np.flatnonzero(has.any(axis=1))]) > 0.95
    )


def test_ials_folds_in_by_the_normal_equations(data: tailrec.Interactions) -> None:
    model = Ials(factors=5, l2=1.5, alpha=7.0).fit(data)
    Y = model.solver_.item_factors.astype(float)
    history = [3, 8, 20]
    confidence = np.ones(data.n_items)
    confidence[history] = 7.0
    liked = np.zeros(data.n_items)
    liked[history] = 1.0
    x = np.linalg.solve(Y.T @ (confidence[:, None] * Y) + 1.5 * np.eye(5), Y.T @ (confidence * liked))
    np.testing.assert_allclose(model.score_histories([history])[0], Y @ x, atol=1e-5)


def test_ials_folds_in_near_to_what_it_fitted(data: tailrec.Interactions) -> None:
    model = Ials(factors=8, l2=5.0).fit(data)
    users = np.flatnonzero(data.history_lengths())
    histories = data.histories()
    folded = model.score_histories([histories[user] for user in users])
    assert np.corrcoef(folded.ravel(), model.score(users).ravel())[0, 1] > 0.99


def test_ials_weights_are_confidences(data: tailrec.Interactions) -> None:
    twice = Ials(factors=4, alpha=3.0).fit(data, weights=np.full(len(data), 2.0)).score([0, 5])
    np.testing.assert_allclose(twice, Ials(factors=4, alpha=6.0).fit(data).score([0, 5]), atol=1e-5)


def test_ials_does_not_depend_on_the_number_of_threads(data: tailrec.Interactions) -> None:
    factors = []
    for n_threads in (1, 2):
        with threadpool_limits(n_threads):
            factors.append(Ials(iterations=3).fit(data).solver_.item_factors.tobytes())
    assert factors[0] == factors[1]


@pytest.mark.parametrize("make", [Ials, Bpr])
def test_seeds_differ(data: tailrec.Interactions, make: type) -> None:
    assert not np.array_equal(make(seed=0).fit(data).score([0]), make(seed=1).fit(data).score([0]))


def test_bpr_says_that_it_cannot_fold_in(data: tailrec.Interactions) -> None:
    assert Bpr.folds_in is None
    with pytest.raises(tailrec.InputError, match="cannot score people"):
        Bpr().fit(data).score_histories([[0]])
