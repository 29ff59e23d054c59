"""Codes and histories: read whatever integer they are, refused with a sentence otherwise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tailrec_classics.histories import codes, history_matrix, pair_weights

import tailrec


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.uint64, np.int64])
def test_codes_of_any_integer_type(dtype: type) -> None:
    assert codes(np.array([2, 0], dtype=dtype), 3, "user").tolist() == [2, 0]


def test_no_codes() -> None:
    assert codes([], 3, "user").shape == (0,)


@pytest.mark.parametrize(
    ("values", "said"), [([3], "0 to 2.*received 3"), ([-1], "received -1"), ([0.5], "whole numbers"), ([[0]], "shape")]
)
def test_what_is_no_code_is_refused(values: list[object], said: str) -> None:
    with pytest.raises(tailrec.InputError, match=said):
        codes(values, 3, "user")


@given(st.lists(st.lists(st.integers(0, 6), max_size=9), max_size=5))
def test_a_history_counts_an_item_once(histories: list[list[int]]) -> None:
    dense = history_matrix([np.array(history, dtype=np.int16) for history in histories], 7).toarray()
    assert dense.shape == (len(histories), 7)
    for row, history in zip(dense, histories, strict=True):
        assert {item for item in range(7) if row[item]} == set(history)
        assert set(row) <= {0.0, 1.0}


def test_pair_weights_are_means(interactions_of) -> None:
    data = interactions_of([(0, 0), (0, 0), (0, 1), (1, 1)])
    assert pair_weights(data, None).toarray().tolist() == [[1, 1], [0, 1]]
    assert pair_weights(data, np.array([1.0, 3.0, 0.0, 7.0])).toarray().tolist() == [[2, 0], [0, 7]]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0])
def test_a_bad_weight_is_refused(interactions_of, bad: float) -> None:
    with pytest.raises(tailrec.InputError, match="not negative.*row 1"):
        pair_weights(interactions_of([(0, 0), (1, 0)]), np.array([1.0, bad]))
