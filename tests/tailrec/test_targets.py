"""Hits and ranks against looking every item up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_matrix

from tailrec import InputError, targets
from tailrec.targets import hits_of, ranks_of_targets


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 30), st.integers(1, 40), st.integers(1, 8))
def test_hits_are_the_items_that_are_targets(seed, n, n_items, k):
    rng = np.random.default_rng(seed)
    wanted = rng.random((n, n_items)) < 0.3
    items = rng.integers(-1, n_items, (n, k))
    expected = [[item >= 0 and bool(wanted[row, item]) for item in codes] for row, codes in enumerate(items)]
    assert hits_of(items, csr_matrix(wanted)).tolist() == expected


def test_hits_in_several_batches(monkeypatch):
    rng = np.random.default_rng(0)
    wanted = rng.random((50, 20)) < 0.3
    items = rng.integers(-1, 20, (50, 6))
    whole = hits_of(items, csr_matrix(wanted))
    monkeypatch.setattr(targets, "_FLAGS", 40)
    np.testing.assert_array_equal(hits_of(items, csr_matrix(wanted)), whole)


@settings(max_examples=80, deadline=None)
@given(
    hnp.arrays(np.float32, st.tuples(st.integers(0, 20), st.integers(0, 50)), elements=st.sampled_from([-1, -0.0, 0])),
    st.integers(0, 2**32 - 1),
)
def test_ranks_are_places_in_the_sorted_list(scores, seed):
    kind = np.random.default_rng(seed).integers(0, 3, scores.shape)
    ranks = ranks_of_targets(scores, csr_matrix(kind == 1), csr_matrix(kind == 2))
    assert len(ranks) == len(scores)
    for row, found in enumerate(ranks):
        candidates = sorted(np.flatnonzero(kind[row] != 2), key=lambda item, row=row: (-scores[row, item], item))
        assert found.tolist() == [candidates.index(code) + 1 for code in np.flatnonzero(kind[row] == 1)]


def test_ranks_of_integers_that_no_float_holds_follow_the_order_of_the_targets():
    unsorted = csr_matrix((np.ones(3), np.array([2, 0, 1]), np.array([0, 3])), shape=(1, 4))
    assert ranks_of_targets(np.array([[2**60, 2**60 + 1, -(2**62), 2**60 + 2]]), unsorted)[0].tolist() == [4, 3, 2]


def test_a_target_that_may_not_be_ranked_is_refused():
    both = csr_matrix([[0, 1]])
    with pytest.raises(InputError, match="expected targets that are candidates, received one in row 0"):
        ranks_of_targets(np.zeros((1, 2)), both, both)


@pytest.mark.parametrize(
    ("items", "shape", "message"),
    [([[3]], (1, 3), "expected items below 3 in 1 rows"), ([[0]], (2, 3), "in 2 rows, received 0 in 1 rows")],
)
def test_lists_that_do_not_fit_are_refused(items, shape, message):
    with pytest.raises(InputError, match=message):
        hits_of(np.array(items), csr_matrix(shape))
