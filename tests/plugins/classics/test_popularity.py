"""Popularity against a Counter."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tailrec_classics.popularity import Popularity

PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), min_size=1, max_size=40)


@given(PAIRS)
def test_counts_people_or_events(interactions_of, pairs: list[tuple[int, int]]) -> None:
    data = interactions_of(pairs, 5, 6)
    people, events = Counter(item for _, item in set(pairs)), Counter(item for _, item in pairs)
    assert Popularity().fit(data).score([0, 3]).tolist() == [[people[item] for item in range(6)]] * 2
    assert Popularity(count="events").fit(data).score([4]).tolist() == [[events[item] for item in range(6)]]
    np.testing.assert_allclose(Popularity(log=True).fit(data).score([4]), [np.log([1 + people[i] for i in range(6)])])


@given(PAIRS, st.data())
def test_counts_weights(interactions_of, pairs: list[tuple[int, int]], draw: st.DataObject) -> None:
    data = interactions_of(pairs, 5, 6)
    weights = np.array(draw.draw(st.lists(st.integers(0, 8), min_size=len(pairs), max_size=len(pairs))), dtype=float)
    events: dict[int, float] = {}
    of_pair: dict[tuple[int, int], list[float]] = {}
    for user, item, weight in zip(data.frame["user"], data.frame["item"], weights, strict=True):
        events[item] = events.get(item, 0.0) + weight
        of_pair.setdefault((user, item), []).append(weight)
    people = np.zeros(6)
    for (_, item), values in of_pair.items():
        people[item] += sum(values) / len(values)
    np.testing.assert_allclose(
        Popularity(count="events").fit(data, weights=weights).score([0])[0], [events.get(i, 0.0) for i in range(6)]
    )
    np.testing.assert_allclose(Popularity().fit(data, weights=weights).score([0])[0], people, rtol=1e-6)
