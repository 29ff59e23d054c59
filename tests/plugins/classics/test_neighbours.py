"""Shrunk neighbours: which are kept, against sorting whole rows, whatever the blocks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from tailrec_classics import neighbours
from tailrec_classics.neighbours import shrunk_neighbours


@settings(max_examples=80, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    k=st.integers(1, 9),
    work=st.integers(1, 200),
    shrinkage=st.sampled_from([0.5, 20.0]),
    normalised=st.booleans(),
)
def test_keeps_the_largest_of_each_row(seed: int, k: int, work: int, shrinkage: float, normalised: bool) -> None:
    rng = np.random.default_rng(seed)
    dense = rng.integers(0, 2, (6, 8)) * rng.integers(1, 3, 8)
    products = (dense.T @ dense).astype(float)
    lengths = np.sqrt(products.diagonal())
    both = np.outer(lengths, lengths)
    expected = products / (both + shrinkage) * (1.0 if normalised else both)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbours, "_WORK", work)
        found = shrunk_neighbours(csr_matrix(dense.astype(float)), k, shrinkage, normalised=normalised).toarray()
    for item in range(8):
        # Counts are whole numbers, and so equal similarities are equal to the last bit.
        kept = [j for j in sorted(range(8), key=lambda j: (-expected[item, j], j)) if expected[item, j] > 0][:k]
        assert np.flatnonzero(found[item]).tolist() == sorted(kept)
        np.testing.assert_allclose(found[item, kept], expected[item, kept])


def test_without_any_event_there_are_none() -> None:
    assert shrunk_neighbours(csr_matrix((3, 4)), 2, 1.0, normalised=True).nnz == 0
