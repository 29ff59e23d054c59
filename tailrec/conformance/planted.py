"""Small made-up data in which it is known what there is to learn, and where there is nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from tailrec.holdout import Holdout, Split
from tailrec.interactions import Interactions

if TYPE_CHECKING:
    from numpy.typing import NDArray

_START = 1_704_067_200
_DAY = 86_400
#: Targets of a user in the validation, and in the test.
_ASKED = 3
TASTES = ("sweet", "savoury")


def planted_taste(columns: Iterable[str] = (), n_users: int = 80, n_items: int = 40, seed: int = 0) -> Split:
    """Return a split in which every user has one of two tastes, and within each some items are liked more.

    Users and items of even code have the one taste, of odd code the other. A user draws 6 to 14 items, 85 % of them
    from their taste, the rest from all, P(i) ∝ rank(i)^-1; every fourth user comes back to their first item. Three
    items of each user are the validation, three more the test.

    Parameters
    ----------
    columns
        Columns of text that the item features have beside ``title``, ``genres`` and ``text``.
    """
    rng = np.random.default_rng(seed)
    liked = (1.0 + np.arange(n_items) // 2) ** -1.0
    parts: list[list[tuple[int, int]]] = [[], [], []]
    for user in range(n_users):
        own = np.where(np.arange(n_items) % 2 == user % 2, liked, 0.0)
        chance = 0.85 * own / own.sum() + 0.15 * liked / liked.sum()
        length = int(rng.integers(6, 15))
        items = rng.choice(n_items, size=length + 2 * _ASKED, replace=False, p=chance)
        asked, history = rng.permutation(items)[: 2 * _ASKED], []
        history = [item for item in items if item not in asked]
        parts[0] += [(user, item) for item in [*history, *(history[:1] if user % 4 == 0 else [])]]
        parts[1] += [(user, item) for item in asked[:_ASKED]]
        parts[2] += [(user, item) for item in asked[_ASKED:]]
    train = with_everything(interactions(parts[0], n_users, n_items, rated_by_taste=True), columns)
    shape = (n_users, n_items)
    seen, validation, test = train.matrix(), pairs(parts[1], shape), pairs(parts[2], shape)
    return Split(train, Holdout(validation, seen, train), Holdout(test, (seen + validation).tocsr(), train))


def planted_leak(columns: Iterable[str] = (), n_users: int = 80, n_items: int = 40, seed: int = 1) -> Split:
    """Return a split whose train says nothing of the users' tastes, and whose validation says everything.

    The train is drawn evenly from all items. What preparation would have removed (it is masked and not in the
    train), the targets of the validation and those of the test are of each user's taste. So only a model that
    takes the validation's targets, or what is masked, for training events beats chance.
    """
    rng = np.random.default_rng(seed)
    tastes = rng.permutation(np.arange(n_users) % 2)
    parts: list[list[tuple[int, int]]] = [[], [], [], []]
    for user in range(n_users):
        own = rng.permutation(np.flatnonzero(np.arange(n_items) % 2 == tastes[user]))
        asked = own[: 4 * _ASKED]
        # As many of the other taste are kept out of the train, so that what is missing there tells nothing.
        other = rng.permutation(np.flatnonzero(np.arange(n_items) % 2 != tastes[user]))[: 4 * _ASKED]
        free = np.setdiff1d(np.arange(n_items), [*asked, *other])
        history = rng.choice(free, size=int(rng.integers(4, 9)), replace=False)
        parts[0] += [(user, item) for item in history]
        for part, items in enumerate(np.split(asked, [2 * _ASKED, 3 * _ASKED]), start=1):
            parts[part] += [(user, item) for item in items]
    train = with_everything(interactions(parts[0], n_users, n_items), columns)
    removed, validation, test = (pairs(part, (n_users, n_items)) for part in parts[1:])
    seen = (train.matrix() + removed).tocsr()
    return Split(train, Holdout(validation, seen, train), Holdout(test, (seen + validation).tocsr(), train))


@dataclass(frozen=True, eq=False)
class Camps:
    """Two camps of users, and those between them.

    Attributes
    ----------
    split
        The events; only the camps are asked something.
    is_first
        (n_events,) whether a row of the train is of the first camp, and `is_second` of the second.
    undecided
        The users of no camp.
    of_first, of_second
        The items that only the one camp has, and only the other.
    """

    split: Split
    is_first: NDArray[np.bool_]
    is_second: NDArray[np.bool_]
    undecided: NDArray[np.int64]
    of_first: NDArray[np.int64]
    of_second: NDArray[np.int64]


def two_camps(columns: Iterable[str] = (), n_users: int = 75) -> Camps:
    """Return two camps: whichever weighs more is the one that undecided users are led to.

    Everybody has two of the items 0 to 3. Of three users in turn the first goes on to items 4 to 9, the second to
    items 10 to 15, and the third stays there, undecided. Each user of a camp is asked one more of its items.
    """
    rng = np.random.default_rng(2)
    events: list[tuple[int, int]] = []
    asked: list[tuple[int, int]] = []
    for user in range(n_users):
        events += [(user, item) for item in rng.choice(4, size=2, replace=False)]
        if user % 3 < 2:
            own = 4 + 6 * (user % 3) + rng.choice(6, size=5, replace=False)
            events += [(user, item) for item in own[:4]]
            asked += [(user, own[4])]
    train = with_everything(interactions(events, n_users, 16), columns)
    camp = train.frame["user"].to_numpy() % 3
    holdout = Holdout(pairs(asked, (n_users, 16)), train.matrix(), train)
    return Camps(
        split=Split(train, holdout, holdout),
        is_first=camp == 0,
        is_second=camp == 1,
        undecided=np.arange(2, n_users, 3),
        of_first=np.arange(4, 10),
        of_second=np.arange(10, 16),
    )


def with_holes(columns: Iterable[str] = ()) -> Split:
    """Return the planted taste without the events of three users, and of three items, the first and last of each."""
    split = planted_taste(columns, n_users=40, n_items=30, seed=3)
    frame = split.train.frame
    users, items = (0, 17, 39), (0, 13, 29)
    rows = ~(frame["user"].isin(users) | frame["item"].isin(items)).to_numpy()
    train = split.train.select(rows)
    seen = train.matrix()
    left = split.validation.targets
    return Split(train, Holdout(left, seen, train), Holdout(split.test.targets, (seen + left).tocsr(), train))


def nothing_asked(holdout: Holdout) -> Holdout:
    """Return a holdout without targets, as a split without a validation has."""
    return Holdout(csr_matrix(np.zeros(holdout.targets.shape, dtype=np.float32)), holdout.masked, holdout.train)


def only(data: Interactions, required: frozenset[str]) -> Interactions:
    """Return interactions that carry what is required, and nothing else."""
    timed = bool({"timestamps", "order"} & required)
    drop = [name for name, word in (("rating", "ratings"),) if word not in required]
    drop += [] if timed else ["timestamp"]
    known = {"ratings", "timestamps", "order", "user-features", "validation"}
    return replace(
        data,
        frame=data.frame.drop(columns=drop),
        ordered=timed,
        item_features=data.item_features if required - known else None,
        user_features=data.user_features if "user-features" in required else None,
    )


def interactions(
    events: list[tuple[int, int]], n_users: int, n_items: int, *, rated_by_taste: bool = False
) -> Interactions:
    """Return interactions, a day between two events of a user, each rated 1 to 5: 4 or 5 where it is of their taste."""
    user, item = (np.array(column, dtype=np.int32) for column in zip(*events, strict=True))
    frame = pd.DataFrame({"user": user, "item": item})
    by_taste = np.where(user % 2 == item % 2, 4, 1) + (user + item // 2) % 2
    frame["rating"] = (by_taste if rated_by_taste else 1 + (user + item) % 5).astype(np.float32)
    frame["timestamp"] = _START + _DAY * frame.groupby("user").cumcount().to_numpy() + user
    return Interactions(
        frame=frame,
        users=pd.Index([f"user-{code}" for code in range(n_users)], name="user"),
        items=pd.Index([f"item-{code}" for code in range(n_items)], name="item"),
        ordered=True,
        title="planted",
        licence="Made up: anybody's.",
    )


def with_everything(data: Interactions, columns: Iterable[str] = ()) -> Interactions:
    """Return the data with features: a title, the taste as genres, a text, and further columns of text."""
    taste = [TASTES[code % 2] for code in range(data.n_items)]
    text = {"genres": taste, "text": [f"something {one}, number {code}" for code, one in enumerate(taste)]}
    text |= {column: taste for column in columns if column not in text}
    items = pd.DataFrame({"title": [f"item {code}" for code in range(data.n_items)]} | text)
    users = pd.DataFrame({"group": [TASTES[code % 2] for code in range(data.n_users)]})
    return replace(data, item_features=items, user_features=users)


def pairs(events: list[tuple[int, int]], shape: tuple[int, int]) -> csr_matrix:
    """Return a CSR matrix, 1 at every pair."""
    rows, columns = zip(*events, strict=True)
    return csr_matrix((np.ones(len(events), dtype=np.float32), (rows, columns)), shape=shape)
