"""Small interactions to fit the classics on."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
import pytest

import tailrec

Pairs = Iterable[tuple[int, int]]


@pytest.fixture(scope="session")
def interactions_of() -> Callable[..., tailrec.Interactions]:
    """Return a function that makes interactions of pairs of codes, with all codes below the given numbers known."""

    def make(
        pairs: Pairs, n_users: int | None = None, n_items: int | None = None, **values: object
    ) -> tailrec.Interactions:
        pairs = list(pairs)
        n_users = n_users or max(user for user, _ in pairs) + 1
        n_items = n_items or max(item for _, item in pairs) + 1
        # The codes follow the sorted ids, so one event for every user and item keeps ids and codes the same.
        every = [(user, 0) for user in range(n_users)] + [(0, item) for item in range(n_items)]
        events = pd.DataFrame([*every, *pairs], columns=["user", "item"])
        events["time"] = np.arange(len(events))
        data = tailrec.Interactions.from_frame(events, timestamp="time", **values)
        return data.select(data.frame["timestamp"].to_numpy() >= len(every))

    return make


@pytest.fixture(scope="session")
def random_pairs() -> Callable[..., list[tuple[int, int]]]:
    """Return a function that draws distinct pairs, some users and items more often than others."""

    def draw(seed: int, n_users: int, n_items: int, n_events: int) -> list[tuple[int, int]]:
        rng = np.random.default_rng(seed)
        users = (rng.random(n_events) ** 2 * n_users).astype(int)
        items = (rng.random(n_events) ** 2 * n_items).astype(int)
        return sorted(set(zip(users.tolist(), items.tolist(), strict=True)))

    return draw
