"""What is trained on: every pair once with the mean of its weights, and negatives that are no pair."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tailrec_backprop.training_examples import batches, positives, with_negatives

from tailrec import InputError, Interactions


def interactions(users, items):
    return Interactions.from_frame(pd.DataFrame({"user": users, "item": items}), duplicates="keep")


def as_pairs(examples):
    return list(zip(examples.users.tolist(), examples.items.tolist(), strict=True))


pairs = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9)), min_size=1, max_size=40)


@settings(deadline=None)
@given(pairs, st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_a_negative_never_happened_and_follows_its_pair(events, negatives, seed):
    train = interactions(*zip(*events, strict=True))
    rng = np.random.default_rng(seed)
    weights = rng.uniform(0.1, 2, len(train))
    happened = positives(train, weights)
    mean = pd.DataFrame({**train.frame[["user", "item"]], "w": weights}).groupby(["user", "item"])["w"].mean()
    assert as_pairs(happened) == list(mean.index)
    np.testing.assert_allclose(happened.weights, mean, rtol=1e-6)
    every = with_negatives(happened, train.n_items, negatives, rng)
    n = len(happened.users)
    drawn = every.take(slice(n, None))
    assert as_pairs(every)[:n] == as_pairs(happened) and every.labels.tolist() == [1.0] * n + [0.0] * len(drawn.users)
    assert not set(as_pairs(drawn)) & set(as_pairs(happened))
    full = {user for user, own in Counter(happened.users.tolist()).items() if own == train.n_items}
    assert not full & set(drawn.users.tolist())
    for user in set(drawn.users.tolist()):
        assert set(drawn.weights[drawn.users == user]) <= set(happened.weights[happened.users == user])


def test_negatives_are_drawn_evenly_from_what_the_user_does_not_have():
    happened = positives(interactions([0, 0, 1, 1, 1], [0, 1, 2, 3, 4]))
    drawn = with_negatives(happened, 5, 20_000, np.random.default_rng(0)).take(slice(5, None))
    assert len(drawn.users) > 99_900
    counts = np.bincount(drawn.items[drawn.users == 0], minlength=5)
    assert counts[:2].tolist() == [0, 0]
    np.testing.assert_allclose(counts[2:] / counts.sum(), 1 / 3, atol=0.01)


def test_somebody_with_everything_has_no_negative():
    happened = positives(interactions([0, 0], [0, 1]))
    assert len(with_negatives(happened, 2, 4, np.random.default_rng(0)).users) == 2


def test_a_shuffled_epoch_holds_every_example_once():
    happened = positives(interactions(range(25), range(25)), np.linspace(0.1, 2, 25))
    parts = list(batches(happened, 10, np.random.default_rng(0)))
    assert [len(part.users) for part in parts] == [10, 10, 5]
    rows = np.concatenate([part.users for part in parts])
    assert sorted(rows) == list(range(25)) and list(rows) != list(range(25))
    np.testing.assert_array_equal(np.concatenate([part.weights for part in parts]), happened.weights[rows])


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0], r"one weight a row of the frame, 2, received the shape \(1,\)"),
        ([1.0, -1.0], "not negative"),
        ([1.0, np.nan], "finite"),
        ([0.0, 0.0], "not all zero"),
    ],
)
def test_weights_that_cannot_be_used(weights, message):
    with pytest.raises(InputError, match=message):
        positives(interactions([0, 1], [0, 1]), np.array(weights))


def test_no_event():
    train = interactions([0], [0])
    with pytest.raises(InputError, match="at least one event"):
        positives(train.select(np.array([False])))
