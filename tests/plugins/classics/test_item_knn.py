"""ItemKNN against the formula on dense matrices, and against implicit's own lists."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender, TFIDFRecommender
from scipy.sparse import csr_matrix
from tailrec_classics import item_knn
from tailrec_classics.item_knn import ItemKnn

import tailrec


def dense_scores(X: np.ndarray, shrinkage: float) -> np.ndarray:
    """Return the scores where every item is a neighbour of every other."""
    n_i = X.sum(axis=0)
    S = (X.T @ X) / (np.sqrt(np.outer(n_i, n_i)) + shrinkage)
    return (X > 0) @ S


@pytest.mark.parametrize("shrinkage", [0.0, 2.5, 100.0])
def test_equals_the_formula(interactions_of, random_pairs, shrinkage: float) -> None:
    data = interactions_of(random_pairs(0, 60, 20, 400), 60, 20)
    X = data.matrix().toarray().astype(float)
    scores = ItemKnn(k=20, shrinkage=shrinkage).fit(data).score(np.arange(60))
    np.testing.assert_allclose(scores, dense_scores(X, shrinkage), rtol=1e-5)


def test_weights_of_users_count_them_so_often(interactions_of, random_pairs) -> None:
    data = interactions_of(random_pairs(1, 30, 12, 150), 30, 12)
    times = np.random.default_rng(0).integers(1, 4, 30)
    X = data.matrix().toarray().astype(float)
    # A user of weight 3 is three users of weight 1 who have the same items.
    expected = dense_scores(np.repeat(X, times, axis=0), 5.0)[np.cumsum(times) - 1]
    scores = (
        ItemKnn(k=12, shrinkage=5.0).fit(data, weights=times[data.frame["user"]].astype(float)).score(np.arange(30))
    )
    np.testing.assert_allclose(scores, expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("similarity", "theirs"),
    [("cosine", CosineRecommender(K=8)), ("tfidf", TFIDFRecommender(K=8)), ("bm25", BM25Recommender(K=8))],
)
def test_gives_the_lists_of_implicit(interactions_of, random_pairs, similarity: str, theirs) -> None:
    data = interactions_of(random_pairs(2, 80, 40, 900), 80, 40)
    X = data.matrix()
    with warnings.catch_warnings(action="ignore"):
        theirs.fit(X.astype(np.float64), show_progress=False)
    users = np.flatnonzero(X.getnnz(axis=1))
    _, expected = theirs.recommend(users, X[users].astype(np.float64), N=5)
    model = ItemKnn(k=8, similarity=similarity, shrinkage=0.0).fit(data)
    ours = model.recommend(users, 5, X[users])
    scores = np.where(ours >= 0, np.take_along_axis(model.score(users), np.maximum(ours, 0), axis=1), 0.0)
    # By score, for equal scores may be listed in another order; their score for a place that stays empty is -max.
    np.testing.assert_allclose(scores, np.where(expected < 0, 0.0, expected), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("similarity", ["cosine", "tfidf", "bm25"])
def test_with_next_to_no_shrinkage_it_is_implicits(interactions_of, random_pairs, similarity: str) -> None:
    data = interactions_of(random_pairs(3, 80, 40, 900), 80, 40)
    plain, shrunk = (ItemKnn(k=40, similarity=similarity, shrinkage=h).fit(data) for h in (0.0, 1e-9))
    np.testing.assert_allclose(shrunk.score(np.arange(80)), plain.score(np.arange(80)), rtol=1e-5)


@pytest.mark.parametrize("similarity", ["cosine", "tfidf", "bm25"])
def test_shrinkage_multiplies_every_similarity(interactions_of, random_pairs, similarity: str) -> None:
    data = interactions_of(random_pairs(4, 80, 40, 900), 80, 40)
    users = np.diff(data.matrix().indptr)
    idf = np.log(40) - np.log1p(users)
    n_i = np.asarray(data.matrix().sum(axis=0)).ravel()
    weighed = {
        "cosine": data.matrix().toarray(),
        "tfidf": data.matrix().toarray() * idf[:, None],
        "bm25": data.matrix().toarray() * idf[:, None] * 2.2 / (1.2 * (0.25 + 0.75 * n_i / n_i.mean()) + 1.0),
    }[similarity]
    lengths = np.linalg.norm(weighed, axis=0)
    both = np.outer(lengths, lengths)
    plain, shrunk = (ItemKnn(k=40, similarity=similarity, shrinkage=h).fit(data) for h in (0.0, 7.0))
    expected = plain.similarity_.toarray() * both / (both + 7.0)
    np.testing.assert_allclose(shrunk.similarity_.toarray(), expected, rtol=1e-5)


def test_scores_through_the_lists_of_the_history(interactions_of) -> None:
    # Item 0 is bought with 1 by two and with 2 by one; its one neighbour besides itself is 1. Item 2 is bought with 0
    # alone, so 0 is 2's neighbour although 2 is not 0's.
    data = interactions_of([(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 2), (3, 2)])
    model = ItemKnn(k=2, shrinkage=0.0).fit(data)
    assert model.score_histories([[0]])[0, 2] == 0
    assert model.score_histories([[2]])[0, 0] == pytest.approx(1 / np.sqrt(3 * 2))


def test_tfidf_of_a_user_who_says_nothing(interactions_of) -> None:
    # With two items, one user who has one of them weighs ln(2 / 2) = 0.
    scores = ItemKnn(similarity="tfidf").fit(interactions_of([(0, 0), (1, 1)])).score([0, 1])
    assert np.isfinite(scores).all()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), n_events=st.integers(1, 60), k=st.integers(1, 14), cells=st.integers(1, 300))
def test_lists_are_those_of_the_scores(interactions_of, random_pairs, seed, n_events, k, cells) -> None:
    data = interactions_of(random_pairs(seed, 15, 12, n_events), 15, 12)
    rng = np.random.default_rng(seed)
    users, mask = rng.integers(0, 15, rng.integers(0, 20)), rng.random((15, 12)) < rng.random()
    model = ItemKnn(k=4, shrinkage=float(rng.choice([0, 3]))).fit(data)
    product = (model.histories_.toarray()[users, None] @ model.similarity_.toarray())[:, 0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(item_knn, "_CELLS", cells)
        scores, lists = model.score(users), model.recommend(users, k, csr_matrix(mask[users]))
        all_listed = model.recommend(users, 12, None)
    np.testing.assert_allclose(scores, product, rtol=1e-5)
    for row, user in enumerate(users):
        order = sorted(range(12), key=lambda item: (-scores[row, item], item))
        assert all_listed[row].tolist() == order
        allowed = [item for item in order if not mask[user, item]]
        assert lists[row].tolist() == (allowed + [-1] * k)[:k]
    assert lists.shape == (len(users), k)


def test_a_mask_of_another_shape_is_refused(interactions_of) -> None:
    model = ItemKnn().fit(interactions_of([(0, 0), (1, 1)]))
    for shape in ((3, 2), (2, 3)):
        with pytest.raises(tailrec.InputError, match=r"exclude.*\(2, 2\)"):
            model.recommend(np.array([0, 1]), 1, csr_matrix(shape))


@pytest.mark.parametrize("wrong", [{"k": 0}, {"shrinkage": -1.0}, {"similarity": "jaccard"}, {"b": 1.5}])
def test_a_value_out_of_range_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(tailrec.InputError, match=next(iter(wrong))):
        ItemKnn(**wrong)
