"""Scores to top-k, in batches: seen items masked, ties broken the same way every time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec.errors import InputError, PluginError
from tailrec.parameters import label
from tailrec.topk import hits_of, ranks_of_targets, top_k

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from tailrec.holdout import Holdout
    from tailrec.interactions import IntArray, Interactions
    from tailrec.interfaces import ModelPlugin

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
        shorter = replace(self, items=self.items[:, :k])
        if "hits" in vars(self):  # what is known of the longer lists holds for the shorter ones
            vars(shorter)["hits"] = self.hits[:, :k]
        return shorter

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
        Where k is not positive, or a code is no user's.
    PluginError
        Where the model returns scores of another shape or some that are not finite, or lists what it may not.

    Examples
    --------
    >>> import tailrec
    >>> data = tailrec.load("synthetic", n_users=20, n_items=30, seed=0)
    >>> split = tailrec.split(data, "random")
    >>> model = tailrec.model("popularity").fit(split.train)
    >>> rank(model, split.validation, k=3).items.shape[1]
    3
    """
    if not isinstance(k, (int, np.integer)) or isinstance(k, bool) or k < 1:
        raise InputError(f"expected `k` to be a positive integer, received {k!r}")
    n_users, n_items = holdout.targets.shape
    users = _checked_users(holdout, users, n_users)
    masked, targets = _rows(holdout.masked, users), _rows(holdout.targets, users)
    items = np.full((len(users), k), -1, dtype=np.int32)
    ranks: list[IntArray] = [np.empty(0, dtype=np.int64)] * len(users)
    popular = popularity_order(holdout)
    has_history = holdout.history_lengths()[users] > 0
    for known in (True, False):
        rows = np.flatnonzero(has_history == known)
        # A list must not depend on whether a metric asks for ranks as well.
        listed = known and len(rows) > 0 and has_own_recommend(model)
        if listed:
            items[rows] = _recommended(model, users[rows], k, masked[rows], n_items)
            if not target_ranks:
                continue
        for piece in np.array_split(rows, max(1, -(-len(rows) * n_items // _BATCH_CELLS))):
            if len(piece):
                scores = _scores(model, users[piece], n_items) if known else np.tile(popular, (len(piece), 1))
                if not listed:
                    items[piece] = top_k(scores, k, masked[piece])
                if target_ranks:
                    for row, found in zip(piece, ranks_of_targets(scores, targets[piece], masked[piece]), strict=True):
                        ranks[row] = found
    return ranking_of(items, ranks if target_ranks else None, holdout, users)


def ranking_of(items: IntArray, target_ranks: list[IntArray] | None, holdout: Holdout, users: IntArray) -> Ranking:
    """Return lists, and the ranks of the targets where known, as the `Ranking` of these users of a holdout."""
    targets = _rows(holdout.targets, users)
    candidates = targets.shape[1] - np.diff(holdout.masked.indptr)[users]
    return Ranking(items, targets, candidates, holdout.train, target_ranks, users)


def has_own_recommend(model: ModelPlugin) -> bool:
    """Tell whether a model makes its lists itself."""
    from tailrec.interfaces import ModelPlugin

    # The contract's own scores everything at once; the ranker does that in pieces that fit in memory.
    return type(model).recommend is not ModelPlugin.recommend


def popularity_order(holdout: Holdout) -> NDArray[np.float64]:
    """Return (n_items,) the number of users of each item in the train: the fallback for an empty history."""
    if holdout.train is not None:
        return holdout.train.item_counts().astype(np.float64)
    return np.asarray(holdout.masked.getnnz(axis=0), dtype=np.float64)


def _checked_users(holdout: Holdout, users: Any, n_users: int) -> IntArray:
    if users is None:
        return np.flatnonzero(np.diff(holdout.targets.indptr))
    codes = np.asarray(users)
    if codes.ndim != 1 or (codes.size and (codes.dtype.kind not in "iu" or codes.min() < 0 or codes.max() >= n_users)):
        raise InputError(f"expected `users` to be a list of codes from 0 to {n_users - 1}, received {users!r}")
    return codes.astype(np.int64)


def _rows(matrix: csr_matrix, users: IntArray) -> csr_matrix:
    rows = matrix[users].tocsr()
    rows.sort_indices()
    return rows


def _scores(model: ModelPlugin, users: IntArray, n_items: int) -> NDArray[Any]:
    scores = np.asarray(model.score(users))
    if scores.shape != (len(users), n_items) or scores.dtype.kind not in "biuf":
        raise PluginError(
            f"{label(type(model))}.score: expected numbers of shape ({len(users)}, {n_items}), users × items, "
            f"received {scores.dtype} of shape {scores.shape}"
        )
    if not np.isfinite(scores).all():
        raise PluginError(f"{label(type(model))}.score: expected every score to be finite, received nan or infinity")
    return scores


def _recommended(model: ModelPlugin, users: IntArray, k: int, exclude: csr_matrix, n_items: int) -> NDArray[Any]:
    items = np.asarray(model.recommend(users, k, exclude))
    where = f"{label(type(model))}.recommend"
    if items.shape != (len(users), k) or items.dtype.kind not in "iu":
        raise PluginError(
            f"{where}: expected item codes of shape ({len(users)}, {k}), received {items.dtype} of shape {items.shape}"
        )
    if items.size and (items.min() < -1 or items.max() >= n_items):
        raise PluginError(
            f"{where}: expected item codes below {n_items}, or -1 for none, received {items.min()} to {items.max()}"
        )
    ordered = np.sort(items, axis=1)
    if ((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)).any():
        raise PluginError(f"{where}: expected each item at most once in a list, received one twice")
    if hits_of(items, exclude).any():
        raise PluginError(f"{where}: expected lists without the excluded items, received one that is excluded")
    return items
