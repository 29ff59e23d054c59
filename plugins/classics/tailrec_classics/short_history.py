"""A linear model that learns from short histories: a few items of everybody, and what else they have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

import numpy as np
import pydantic
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix, diags_array, vstack

import tailrec
from tailrec_classics.histories import codes, history_matrix, pair_weights, require_fitted
from tailrec_classics.tokens import labels

if TYPE_CHECKING:
    from numpy.typing import NDArray

