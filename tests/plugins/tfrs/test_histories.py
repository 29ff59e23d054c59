"""Histories and what is made of them, against loops over lists."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tailrec_tfrs.histories import Histories
from tailrec_tfrs.training_pairs import Pairs, distinct_pairs

import tailrec
from tailrec import InputError

LISTS = st.lists(st.lists(st.integers(0, 6), max_size=8), min_size=1, max_size=5)


def each(histories):
    return [histories.items[a:b].tolist() for a, b in zip(histories.bounds[:-1], histories.bounds[1:], strict=True)]


@given(LISTS)
def test_an_item_stands_where_it_first_happened(lists):
    expected = [list(dict.fromkeys(items)) for items in lists]
    histories = Histories.of(lists, 7)
    assert each(histories) == expected
    assert histories.lengths().tolist() == [len(items) for items in expected]


@given(LISTS, st.floats(0, 20), st.floats(0, 1))
def test_the_pooled_vector_is_the_sum_of_the_items_scaled_by_their_number(lists, shrinkage, power):
    vectors = np.random.default_rng(0).normal(size=(7, 3)).astype(np.float32)
    pooled = Histories.of(lists, 7).pooled(vectors, shrinkage, power)
    assert pooled.shape == (len(lists), 3) and pooled.dtype == np.float32
    for items, found in zip(lists, pooled, strict=True):
        expected = np.zeros(3)
        for item in set(items):
            expected += vectors[item] / (len(set(items)) + shrinkage) ** power
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("history", "words"),
    [
        ([7], "item codes from 0 to 6, those it was fitted on, received 7"),
        ([0, -1], "received -1"),
        ([0.5], "a list of item codes, oldest first, received float64 of shape"),
        ([[0, 1]], r"received int64 of shape \(1, 2\)"),
    ],
)
def test_what_is_no_history_is_refused(history, words):
    with pytest.raises(InputError, match=words):
        Histories.of([history], 7)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=25))
def test_the_histories_of_the_pairs_are_those_of_the_train(events):
    import pandas as pd

    frame = pd.DataFrame(events, columns=["user", "item"]).assign(time=range(len(events)))
    train = tailrec.Interactions.from_frame(frame, timestamp="time")
    pairs = distinct_pairs(train)
    histories, positions = pairs.histories(train.n_users)
    assert each(histories) == each(Histories.of(train.histories(), train.n_items))
    # Every pair finds its item, in the stretch of its user.
    assert histories.items[positions].tolist() == pairs.items.tolist()
    assert (np.searchsorted(histories.bounds, positions, side="right") - 1 == pairs.users).all()


def test_users_without_an_event_have_empty_histories():
    pairs = Pairs(np.array([2, 2], "i4"), np.array([4, 1], "i4"), np.ones(2, "f4"))
    histories, positions = pairs.histories(5)
    assert each(histories) == [[], [], [4, 1], [], []]
    assert positions.tolist() == [0, 1]
