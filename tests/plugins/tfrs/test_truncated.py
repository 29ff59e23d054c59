"""What is shown of a history in training: never something later where it is cut, and short cuts more often."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tailrec_tfrs.histories import Histories
from tailrec_tfrs.truncated import draw_windows


def drawn(lengths, truncate, longest, seed=0):
    """Return histories of these lengths, the position of every item, its user, and the windows drawn for it."""
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    histories = Histories(np.arange(bounds[-1], dtype=np.int32), bounds)
    users, positions = np.repeat(np.arange(len(lengths)), lengths), np.arange(bounds[-1])
    rng = np.random.default_rng(seed)
    return (
        histories,
        users,
        positions,
        draw_windows(histories, users, positions, truncate=truncate, longest=longest, rng=rng),
    )


@given(st.lists(st.integers(0, 12), min_size=1, max_size=6), st.integers(1, 8), st.floats(0, 1), st.integers(0, 99))
def test_a_window_lies_in_its_own_users_history_and_is_no_longer_than_may_be(lengths, longest, truncate, seed):
    histories, users, _, shown = drawn(lengths, truncate, longest, seed)
    assert (shown.starts >= histories.bounds[users]).all()
    assert (shown.starts + shown.lengths <= histories.bounds[users + 1]).all()
    assert (shown.lengths <= longest).all() and (shown.lengths >= 0).all()


@given(st.lists(st.integers(0, 12), min_size=1, max_size=6), st.integers(1, 8), st.integers(0, 99))
def test_a_truncated_history_begins_at_its_beginning_and_shows_nothing_later_than_the_answer(lengths, longest, seed):
    histories, users, positions, shown = drawn(lengths, 1.0, longest, seed)
    before = positions - histories.bounds[users]
    assert (shown.starts == histories.bounds[users]).all()
    assert (shown.starts + shown.lengths <= positions).all()
    assert ((shown.lengths > 0) == (before > 0)).all()


def test_without_truncation_the_whole_history_is_shown_or_a_stretch_from_anywhere():
    histories, users, _, shown = drawn([3, 40], 0.0, 10)
    assert shown.lengths.tolist() == [3] * 3 + [10] * 40
    assert (shown.starts[:3] == 0).all()
    assert len(np.unique(shown.starts[3:])) > 10
    _, _, _, many = drawn([40] * 200, 0.0, 10)
    assert set(many.starts - np.repeat(40 * np.arange(200), 40)) == set(range(31))


def test_a_cut_of_m_items_is_drawn_with_a_probability_of_nearly_one_by_m():
    # Ten items stand before the last of eleven: P(m) = ln((m + 1) / m) / ln(11).
    _, _, positions, shown = drawn([11] * 20_000, 1.0, 100)
    cuts = shown.lengths[positions % 11 == 10]
    shares = np.bincount(cuts, minlength=11)[1:] / len(cuts)
    m = np.arange(1, 11)
    np.testing.assert_allclose(shares, np.log((m + 1) / m) / np.log(11), atol=0.012)


def test_the_share_that_is_truncated_is_the_one_that_was_asked_for():
    _, _, positions, shown = drawn([1000] * 20, 0.3, 1000)
    # Untruncated, all 1,000 items are shown; truncated, only those before the answer.
    assert abs((shown.lengths < 1000).mean() - 0.3) < 0.02


def test_the_same_chance_draws_the_same_windows_and_the_next_draw_others():
    rng = np.random.default_rng(5)
    histories = Histories(np.arange(50, dtype=np.int32), np.array([0, 50]))
    arguments = histories, np.zeros(50, dtype=int), np.arange(50)
    first, second = (draw_windows(*arguments, truncate=0.5, longest=20, rng=rng) for _ in range(2))
    again = draw_windows(*arguments, truncate=0.5, longest=20, rng=np.random.default_rng(5))
    np.testing.assert_array_equal(first.lengths, again.lengths)
    assert (first.lengths != second.lengths).any()
