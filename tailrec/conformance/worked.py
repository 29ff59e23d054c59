"""Rankings whose every position is known, to measure a metric on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from tailrec.conformance.checks import Fault
from tailrec.conformance.planted import TASTES
from tailrec.interactions import Interactions
from tailrec.ranking import Ranking

if TYPE_CHECKING:
    from numpy.typing import NDArray

    IntArray = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Orders:
    """For every user all candidates, best first, and the targets among them.

    Attributes
    ----------
    candidates
        One array of item codes a user.
    targets
        One array a user; every target is a candidate.
    train
        What came before: a user's training items are no candidates.
    k
        The length of the lists.
    """

    candidates: list[IntArray]
    targets: list[IntArray]
    train: Interactions
    k: int

    def ranking(self) -> Ranking:
        """Return the ranking, with the rank of every target."""
        n, n_items = len(self.candidates), self.train.n_items
        items = np.full((n, self.k), -1, dtype=np.int32)
        ranks: list[IntArray] = []
        for row, (order, wanted) in enumerate(zip(self.candidates, self.targets, strict=True)):
            items[row, : len(order)] = order[: self.k]
            place = {item: rank for rank, item in enumerate(order.tolist(), start=1)}
            ranks.append(np.array([place[item] for item in sorted(wanted.tolist())], dtype=np.int64))
        rows = np.repeat(np.arange(n), [len(wanted) for wanted in self.targets])
        columns = np.concatenate([np.empty(0, dtype=np.int64), *self.targets])
        return Ranking(
            items=items,
            targets=csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=(n, n_items)),
            n_candidates=np.array([len(order) for order in self.candidates]),
            train=self.train,
            target_ranks=ranks,
            users=np.arange(n),
        )

    def reordered(self, how: Callable[[IntArray, IntArray], IntArray]) -> Orders:
        """Return the same users with their candidates in another order, made from the candidates and the targets."""
        return replace(self, candidates=[how(*one) for one in zip(self.candidates, self.targets, strict=True)])

    def relabelled(self, codes: IntArray) -> Orders:
        """Return the same with other item codes: ``codes[old]`` is the new one."""
        old = np.argsort(codes)
        frame = self.train.frame.assign(item=codes[self.train.frame["item"].to_numpy()].astype(np.int32))
        features = self.train.item_features
        assert features is not None
        train = replace(
            self.train,
            frame=frame,
            items=self.train.items[old],
            item_features=features.iloc[old].reset_index(drop=True),
        )
        return Orders([codes[one] for one in self.candidates], [codes[one] for one in self.targets], train, self.k)


def drawn(seed: int, k: int, n_users: int = 24, short: bool = False) -> Orders:
    """Return users with one to four items behind them and none to four targets, in drawn orders.

    Parameters
    ----------
    k
        The length of the lists; every user has more candidates than that, or with `short` two to four.
    """
    rng = np.random.default_rng(seed)
    n_items = 2 * k + 12
    liked = (1.0 + rng.permutation(n_items)) ** -1.0
    candidates, targets, events = [], [], []
    for user in range(n_users):
        order = rng.permutation(n_items)
        seen, rest = order[: 1 + user % 4], order[1 + user % 4 :]
        events += [(user, item) for item in rng.choice(n_items, size=len(seen), replace=False, p=liked / liked.sum())]
        had = [item for who, item in events if who == user]
        rest = rest[~np.isin(rest, had)]
        rest = rest[: 2 + user % 3] if short else rest
        # The targets stand among the first, where the lists are looked at.
        near = rest[: max(2, min(len(rest), k + 2))]
        candidates.append(rest)
        targets.append(rng.choice(near, size=min(len(near), user % 5), replace=False))
    return Orders(candidates, targets, _train(events, n_users, n_items), k)


def four_users(k: int = 3) -> Ranking:
    r"""Return a ranking of six items for four users, three on a list, to work a metric out by hand.

    ====  =========  =========  ==========  =======  =======================
    user  history    list       candidates  targets  in short
    ====  =========  =========  ==========  =======  =======================
    0     0          **1** 2 3  5           1, 3     two hits, at 1 and 3
    1     0 1        4 5 2      4           3        a miss: it stands at 4
    2     0 1 2 3    5 **4**    2           4        a short list, hit at 2
    3     0 2        3 4 5      4           none     nothing to be right on
    ====  =========  =========  ==========  =======  =======================

    Items 0 to 5 have 4, 2, 2, 1, 0 and 0 users. Their genres: drama, comedy, comedy|drama, drama, drama, unknown.

    Examples
    --------
    >>> import tailrec
    >>> tailrec.testing.four_users().items
    array([[ 1,  2,  3],
           [ 4,  5,  2],
           [ 5,  4, -1],
           [ 3,  4,  5]], dtype=int32)
    """
    histories = [[0], [0, 1], [0, 1, 2, 3], [0, 2]]
    events = [(user, item) for user, history in enumerate(histories) for item in history]
    genres = ["drama", "comedy", "comedy|drama", "drama", "drama", None]
    train = replace(_train(events, 4, 6), item_features=pd.DataFrame({"genres": genres}))
    orders = [[1, 2, 3, 4, 5], [4, 5, 2, 3], [5, 4], [3, 4, 5, 1]]
    wanted: list[list[int]] = [[1, 3], [3], [4], []]
    candidates, targets = ([np.array(one, dtype=np.int64) for one in lists] for lists in (orders, wanted))
    return Orders(candidates, targets, train, k).ranking()


def parts(ranking: Ranking) -> list[Any]:
    """Return all that a ranking holds, to be compared."""
    train = ranking.train
    return [ranking.items, ranking.targets, ranking.n_candidates, ranking.target_ranks, ranking.users, train]


def agree(one: Any, other: Any, said: str) -> None:
    """Raise a fault that shows the first user whose values differ; two nan agree."""
    if one.shape != other.shape:
        raise Fault(f"{said}: the shape was {one.shape} and is {other.shape}")
    apart = np.flatnonzero(~np.isclose(one, other, rtol=1e-9, atol=1e-12, equal_nan=True))
    if len(apart):
        raise Fault(f"{said}: user {apart[0]}: {one[apart[0]]:.6g} and {other[apart[0]]:.6g}")


def _train(events: list[tuple[int, int]], n_users: int, n_items: int) -> Interactions:
    user, item = (np.array(column, dtype=np.int32) for column in zip(*events, strict=True))
    taste = [TASTES[code % 2] for code in range(n_items)]
    return Interactions(
        frame=pd.DataFrame({"user": user, "item": item}),
        users=pd.RangeIndex(n_users, name="user"),
        items=pd.RangeIndex(n_items, name="item"),
        item_features=pd.DataFrame({"title": [f"item {code}" for code in range(n_items)], "genres": taste}),
    )
