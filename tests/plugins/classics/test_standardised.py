"""Standardised scores against the mean and the deviation of the candidates alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_matrix
from tailrec_classics.standardised import standardised


@given(arrays(float, (3, 7), elements=st.integers(-50, 50)), arrays(bool, (3, 7)))
def test_candidates_have_mean_zero_and_deviation_one(scores: np.ndarray, has: np.ndarray) -> None:
    z = standardised(scores, csr_matrix(has.astype(np.float32)))
    assert np.isfinite(z).all()
    for row in range(3):
        candidates = scores[row][~has[row]]
        if len(candidates) == 0 or candidates.std() == 0:
            assert not z[row].any()
        else:
            np.testing.assert_allclose(
                z[row], (scores[row] - candidates.mean()) / candidates.std(), rtol=1e-5, atol=1e-6
            )


def test_equal_scores_are_no_preference() -> None:
    assert not standardised(np.full((1, 3), 0.1), csr_matrix((1, 3))).any()
    assert not standardised(np.full((1, 7), 1e9 + 0.1), csr_matrix((1, 7))).any()
