"""Histories as rows, against plain lists."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tailrec_keras.sequences import TrainingSequences, by_width, distinct, inputs_of, padded

from tailrec import InputError, Interactions

EVENTS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), min_size=1, max_size=40)


def interactions(events):
    return Interactions.from_frame(pd.DataFrame(events, columns=["user", "item"]), duplicates="keep")


@given(st.lists(st.integers(0, 9), max_size=20), st.integers(1, 8))
def test_a_history_is_its_distinct_items_after_the_start(history, max_len):
    assert distinct(np.array(history, dtype=int)).tolist() == list(dict.fromkeys(history))
    (row,) = inputs_of([np.array(history, dtype=int)], max_len)
    assert row.tolist() == [0, *(item + 1 for item in dict.fromkeys(history))][-max_len:]


@given(EVENTS, st.integers(2, 6), st.integers(1, 20), st.integers(0, 9))
def test_every_prediction_is_trained_once_from_what_came_before_it(events, max_len, n_positions, seed):
    train = interactions(events)
    weights = np.arange(1.0, len(events) + 1)
    found = []
    for batch in TrainingSequences(train, weights, max_len).batches(n_positions, np.random.default_rng(seed)):
        assert batch.inputs.shape == batch.targets.shape == batch.weights.shape
        for inputs, targets, weighed in zip(*batch, strict=True):
            n = int((weighed > 0).sum())
            assert not (inputs[n:].any() or targets[n:].any() or weighed[n:].any())
            if n:
                found.append((inputs[:n].tolist(), targets[:n].tolist(), weighed[:n].tolist()))
    expected = []
    for user in range(train.n_users):
        rows = np.flatnonzero(train.frame["user"].to_numpy() == user)
        first = {}
        for row in rows:
            first.setdefault(int(train.frame["item"][row]), float(weights[row]))
        items = list(first)
        before = [0, *(item + 1 for item in items[:-1])]
        expected.append((before[-max_len:], items[-max_len:], list(first.values())[-max_len:]))
    assert sorted(found) == sorted(expected)


@given(st.lists(st.integers(1, 70), min_size=1, max_size=30))
def test_a_width_holds_its_rows_and_half_of_it_does_not(lengths):
    widths = by_width(np.array(lengths), 70)
    assert sorted(np.concatenate(list(widths.values()))) == list(range(len(lengths)))
    for width, rows in widths.items():
        assert all(lengths[row] <= width and (width == 2 or width < 2 * lengths[row]) for row in rows)


def test_batches_of_a_width_have_one_shape_and_their_order_is_drawn():
    train = interactions([(user, item) for user in range(50) for item in range(1 + user % 9)])
    sequences = TrainingSequences(train, None, 8)
    batches = [list(sequences.batches(16, np.random.default_rng(seed))) for seed in (0, 0, 1)]
    assert {batch.inputs.shape for batch in batches[0]} == {(8, 2), (4, 4), (2, 8)}
    widths = [batch.inputs.shape[1] for batch in batches[0]]
    assert sorted(widths) not in (widths, widths[::-1])
    same = [
        all(np.array_equal(a.inputs, b.inputs) for a, b in zip(batches[0], other, strict=True)) for other in batches
    ]
    assert same == [True, True, False]


def test_rows_are_filled_up_with_zeros():
    assert padded([np.array([1, 2]), np.array([3])], 3, np.int32, 3).tolist() == [[1, 2, 0], [3, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize("weights", [np.ones(1), -np.ones(2), np.zeros(2), np.array([np.nan, 1])])
def test_weights_that_cannot_be_used_are_refused(weights):
    with pytest.raises(InputError, match="expected"):
        TrainingSequences(interactions([(0, 0), (0, 1)]), weights, 4)


def test_nothing_to_train_on_is_refused():
    with pytest.raises(InputError, match="at least one event"):
        TrainingSequences(interactions([(0, 0)]).select(np.zeros(1, dtype=bool)), None, 4)
