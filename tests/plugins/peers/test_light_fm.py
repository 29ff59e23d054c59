"""LightFM behind the contract: the numbers and the lists of LightFM itself."""

from __future__ import annotations

import lightfm
import lightfm.data
import numpy as np
import pytest
from scipy.sparse import identity
from tailrec_peers.light_fm import LightFm, described, weighted

import tailrec


def theirs(ratings, loss, features=None, weights=None):
    """Return LightFM's own scores, trained as its documentation does."""
    model = lightfm.LightFM(no_components=6, loss=loss, learning_rate=0.1, item_alpha=1e-4, random_state=3)
    pairs = ratings.matrix().tocoo()
    model.fit(pairs, item_features=features, sample_weight=weights, epochs=4, num_threads=1)
    every = np.arange(ratings.n_items, dtype=np.int32)
    return np.array([model.predict(user, every, item_features=features) for user in range(ratings.n_users)])


def ours(loss, **values):
    return LightFm(loss=loss, factors=6, learning_rate=0.1, item_l2=1e-4, epochs=4, seed=3, **values)


@pytest.mark.parametrize("loss", ["warp", "bpr", "logistic"])
def test_every_score_and_every_list_is_that_of_lightfm(ratings, loss):
    expected = theirs(ratings, loss)
    model = ours(loss).fit(ratings)
    users = np.arange(ratings.n_users)
    np.testing.assert_array_equal(model.score(users), expected)
    seen = ratings.matrix().toarray() > 0
    order = np.argsort(np.where(seen, np.inf, -expected), axis=1, kind="stable")[:, :5]
    assert model.recommend(users, 5, ratings.matrix()).tolist() == order.tolist()


def test_item_features_are_those_that_lightfm_would_build(ratings):
    data = lightfm.data.Dataset()
    data.fit(range(60), range(40), item_features=["genres:even", "genres:odd", "genres:rare"])
    labels = [["genres:even"] if item % 2 == 0 else ["genres:odd", "genres:rare"] for item in range(40)]
    features = data.build_item_features(enumerate(labels))
    found = described(ratings.item_features, ["genres"], 40, "item")
    np.testing.assert_array_equal(found.toarray(), features.toarray())
    np.testing.assert_allclose(found.toarray()[:2, :3], [[1 / 2, 0, 0], [0, 1 / 3, 0]], rtol=1e-6)
    model = ours("warp", item_columns=["genres"]).fit(ratings)
    np.testing.assert_array_equal(model.score(np.arange(60)), theirs(ratings, "warp", features))


def test_a_feature_of_ones_own_alone_is_what_lightfm_does_by_itself(ratings):
    np.testing.assert_array_equal(
        theirs(ratings, "warp", identity(40, format="csr", dtype=np.float32)),
        ours("warp").fit(ratings).score(range(60)),
    )


def test_weights_are_lightfms_sample_weights(ratings):
    weights = np.random.default_rng(1).uniform(0.2, 3, len(ratings))
    pairs = ratings.matrix().tocoo()
    given = pairs.copy()
    of_pair = {(u, i): w for u, i, w in zip(ratings.frame["user"], ratings.frame["item"], weights, strict=True)}
    given.data = np.array([of_pair[pair] for pair in zip(pairs.row, pairs.col, strict=True)], dtype=np.float32)
    expected = theirs(ratings, "bpr", weights=given)
    np.testing.assert_array_equal(ours("bpr").fit(ratings, weights=weights).score(range(60)), expected)


def test_a_pair_that_comes_twice_weighs_the_mean_of_its_events():
    import pandas as pd

    events = pd.DataFrame({"user": [0, 0, 1], "item": [0, 0, 1], "time": [1, 2, 3]})
    data = tailrec.Interactions.from_frame(events, timestamp="time")
    found = weighted(data, np.array([1.0, 2.0, 5.0]), data.matrix().tocoo())
    assert found.toarray().tolist() == [[1.5, 0], [0, 5]]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"item_columns": ["genre"]}, "expected the column 'genre' in the item features, there is 'genres'"),
        ({"user_columns": ["age"]}, "expected the column 'age' in the user features, there is none"),
    ],
)
def test_a_column_that_is_not_there_is_named(ratings, columns, said):
    with pytest.raises(tailrec.InputError, match=said):
        LightFm(**columns).fit(ratings)


def test_many_users_are_scored_in_parts(ratings, monkeypatch):
    import tailrec_peers.light_fm

    model = ours("warp").fit(ratings)
    whole = model.score(np.arange(60))
    monkeypatch.setattr(tailrec_peers.light_fm, "_PAIRS", 90)
    np.testing.assert_array_equal(model.score(np.arange(60)), whole)
