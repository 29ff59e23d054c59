"""Surprise's SVD behind the contract: the numbers and the lists of Surprise itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import surprise
from tailrec_peers.surprise_svd import SurpriseSvd

import tailrec


@pytest.fixture(scope="module")
def theirs(ratings):
    """Return Surprise's own model, fitted as its documentation does, on the ids as they are in the source."""
    named = ratings.frame.assign(
        user="u" + ratings.frame["user"].astype(str), item="i" + ratings.frame["item"].astype(str)
    )
    svd = surprise.SVD(n_factors=7, n_epochs=15, lr_all=0.01, reg_all=0.05, random_state=3)
    data = surprise.Dataset.load_from_df(named[["user", "item", "rating"]], surprise.Reader(rating_scale=(1, 5)))
    return svd.fit(data.build_full_trainset())


@pytest.fixture(scope="module")
def ours(ratings):
    return SurpriseSvd(factors=7, epochs=15, learning_rate=0.01, l2=0.05, seed=3).fit(ratings)


def test_every_score_is_the_rating_that_surprise_expects(theirs, ours, ratings):
    users, items = range(ratings.n_users), range(ratings.n_items)
    expected = [[theirs.predict(f"u{user}", f"i{item}", clip=False).est for item in items] for user in users]
    np.testing.assert_allclose(ours.score(np.arange(ratings.n_users)), expected, rtol=0, atol=1e-12)


def test_the_lists_are_those_of_surprise(theirs, ours, ratings):
    seen = ratings.matrix()
    users = np.flatnonzero(ratings.history_lengths())
    lists = ours.recommend(users, 5, seen[users])
    for user, listed in zip(users, lists, strict=True):
        unseen = [item for item in range(ratings.n_items) if not seen[user, item]]
        rated = {item: theirs.predict(f"u{user}", f"i{item}", clip=False).est for item in unseen}
        assert listed.tolist() == sorted(unseen, key=lambda item: -rated[item])[:5]
        # Surprise clips what it shows to the range of the ratings; that brings no two items into another order.
        clipped = [theirs.predict(f"u{user}", f"i{item}").est for item in listed]
        assert clipped == sorted(clipped, reverse=True)


def test_it_needs_ratings(ratings):
    bare = tailrec.load("synthetic", n_users=20, n_items=10, seed=0)
    with pytest.raises(tailrec.InputError, match="surprise-svd: expected data with ratings"):
        SurpriseSvd().fit(bare)
    result = tailrec.compare(bare, ["popularity", "surprise-svd"], "ndcg")
    (failure,) = result.failures
    assert str(failure).endswith(
        "surprise-svd on synthetic, in `requires`: it needs data with ratings, which this has not"
    )


def test_the_seed_draws_the_first_factors(ratings):
    scores = [SurpriseSvd(epochs=2, seed=seed).fit(ratings).score([0, 1]) for seed in (0, 0, 1)]
    np.testing.assert_array_equal(scores[0], scores[1])
    assert not np.array_equal(scores[0], scores[2])


def test_poisoned_test_labels_change_nothing(ratings):
    frame = ratings.frame.copy()
    last = frame.groupby("user").tail(1).index
    moved = (frame.loc[last, "item"] + np.random.default_rng(0).integers(1, 39, len(last))) % 40
    frame.loc[last, "item"] = moved.astype(np.int32)
    parts = [tailrec.split(data, "leave-last-out") for data in (ratings, replace(ratings, frame=frame))]
    assert (parts[0].test.targets != parts[1].test.targets).nnz > 0
    np.testing.assert_array_equal(*[SurpriseSvd(epochs=2).fit(one.train).score(np.arange(60)) for one in parts])
