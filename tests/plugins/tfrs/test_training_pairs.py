"""The pairs of an epoch, against a dictionary filled event by event."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tailrec_tfrs.training_pairs import distinct_pairs

from tailrec import InputError, Interactions

EVENTS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.floats(0, 3, allow_subnormal=False)), min_size=1, max_size=30
)


def interactions(users, items):
    events = pd.DataFrame({"user": users, "item": items, "time": range(len(users))})
    return Interactions.from_frame(events, timestamp="time")


@given(EVENTS)
def test_a_pair_stands_once_with_the_mean_weight_of_its_events(events):
    train = interactions([e[0] for e in events], [e[1] for e in events])
    # The frame is sorted by user; a stable sort brings the weights into the same order.
    weights = np.array([e[2] for e in sorted(events, key=lambda e: e[0])]) + 0.01
    expected = {}
    for user, item, weight in zip(train.frame["user"], train.frame["item"], weights, strict=True):
        expected.setdefault((user, item), []).append(weight)
    pairs = distinct_pairs(train, weights)
    found = dict(zip(zip(pairs.users.tolist(), pairs.items.tolist(), strict=True), pairs.weights, strict=True))
    assert found.keys() == expected.keys()
    assert len(pairs.users) == len(expected)
    for pair, weight in found.items():
        assert weight == pytest.approx(np.mean(expected[pair]), rel=1e-6)


def test_no_weights_are_weights_of_exactly_one():
    train = interactions([0, 0, 0, 1], [0, 0, 0, 1])
    assert distinct_pairs(train).weights.tolist() == [1.0, 1.0]
    assert distinct_pairs(train, np.ones(4)).weights.tolist() == [1.0, 1.0]


def test_an_item_is_sampled_as_often_as_it_has_users_whatever_they_weigh():
    train = interactions([0, 0, 0, 1, 2], [0, 0, 1, 0, 0])
    pairs = distinct_pairs(train, np.array([1.0, 1.0, 3.0, 0.0, 0.0]))
    assert pairs.sampling_probabilities(3).tolist() == pytest.approx([3 / 4, 1 / 4, 0.0])


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (np.ones(3), r"one weight a row of the frame, 2, received the shape \(3,\)"),
        (np.array([1.0, np.nan]), "finite"),
        (np.array([1.0, np.inf]), "finite"),
        (np.array([2.0, -1.0]), "not negative"),
        (np.zeros(2), "not all zero"),
    ],
)
def test_weights_that_cannot_be_used_are_refused(weights, words):
    with pytest.raises(InputError, match=words):
        distinct_pairs(interactions([0, 1], [0, 1]), weights)


def test_no_event_is_refused():
    train = interactions([0], [0])
    with pytest.raises(InputError, match="at least one event"):
        distinct_pairs(train.select(np.zeros(1, dtype=bool)))
