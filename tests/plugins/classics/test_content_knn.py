"""Content KNN by hand, its TF-IDF against scikit-learn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from tailrec_classics.content_knn import ContentKnn
from tailrec_classics.tokens import tf_idf, tokens_of

import tailrec

GENRES = pd.DataFrame(
    {
        "title": ["One", "Two", "Three", "Four"],
        "genres": ["Drama|War", "Drama", "Sci-Fi", np.nan],
        "tags": [["slow"], [], ["robots", "slow"], ["robots"]],
        "year": [1990, 1991, 1992, 1993],
    }
)


@given(
    st.lists(st.lists(st.sampled_from(["war", "love", "space", "sea", "heist"]), max_size=6), min_size=1, max_size=8)
)
def test_tf_idf_is_that_of_scikit_learn(texts: list[list[str]]) -> None:
    ours = tf_idf(texts).toarray()
    if not any(texts):
        assert ours.shape == (len(texts), 0)
        return
    theirs = TfidfVectorizer(analyzer=lambda text: text).fit_transform(texts).toarray()
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Action|Sci-Fi", ["action", "sci-fi"]),
        (None, []),
        (3.5, []),
        (["ICE CREAM", "Café"], ["ice", "cream", "café"]),
        ("", []),
    ],
)
def test_tokens(cell: object, expected: list[str]) -> None:
    assert tokens_of(cell) == expected


def test_cosine_by_hand(interactions_of) -> None:
    data = interactions_of([(0, 0), (1, 1), (1, 2), (2, 0)], 3, 4, item_features=GENRES)
    # idf of `drama`, which two of four have, and of `war` and `sci-fi`, which one has.
    two, one = 1 + np.log(5 / 3), 1 + np.log(5 / 2)
    items = np.array([[two, one, 0.0], [two, 0.0, 0.0], [0.0, 0.0, one], [0.0, 0.0, 0.0]])
    items[:3] /= np.linalg.norm(items[:3], axis=1, keepdims=True)
    profile = items[0]
    cosine = items @ profile
    candidates = cosine[1:]
    expected = (cosine - candidates.mean()) / candidates.std()
    model = ContentKnn(popularity=0.0, columns=["genres"]).fit(data)
    np.testing.assert_allclose(model.score([0])[0], expected, rtol=1e-5)
    np.testing.assert_allclose(model.score_histories([[0]])[0], expected, rtol=1e-5)


def test_popularity_alone_ranks_by_counts(interactions_of, random_pairs) -> None:
    data = interactions_of(random_pairs(0, 20, 4, 40), 20, 4, item_features=GENRES)
    scores = ContentKnn(popularity=1.0).fit(data).score([0])[0]
    assert np.argsort(-scores, kind="stable").tolist() == np.argsort(-data.item_counts(), kind="stable").tolist()


def test_an_empty_history_gets_what_is_popular(interactions_of) -> None:
    data = interactions_of([(0, 0), (1, 1), (2, 1)], 4, 4, item_features=GENRES)
    scores = ContentKnn(popularity=0.5).fit(data).score([3])[0]
    assert scores.argmax() == 1 and scores[0] > scores[2]


def test_reads_every_text_but_the_title(interactions_of) -> None:
    data = interactions_of([(0, 0), (1, 1)], 2, 4, item_features=GENRES)
    assert ContentKnn().fit(data).vectors_.shape == (4, 5)
    assert ContentKnn(columns=["title"]).fit(data).vectors_.shape == (4, 4)


@pytest.mark.parametrize(
    ("features", "columns", "said"),
    [
        (None, None, "item features"),
        (GENRES, ["genre"], "`genre` among.*genres"),
        (GENRES[["year"]], None, "column of text"),
    ],
)
def test_data_without_text_is_refused(
    interactions_of, features: pd.DataFrame | None, columns: list[str] | None, said: str
) -> None:
    data = interactions_of([(0, 0), (1, 1)], 2, 4, item_features=features)
    with pytest.raises(tailrec.InputError, match=said):
        ContentKnn(columns=columns).fit(data)
