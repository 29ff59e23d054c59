"""How much of each further model to mix in, by the length of the history: chosen on validation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

import tailrec

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Scored(tailrec.ModelPlugin):
    """Scores that are already there, a row for every user."""

    folds_in: ClassVar = None

    scores: Any

    def fit(
        self,
        train: tailrec.Interactions,
        *,
        weights: NDArray[Any] | None = None,
        validation: tailrec.Holdout | None = None,
    ) -> Self:
        """Return the model: nothing is learnt."""
        return self

    def score(self, users: NDArray[Any]) -> NDArray[np.float32]:
        """Return (len(users), n_items) their rows."""
        return self.scores[users]  # type: ignore[no-any-return]


def mixed(scores: Sequence[NDArray[Any]], shares: NDArray[Any]) -> NDArray[Any]:
    """Return (n_users, n_items) Σ share × scores, with shares for every user.

    Parameters
    ----------
    scores
        Of each model (n_users, n_items).
    shares
        (n_users, n_models - 1) of every model but the first, which has what is left of one.

    Examples
    --------
    >>> mixed([np.array([[0.0, 4.0]]), np.array([[2.0, 0.0]])], np.array([[0.25]])).tolist()
    [[0.5, 3.0]]
    """
    first, *others = scores
    total: NDArray[Any] = np.zeros_like(first)
    for other, share in zip(others, shares.T, strict=True):
        total += (other - first) * share[:, None].astype(first.dtype)
    total += first
    return total


def ndcg(ranking: tailrec.Ranking) -> NDArray[np.float64]:
    """Return (n_users,) Σ hits / log₂(rank + 1), divided by what the best list of that length could have.

    Järvelin and Kekäläinen 2002, *Cumulated Gain-Based Evaluation of IR Techniques*; every user must have a target.
    """
    discounts = 1.0 / np.log2(np.arange(2, ranking.hits.shape[1] + 2))
    best = np.cumsum(discounts)[np.minimum(ranking.n_targets, len(discounts)) - 1]
    gain: NDArray[np.float64] = ranking.hits @ discounts
    return gain / best


def choose_shares(
    values: NDArray[np.float64], bins: NDArray[np.integer[Any]], n_bins: int, neighbour_users: float
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the best column of `values` for every bin, and the smoothed means it was chosen by.

    The mean of a bin is smoothed by its neighbours: theirs, averaged, counts as `neighbour_users` more users, so that a
    bin of few users follows them and one of many its own users. A bin whose neighbours are empty is smoothed
    by the mean of all users. Ties go to the first column.

    Parameters
    ----------
    values
        (n_users, n_shares) what each user gets from each share; higher is better.
    bins
        (n_users,) the bin of each user, from 0 to `n_bins` - 1, in the order of the histories' lengths.

    Returns
    -------
    best, means
        (n_bins,) and (n_bins, n_shares).

    Examples
    --------
    >>> values = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> choose_shares(values, np.array([0, 0, 1]), 2, neighbour_users=1.0)[0].tolist()
    [0, 0]
    >>> choose_shares(values, np.array([0, 0, 1]), 2, neighbour_users=0.5)[0].tolist()
    [0, 1]
    """
    counts = np.bincount(bins, minlength=n_bins)
    sums = np.zeros((n_bins, values.shape[1]))
    np.add.at(sums, bins, values)
    smoothed = np.empty_like(sums)
    for here in range(n_bins):
        beside = [b for b in (here - 1, here + 1) if 0 <= b < n_bins and counts[b]]
        around = np.mean([sums[b] / counts[b] for b in beside], axis=0) if beside else values.mean(axis=0)
        # Without users of its own, and with none lent, a bin is its neighbours' mean.
        lent = neighbour_users if counts[here] or neighbour_users else 1.0
        smoothed[here] = (sums[here] + lent * around) / (counts[here] + lent)
    return smoothed.argmax(axis=1), smoothed
