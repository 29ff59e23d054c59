"""People with known tastes, made up, and a tail of short histories."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from tailrec import DataPlugin, InputError, Interactions

#: The first second of 2024.
_START = 1_704_067_200
_YEAR = 365 * 24 * 3600
#: How often what was drawn twice is drawn anew; a loyal user of a small taste runs out of items.
_ROUNDS = 20


class Synthetic(DataPlugin):
    r"""Made-up people, each with a taste that is known, and a tail of short histories.

    Items belong to one taste each, and are more or less popular within it. A user draws items without
    repetition: with probability `loyalty` from their own taste, else from all, and there by popularity,
    :math:`P(i) \propto \mathrm{rank}(i)^{-skew}`. So whoever learns the tastes from the histories can do better than
    popularity, and nobody can where the items are shuffled among the users.

    Parameters
    ----------
    n_users, n_items
        How many there are; an item that nobody drew is there without events.
    n_tastes
        How many tastes.
    loyalty
        How often a user draws from their own taste; else they draw from all items, it among them.
    skew
        How unequal the items of a taste are; 0 makes them equal.
    tail_share
        The share of users with a short history: 2 + k events with :math:`P(k) \propto 1/k` on 1 to 10. The rest
        have 36 to 72, at most half of the catalogue, and fewer where their taste runs out of items.
    seed
        Same seed, same data.

    Notes
    -----
    Item features: ``title``, ``genres`` (the taste) and ``text``. User features: ``taste`` and ``is_tail``.
    Timestamps are seconds in the year 2024, spread evenly over it.

    Examples
    --------
    >>> data = Synthetic(n_users=100, n_items=60).load()
    >>> data.n_users, data.n_items, data.item_features["genres"].nunique()
    (100, 60, 5)
    """

    n_users: Annotated[int, Field(ge=1)] = 500
    n_items: Annotated[int, Field(ge=6)] = 300
    n_tastes: Annotated[int, Field(ge=1)] = 5
    loyalty: Annotated[float, Field(ge=0.0, le=1.0)] = 0.8
    skew: Annotated[float, Field(ge=0.0, le=3.0)] = 0.7
    tail_share: Annotated[float, Field(ge=0.0, le=1.0)] = 0.8
    seed: Annotated[int, Field(ge=0)] = 0

    def __post_init__(self) -> None:
        if self.n_tastes > self.n_items:
            raise InputError(f"expected `n_tastes` to be at most `n_items`, {self.n_items}, received {self.n_tastes}")

    def load(self) -> Interactions:
        """Return the interactions."""
        rng = np.random.default_rng(self.seed)
        taste_of_item = rng.permutation(np.arange(self.n_items) % self.n_tastes)
        taste_of_user = rng.permutation(np.arange(self.n_users) % self.n_tastes)
        is_tail = rng.permutation(np.arange(self.n_users) < round(self.tail_share * self.n_users))
        lengths = _lengths(is_tail, self.n_items, rng)
        user, item = self._draw(taste_of_user, taste_of_item, lengths, rng)
        when = _START + rng.integers(_YEAR, size=len(user))
        # Within a user, the order of the draws is the order in time.
        when = when[np.lexsort((when, user))]
        tastes = np.array([f"taste-{taste}" for taste in range(self.n_tastes)], dtype=object)
        titles = [f"item {code}" for code in range(self.n_items)]
        return Interactions(
            frame=pd.DataFrame({"user": user, "item": item, "timestamp": when}),
            users=pd.RangeIndex(self.n_users, name="user"),
            items=pd.RangeIndex(self.n_items, name="item"),
            item_features=pd.DataFrame(
                {
                    "title": titles,
                    "genres": tastes[taste_of_item],
                    "text": [f"{title}, {taste}" for title, taste in zip(titles, tastes[taste_of_item], strict=True)],
                }
            ),
            user_features=pd.DataFrame({"taste": tastes[taste_of_user], "is_tail": is_tail}),
            ordered=True,
            title="synthetic",
            licence="Made up: anybody's.",
        )

    def _draw(
        self, taste_of_user: NDArray[Any], taste_of_item: NDArray[Any], lengths: NDArray[Any], rng: np.random.Generator
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return (n_events,) users, grouped, and the items that they drew, no item twice."""
        by_taste = [rng.permutation(np.flatnonzero(taste_of_item == taste)) for taste in range(self.n_tastes)]
        starts = np.cumsum([0] + [len(items) for items in by_taste])
        ranked = np.concatenate(by_taste)
        weights = np.concatenate([np.arange(1, len(items) + 1.0) ** -self.skew for items in by_taste])
        heights = np.concatenate([[0.0], np.cumsum(weights)])

        def drawn(user: NDArray[Any], own: NDArray[np.bool_]) -> NDArray[Any]:
            taste = taste_of_user[user]
            low = np.where(own, heights[starts[taste]], 0.0)
            high = np.where(own, heights[starts[taste + 1]], heights[-1])
            at = np.searchsorted(heights, low + rng.random(len(user)) * (high - low), side="right") - 1
            items: NDArray[Any] = ranked[np.minimum(at, self.n_items - 1)]
            return items

        user = np.repeat(np.arange(self.n_users), lengths)
        own = rng.random(len(user)) < self.loyalty
        item = drawn(user, own)
        for _ in range(_ROUNDS):
            again = _repeats(user * self.n_items + item)
            if not again.any():
                break
            item[again] = drawn(user[again], own[again])
        once = ~_repeats(user * self.n_items + item)
        return user[once].astype(np.int32), item[once].astype(np.int32)


def _repeats(keys: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which keys stand earlier too."""
    return pd.Series(keys).duplicated().to_numpy()


def _lengths(is_tail: NDArray[np.bool_], n_items: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return (n_users,) how many items each user draws, at most half of the catalogue."""
    k = np.arange(1, 11)
    short = 2 + rng.choice(k, size=len(is_tail), p=(1 / k) / (1 / k).sum())
    long = rng.integers(36, 73, size=len(is_tail))
    return np.minimum(np.where(is_tail, short, long), max(3, n_items // 2))
