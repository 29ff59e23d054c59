"""Ratings to fit the peers on: a few popular items, somebody and something without an event."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import tailrec


@pytest.fixture(scope="session")
def ratings() -> tailrec.Interactions:
    """60 users, 40 items, ratings that depend on taste; user 59 and item 39 have no event."""
    rng = np.random.default_rng(4)
    chances = 1 / np.arange(1, 40)
    rows = [(59, 39, 3.0, 0), *((59, item, 3.0, 0) for item in range(39)), *((user, 39, 3.0, 0) for user in range(59))]
    for user in range(59):
        items = rng.choice(39, size=rng.integers(3, 16), replace=False, p=chances / chances.sum())
        liked = 3 + np.where(items % 2 == user % 2, 1, -1) + rng.integers(-1, 2, len(items))
        times = range(1, len(items) + 1)
        rows += [(user, *event) for event in zip(items, liked.astype(float), times, strict=True)]
    events = pd.DataFrame(rows, columns=["user", "item", "rating", "time"])
    genres = pd.DataFrame({"genres": ["even" if item % 2 == 0 else "odd|rare" for item in range(40)]})
    data = tailrec.Interactions.from_frame(events, rating="rating", timestamp="time", item_features=genres)
    return data.select(data.frame["timestamp"].to_numpy() > 0)
