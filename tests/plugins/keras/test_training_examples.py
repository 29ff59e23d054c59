"""The examples of an epoch, against sets of pairs."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tailrec_keras.training_examples import TrainingExamples

from tailrec import InputError, Interactions

EVENTS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), min_size=1, max_size=30)


def interactions(events):
    return Interactions.from_frame(pd.DataFrame(events, columns=["user", "item"]), duplicates="keep")


@given(EVENTS, st.integers(1, 5), st.integers(0, 100))
def test_every_pair_stands_once_and_no_negative_is_one_of_them(events, negatives, seed):
    train = interactions(events)
    drawn = TrainingExamples(train).draw(negatives, np.random.default_rng(seed))
    happened = set(zip(train.frame["user"], train.frame["item"], strict=True))
    pairs = list(zip(drawn.users.tolist(), drawn.items.tolist(), strict=True))
    positive = [pair for pair, label in zip(pairs, drawn.labels, strict=True) if label == 1]
    negative = [pair for pair, label in zip(pairs, drawn.labels, strict=True) if label == 0]
    assert sorted(positive) == sorted(happened)
    assert not set(negative) & happened
    assert all(0 <= item < train.n_items for _, item in negative)
    owned = Counter(user for user, _ in happened)
    expected = {user: n * negatives for user, n in owned.items() if n < train.n_items}
    assert Counter(user for user, _ in negative) == expected
    assert (drawn.weights == 1).all()


def test_every_item_that_a_user_has_not_is_drawn_equally_often():
    train = interactions([(0, 1), (0, 2), (0, 5), (1, 0), (1, 3), (1, 4), (1, 6)])
    examples, rng = TrainingExamples(train), np.random.default_rng(0)
    drawn = [examples.draw(1000, rng) for _ in range(5)]
    for user, free in ((0, [0, 3, 4, 6]), (1, [1, 2, 5])):
        items = np.concatenate([one.items[(one.users == user) & (one.labels == 0)] for one in drawn])
        counts = np.bincount(items, minlength=7)
        assert sorted(np.flatnonzero(counts)) == free
        assert np.abs(counts[free] / counts.sum() * len(free) - 1).max() < 0.05


def test_a_negative_weighs_what_its_pair_weighs_and_a_repeated_pair_the_mean():
    train = interactions([(0, 0), (0, 0), (1, 1), (2, 2)])
    drawn = TrainingExamples(train, np.array([0.5, 1.5, 3.0, 0.0])).draw(2, np.random.default_rng(0))
    assert {(user, weight) for user, weight in zip(drawn.users.tolist(), drawn.weights.tolist(), strict=True)} == {
        (0, 1.0),
        (1, 3.0),
        (2, 0.0),
    }


def test_the_examples_are_shuffled_and_drawn_anew():
    train = interactions([(user, item) for user in range(10) for item in range(user + 1)])
    examples, rng = TrainingExamples(train), np.random.default_rng(0)
    first, second = examples.draw(2, rng), examples.draw(2, rng)
    assert 0 < first.labels[: len(first.labels) // 3].mean() < 0.7
    pairs = [
        sorted(zip(one.users[one.labels == 0], one.items[one.labels == 0], strict=True)) for one in (first, second)
    ]
    assert pairs[0] != pairs[1]


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (np.ones(3), r"one weight a row of the frame, 2, received the shape \(3,\)"),
        (np.array([1.0, np.nan]), "finite"),
        (np.array([2.0, -1.0]), "not negative"),
        (np.zeros(2), "not all zero"),
    ],
)
def test_weights_that_cannot_be_used_are_refused(weights, words):
    with pytest.raises(InputError, match=words):
        TrainingExamples(interactions([(0, 0), (1, 1)]), weights)


def test_no_event_is_refused():
    with pytest.raises(InputError, match="at least one event"):
        TrainingExamples(interactions([(0, 0)]).select(np.zeros(1, dtype=bool)))
