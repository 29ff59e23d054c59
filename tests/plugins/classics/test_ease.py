"""EASE against ridge regressions of every item on all others, solved by least squares."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from tailrec_classics import closed_form
from tailrec_classics.closed_form import ItemSystem, UserSystem
from tailrec_classics.ease import Ease

import tailrec


def coefficients(X: np.ndarray, l2: float, weights: np.ndarray | None = None) -> np.ndarray:
    """Return B, a column at a time: item j from the others, with the ridge as more rows of data."""
    n_items = X.shape[1]
    scale = np.ones((len(X), 1)) if weights is None else np.sqrt(weights)[:, None]
    B = np.zeros((n_items, n_items))
    for item in range(n_items):
        others = np.arange(n_items) != item
        A = np.vstack([scale * X[:, others], np.sqrt(l2) * np.eye(n_items - 1)])
        b = np.concatenate([scale[:, 0] * X[:, item], np.zeros(n_items - 1)])
        B[others, item] = np.linalg.lstsq(A, b, rcond=None)[0]
    return B


@pytest.mark.parametrize(("n_users", "n_items"), [(12, 30), (30, 12), (20, 20)])
@pytest.mark.parametrize("l2", [0.5, 20.0, 3000.0])
def test_equals_the_ridge_regressions(interactions_of, random_pairs, n_users: int, n_items: int, l2: float) -> None:
    data = interactions_of(random_pairs(0, n_users, n_items, 150), n_users, n_items)
    X = data.matrix().toarray()
    expected = X @ coefficients(X, l2)
    model = Ease(l2=l2).fit(data)
    assert isinstance(model.system_, UserSystem if n_users < n_items else ItemSystem)
    np.testing.assert_allclose(model.score(np.arange(n_users)), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("n_users", "n_items"), [(10, 25), (25, 10)])
def test_weights_are_those_of_weighted_least_squares(interactions_of, random_pairs, n_users: int, n_items: int) -> None:
    data = interactions_of(random_pairs(1, n_users, n_items, 120), n_users, n_items)
    of_user = np.random.default_rng(0).uniform(0.2, 3.0, n_users)
    X = data.matrix().toarray()
    expected = X @ coefficients(X, 5.0, of_user)
    model = Ease(l2=5.0).fit(data, weights=of_user[data.frame["user"]])
    np.testing.assert_allclose(model.score(np.arange(n_users)), expected, atol=1e-5)
    assert np.abs(expected - X @ coefficients(X, 5.0)).max() > 0.01


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 9), st.integers(1, 9), st.floats(0.5, 1000.0))
def test_both_systems_give_the_same(seed: int, n_users: int, n_items: int, l2: float) -> None:
    rng = np.random.default_rng(seed)
    X = (rng.random((n_users, n_items)) < 0.4).astype(np.float32)
    strangers = csr_matrix((rng.random((3, n_items)) < 0.5).astype(np.float32))
    by_users, by_items = UserSystem.solve(csr_matrix(X), l2), ItemSystem.solve(csr_matrix(X), l2)
    expected = strangers @ coefficients(X.astype(float), l2)
    np.testing.assert_allclose(by_items.scores(strangers), expected, atol=1e-5)
    np.testing.assert_allclose(by_users.scores(strangers), expected, atol=1e-5)
    rows = np.arange(n_users)
    np.testing.assert_allclose(by_users.scores_of_users(rows, csr_matrix(X)), by_items.scores(csr_matrix(X)), atol=1e-5)


def test_float32_for_a_long_side(interactions_of, random_pairs, monkeypatch: pytest.MonkeyPatch) -> None:
    data = interactions_of(random_pairs(2, 40, 60, 600), 40, 60)
    exact = Ease(l2=10.0).fit(data).score([3, 7])
    monkeypatch.setattr(closed_form, "_LARGEST_DOUBLE", 0)
    monkeypatch.setattr(closed_form, "_BLOCK", 7)
    assert closed_form.inverse_of_gram(data.matrix(), 10.0).dtype == np.float32
    np.testing.assert_allclose(Ease(l2=10.0).fit(data).score([3, 7]), exact, atol=1e-4)


def test_a_system_that_would_not_fit_is_refused(interactions_of, random_pairs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closed_form, "_LARGEST", 9)
    with pytest.raises(tailrec.InputError, match="smaller side is 10.*item-knn"):
        Ease().fit(interactions_of([(n, n) for n in range(10)]))
    # Users and items without an event do not count.
    assert Ease().fit(interactions_of([(n, n) for n in range(9)], 50, 50)).score([0]).shape == (1, 50)


def test_a_film_sized_model_is_small(interactions_of, random_pairs) -> None:
    data = interactions_of(random_pairs(3, 671, 9_000, 20_000), 671, 9_066)
    assert len(pickle.dumps(Ease().fit(data))) < 10e6


@pytest.mark.parametrize(("n_users", "n_items"), [(15, 40), (40, 15)])
def test_an_empty_history_and_an_unknown_item_score_zero(
    interactions_of, random_pairs, n_users: int, n_items: int
) -> None:
    model = Ease(l2=1.0).fit(interactions_of(random_pairs(4, n_users, n_items, 90), n_users + 1, n_items + 1))
    scores = model.score([n_users, 0])
    assert not scores[0].any() and not scores[:, n_items].any() and scores[1].any()
    assert not model.score_histories([[]]).any() and not model.score_histories([[n_items]]).any()


@pytest.mark.parametrize("l2", [0.0, -1.0, float("nan"), float("inf")])
def test_a_ridge_that_is_none_is_refused(l2: float) -> None:
    with pytest.raises(tailrec.InputError, match="l2"):
        Ease(l2=l2)
