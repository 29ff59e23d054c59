"""Scores to top-k, in batches: seen items masked, ties broken the same way every time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec.errors import InputError, PluginError
from tailrec.topk import hits_of, ranks_of_targets, top_k

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from tailrec.interactions import IntArray, Interactions
    from tailrec.interfaces import ModelPlugin
    from tailrec.splitting import Holdout

__all__ = ["Ranking", "popularity_order", "rank", "top_k"]

#: A batch of scores holds at most this many numbers: 64 MB of float64.
_BATCH_CELLS = 8_000_000


@dataclass(frozen=True, eq=False)
class Ranking:
    """What a metric sees: for every user a list, and what should have been on it.

    Attributes
    ----------
    items
        (n, k) item codes, best first, -1 where there are fewer than k candidates.
    targets
        (n, n_items) CSR, the held-out items of each user.
    n_candidates
        (n,) how many items could have been ranked: those that are not masked.
    train
        What the model was fitted on: popularity, history lengths, item features.
    target_ranks
        For each user the ranks (1 is best) of their targets among all candidates, in the order of the targets'
        columns; only there for a metric that declares `needs_target_ranks`.
    users
        (n,) the code of each row's user.
    """

    items: IntArray
    targets: csr_matrix
    n_candidates: IntArray
    train: Interactions | None = None
    target_ranks: list[IntArray] | None = None
    users: IntArray | None = None

    @cached_property
    def hits(self) -> NDArray[np.bool_]:
        """(n, k) whether the item at each position is a target."""
        return hits_of(self.items, self.targets)

    @cached_property
    def n_targets(self) -> IntArray:
        """(n,) the number of held-out items of each user."""
        return np.diff(self.targets.indptr)

    def cut(self, k: int) -> Ranking:
        """Return the same ranking with lists of at most k items."""
        return replace(self, items=self.items[:, :k])

    def rows(self, which: NDArray[Any]) -> Ranking:
        """Return the ranking of some of the users, by position or mask."""
        positions = np.arange(len(self.items))[which]
        return replace(
            self,
            items=self.items[positions],
            targets=self.targets[positions],
            n_candidates=self.n_candidates[positions],
            target_ranks=None if self.target_ranks is None else [self.target_ranks[p] for p in positions],
            users=None if self.users is None else self.users[positions],
        )


def rank(
    model: ModelPlugin,
    holdout: Holdout,
    k: int = 10,
    *,
    users: IntArray | None = None,
    target_ranks: bool = False,
) -> Ranking:
    """Rank every item that is not masked, for the users of whom something is asked.

    A user with an empty history is not the model's to serve: they get the most popular items of the train.

    Parameters
    ----------
    model
        A fitted model.
    holdout
        What is asked, and what may not be answered.
    k
        Length of the lists; where it is larger than the catalogue, they end with -1.
    users
        (n,) codes of the users to rank; by default those with at least one target.
    target_ranks
        Whether to find the rank of every target as well, which needs every score.

    Returns
    -------
    Ranking
        One row a user, in the order of `users`.

    Raises
    ------
    InputError
        Where k is not positive.
    PluginError
        Where the model returns scores of another shape, or some that are not finite.

    Examples
    --------
    >>> import tailrec
    >>> data = tailrec.load("synthetic", n_users=20, n_items=30, seed=0)
    >>> split = tailrec.split(data, "random")
    >>> model = tailrec.model("popularity").fit(split.train)
    >>> rank(model, split.validation, k=3).items.shape[1]
    3
    """
    if k < 1:
        raise InputError(f"expected `k` to be a positive integer, received {k}")
    if users is None:
        users = np.flatnonzero(np.diff(holdout.targets.indptr))
    n_items = holdout.targets.shape[1]
    masked, targets = holdout.masked[users].tocsr(), holdout.targets[users].tocsr()
    masked.sort_indices()
    targets.sort_indices()
    items = np.full((len(users), k), -1, dtype=np.int32)
    found: list[IntArray] | None = [] if target_ranks else None
    popular = popularity_order(holdout)
    has_history = holdout.history_lengths()[users] > 0
    found_by_row: dict[int, IntArray] = {}
    for known in (True, False):
        rows = np.flatnonzero(has_history == known)
        step = max(1, _BATCH_CELLS // max(1, n_items)) if target_ranks else max(1, len(rows))
        for start in range(0, len(rows), step):
            batch = rows[start : start + step]
            exclude = masked[batch]
            if not known or target_ranks:
                for piece in np.array_split(batch, max(1, -(-len(batch) * n_items // _BATCH_CELLS))):
                    scores = _scores(model, users[piece], n_items) if known else np.tile(popular, (len(piece), 1))
                    items[piece] = top_k(scores, k, masked[piece])
                    if target_ranks:
                        found_by_row |= dict(
                            zip(piece.tolist(), ranks_of_targets(scores, targets[piece], masked[piece]), strict=True)
                        )
            else:
                items[batch] = _recommend(model, users[batch], k, exclude, n_items)
    if found is not None:
        found.extend(found_by_row[row] for row in range(len(users)))
    return Ranking(
        items=items,
        targets=targets,
        n_candidates=n_items - np.diff(masked.indptr),
        train=holdout.train,
        target_ranks=found,
        users=users,
    )


def popularity_order(holdout: Holdout) -> NDArray[np.float64]:
    """Return (n_items,) the number of users of each item in the train: the fallback for an empty history."""
    if holdout.train is not None:
        return holdout.train.item_counts().astype(np.float64)
    return np.asarray(holdout.masked.getnnz(axis=0), dtype=np.float64)


def _scores(model: ModelPlugin, users: IntArray, n_items: int) -> NDArray[Any]:
    scores = np.asarray(model.score(users))
    if scores.shape != (len(users), n_items):
        raise PluginError(
            f"{type(model).__name__}.score: expected the shape ({len(users)}, {n_items}), users × items, received {scores.shape}"
        )
    if not np.isfinite(scores).all():
        raise PluginError(f"{type(model).__name__}.score: expected every score to be finite, received nan or infinity")
    return scores


def _recommend(model: ModelPlugin, users: IntArray, k: int, exclude: csr_matrix, n_items: int) -> NDArray[Any]:
    from tailrec.interfaces import ModelPlugin

    # The contract's own `recommend` scores everything at once; here it is done in pieces that fit in memory.
    if type(model).recommend is ModelPlugin.recommend:
        pieces = np.array_split(np.arange(len(users)), max(1, -(-len(users) * n_items // _BATCH_CELLS)))
        return np.concatenate([top_k(_scores(model, users[p], n_items), k, exclude[p]) for p in pieces])
    items = np.asarray(model.recommend(users, k, exclude))
    if items.shape != (len(users), k) or items.dtype.kind not in "iu":
        raise PluginError(f"{type(model).__name__}.recommend: expected item codes of shape ({len(users)}, {k}), "
                          f"received {items.dtype} of shape {items.shape}")
    return items
