"""What the tests of the widgets share."""

from __future__ import annotations

from io import BytesIO

import matplotlib.image
import pytest

import tailrec


@pytest.fixture(scope="session")
def train():
    return tailrec.load("synthetic", n_users=120, n_items=60, seed=0)


@pytest.fixture
def size():
    """Return a function from a PNG to (height, width, channels)."""
    return lambda png: matplotlib.image.imread(BytesIO(png)).shape
