"""Popularity by category against the formula, item by item."""

from __future__ import annotations

from math import log

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tailrec_classics.category_popularity import CategoryPopularity
from tailrec_classics.popularity import Popularity

import tailrec

GENRES = ["War", "War|Love", ["Love", "Crime"], None, "Crime", "", "War", "Love", "Unseen"]
SHOPS = ["a", "b", "a", "b", "a", "b", "a", "b", "c"]


def with_features(make, pairs, n_users: int) -> tailrec.Interactions:
    features = pd.DataFrame({"genres": pd.Series(GENRES, dtype=object), "shop": SHOPS, "title": SHOPS, "text": SHOPS})
    return make(pairs, n_users, len(GENRES), item_features=features)


def of_item(column: str, item: int) -> list[str]:
    cell = (GENRES if column == "genres" else SHOPS)[item]
    return (cell.split("|") if isinstance(cell, str) else cell or []) if cell != "" else []


def expected(has: np.ndarray, history: list[int], item: int, columns: list[str], a: float, strength: float) -> float:
    counts = has.sum(axis=0)
    score = log(1 + counts[item])
    for column in columns:
        for category in of_item(column, item):
            part = {
                other: of_item(column, other).count(category) / max(1, len(of_item(column, other)))
                for other in range(9)
            }
            share = sum(counts[other] * part[other] for other in range(9)) / counts.sum()
            if share:
                mine = (sum(part[other] for other in history) + a * share) / (len(history) + a)
                score += strength / len(columns) * log(mine / share) / len(of_item(column, item))
    return score


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    a=st.sampled_from([0.5, 20.0]),
    strength=st.sampled_from([0.0, 1.5]),
    columns=st.sampled_from([None, ["genres"]]),
)
def test_equals_the_formula(interactions_of, random_pairs, seed, a, strength, columns) -> None:
    # Nobody has the last item, the only one of its categories.
    data = with_features(interactions_of, random_pairs(seed, 6, 8, 25), 6)
    model = CategoryPopularity(columns=columns, prior_items=a, strength=strength).fit(data)
    has = data.matrix().toarray() > 0
    scores = model.score(np.arange(6))
    for user in range(6):
        history = np.flatnonzero(has[user]).tolist()
        wanted = [expected(has, history, item, columns or ["genres", "shop"], a, strength) for item in range(9)]
        np.testing.assert_allclose(scores[user], wanted, atol=1e-9)


def test_without_a_history_or_without_strength_it_is_popularity(interactions_of, random_pairs) -> None:
    data = with_features(interactions_of, random_pairs(0, 6, 8, 25), 7)
    popular = Popularity(log=True).fit(data).score([6])
    np.testing.assert_allclose(CategoryPopularity().fit(data).score([6]), popular)
    np.testing.assert_allclose(CategoryPopularity(strength=0.0).fit(data).score(np.arange(7)), np.tile(popular, (7, 1)))


def test_what_cannot_be_read_is_refused(interactions_of) -> None:
    with pytest.raises(tailrec.InputError, match="category-popularity: expected data with item features"):
        CategoryPopularity().fit(interactions_of([(0, 0)]))
    data = with_features(interactions_of, [(0, 0)], 1)
    with pytest.raises(tailrec.InputError, match="category-popularity: expected `aisle` among"):
        CategoryPopularity(columns=["aisle"]).fit(data)
    with pytest.raises(tailrec.InputError, match="prior_items"):
        CategoryPopularity(prior_items=0.0)
