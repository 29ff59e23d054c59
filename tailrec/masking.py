"""The stored entries of a sparse mask: for every user the items that may not be listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tailrec.errors import InputError

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from tailrec.interactions import IntArray


def checked_mask(exclude: csr_matrix | None, shape: tuple[int, ...]) -> csr_matrix | None:
    """Return the mask as CSR, refused where its shape is not that of the scores."""
    if exclude is not None and exclude.shape != shape:
        raise InputError(f"expected `exclude` to have the shape of the scores, {shape}, received {exclude.shape}")
    return exclude if exclude is None else exclude.tocsr()


def flat_positions(matrix: csr_matrix, rows: slice, width: int) -> IntArray:
    """Return where the stored entries of some rows lie in those rows laid end to end, each `width` long."""
    bounds = matrix.indptr[rows.start : rows.stop + 1]
    offsets = np.repeat(np.arange(len(bounds) - 1, dtype=np.int64) * width, np.diff(bounds))
    return offsets + matrix.indices[bounds[0] : bounds[-1]]
