"""Topics against the updates of variational Bayes written out event by event, and against scikit-learn's mixtures."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import psi
from sklearn.decomposition import LatentDirichletAllocation
from tailrec_classics.popularity import Popularity
from tailrec_classics.topics import Topics

import tailrec


def expected_log(parameters: np.ndarray) -> np.ndarray:
    return psi(parameters) - psi(parameters.sum())


def written_out(X: np.ndarray, model: Topics) -> np.ndarray:
    """Return the topics after the model's rounds, from E[ln θ] and E[ln β] of Blei et al. 2003."""
    counts = X.sum(axis=0) + 0.1
    prior = model.popularity_prior * counts / counts.sum()
    noise = np.random.default_rng(model.seed).gamma(5.0, 0.2, (model.topics, X.shape[1]))
    topics, alpha = prior + counts / model.topics * noise, np.full(model.topics, model.mixture_prior / model.topics)
    mixtures = np.ones((len(X), model.topics))

    def responsibilities(user: int, item: int) -> np.ndarray:
        logs = expected_log(mixtures[user]) + np.array([expected_log(topic)[item] for topic in topics])
        return np.exp(logs) / np.exp(logs).sum()

    for _ in range(model.iterations):
        for _ in range(3):
            mixtures = np.array(
                [
                    alpha + sum(X[user, item] * responsibilities(user, item) for item in np.flatnonzero(X[user]))
                    for user in range(len(X))
                ]
            )
        found = np.tile(prior, (model.topics, 1))
        for user, item in np.argwhere(X):
            found[:, item] += X[user, item] * responsibilities(user, item)
        topics = found
        of_public = (mixtures - alpha).sum(axis=0) + 1.0
        alpha = model.mixture_prior * of_public / of_public.sum()
    return topics


def test_equals_the_updates_written_out(interactions_of, random_pairs) -> None:
    data = interactions_of(random_pairs(0, 12, 9, 60), 12, 9)
    model = Topics(topics=3, mixture_prior=2.0, popularity_prior=5.0, iterations=3, seed=4).fit(data)
    np.testing.assert_allclose(model.topics_, written_out(data.matrix().toarray().astype(float), model), rtol=1e-9)


def test_a_user_of_weight_three_is_three(interactions_of, random_pairs) -> None:
    data = interactions_of(random_pairs(1, 10, 8, 50), 10, 8)
    weights = np.random.default_rng(0).uniform(0.5, 2.0, len(data))
    model = Topics(topics=2, popularity_prior=5.0, iterations=2).fit(data, weights=weights)
    X = data.matrix(weights).toarray().astype(float)
    np.testing.assert_allclose(model.topics_, written_out(X, model), rtol=1e-6)


def test_mixtures_are_scikit_learns(interactions_of, random_pairs) -> None:
    data = interactions_of(random_pairs(2, 40, 25, 400), 40, 25)
    model = Topics(topics=4, mixture_prior=2.0, popularity_prior=10.0, iterations=20).fit(data)
    model.prior_ = np.full(4, 0.5)
    peer = LatentDirichletAllocation(4, doc_topic_prior=0.5, max_doc_update_iter=2000, mean_change_tol=1e-9)
    X = data.matrix().toarray()
    peer.partial_fit(X)
    peer.components_ = model.topics_
    peer.exp_dirichlet_component_ = np.exp([expected_log(topic) for topic in model.topics_])
    expected = np.log(peer.transform(X) @ (model.topics_ / model.topics_.sum(axis=1, keepdims=True)))
    np.testing.assert_allclose(model.score(np.arange(40)), expected, atol=2e-3)


@pytest.fixture(scope="module")
def two_tastes(interactions_of) -> tailrec.Interactions:
    rng = np.random.default_rng(0)
    pairs = [(user, item + 10 * (user % 2)) for user in range(60) for item in rng.choice(10, 6, replace=False)]
    return interactions_of(pairs, 60, 20)


def test_one_item_tells_the_taste(two_tastes: tailrec.Interactions) -> None:
    model = Topics(topics=2, mixture_prior=1.0, popularity_prior=5.0).fit(two_tastes)
    first, second = model.score_histories([[0], [15]])
    assert first[:10].min() > first[10:].max() and second[10:].min() > second[:10].max()


def test_the_longer_the_history_the_further_from_everybody(two_tastes: tailrec.Interactions) -> None:
    model = Topics(topics=2, mixture_prior=5.0, popularity_prior=5.0).fit(two_tastes)
    of_none, of_one, of_three = model.score_histories([[], [0], [0, 1, 2]])
    gain = [np.exp(scores[:10]).sum() for scores in (of_none, of_one, of_three)]
    assert gain[0] + 0.05 < gain[1] < gain[2] - 0.05
    np.testing.assert_allclose(np.exp(of_none).sum(), 1.0)


def test_with_one_topic_it_is_popularity(interactions_of, random_pairs) -> None:
    data = interactions_of(random_pairs(3, 30, 12, 150), 30, 12)
    popular = Popularity().fit(data).score([0])[0]
    np.testing.assert_allclose(
        np.exp(Topics(topics=1).fit(data).score([0, 5])),
        np.tile((popular + 0.1) / (popular + 0.1).sum(), (2, 1)),
        rtol=0.01,
    )


@pytest.mark.parametrize(
    "wrong", [{"topics": 0}, {"mixture_prior": 0.0}, {"popularity_prior": -1.0}, {"iterations": 0}]
)
def test_a_value_out_of_range_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(tailrec.InputError, match=next(iter(wrong))):
        Topics(**wrong)
