"""How broad somebody's interests are: the entropy of the kinds of their items, and two corrections of its bias."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import pandas as pd


class Slope(NamedTuple):
    """A slope and its 95 % interval."""

    value: float
    low: float
    high: float


def entropy(counts: ArrayLike) -> NDArray[np.float64]:
    """Return the entropy in bits of every row of counts, -Σ p log₂ p with p the share of a kind.

    Parameters
    ----------
    counts
        (..., n_kinds) none negative, not all zero in a row.

    Examples
    --------
    >>> entropy([[1, 1, 1, 1], [4, 0, 0, 0]]).tolist()
    [2.0, 0.0]
    """
    counts = np.asarray(counts, dtype=np.float64)
    p = counts / counts.sum(axis=-1, keepdims=True)
    return np.asarray(np.abs((p * np.log2(np.where(p > 0, p, 1))).sum(axis=-1)))


def compute_breadth(
    histories: Sequence[NDArray[Any]], kinds: NDArray[Any], n: int, draws: int = 30, seed: int = 0
) -> pd.DataFrame:
    """Return how broad each history is, measured three ways, for those with at least `n` items.

    ``naive`` is the entropy of the kinds of all its items. ``miller_madow`` adds the bias of first order, (m - 1) / 2N
    nats for m kinds seen in N draws (Miller 1955, *Note on the bias of information estimates*), which supposes that the
    draws are independent and many. ``rarefied`` is the mean entropy of `n` items drawn from the history without
    replacement: as biased for everybody, so that people can be compared (Sanders 1968, *Marine benthic diversity*).

    Parameters
    ----------
    histories
        The codes of each person's items.
    kinds
        (n_items, n_kinds) 1 where an item is of a kind. An item can be of several, and a history needs one with any.
    n
        How many items are drawn.
    draws, seed
        How often, and the seed.

    Returns
    -------
    DataFrame
        One row a history that is long enough, its place among all as the index: ``length``, ``naive``,
        ``miller_madow``, ``rarefied``; entropies in bits.

    Examples
    --------
    >>> kinds = np.eye(4)
    >>> compute_breadth([np.array([0, 1, 2, 3]), np.array([0])], kinds, n=2)
       length  naive  miller_madow  rarefied
    0       4    2.0      2.541011       1.0
    """
    import pandas as pd

    rng = np.random.default_rng(seed)
    rows: dict[int, list[float]] = {}
    for at, history in enumerate(histories):
        if len(history) < n:
            continue
        counts = kinds[history].sum(axis=0, dtype=np.float64)
        plain = float(entropy(counts))
        correction = ((counts > 0).sum() - 1) / (2 * counts.sum() * np.log(2))
        chosen = history[rng.random((draws, len(history))).argpartition(n - 1, axis=1)[:, :n]]
        of_draws = kinds[chosen].sum(axis=1, dtype=np.float64)
        some = of_draws.sum(axis=1) > 0
        rows[at] = [len(history), plain, plain + correction, float(entropy(of_draws[some]).mean())]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["length", "naive", "miller_madow", "rarefied"])
    return table.astype({"length": int})


def shuffled(histories: Sequence[NDArray[Any]], seed: int = 0) -> list[NDArray[Any]]:
    """Return histories of the same lengths with all items dealt out anew: everybody has the same taste.

    Examples
    --------
    >>> dealt = shuffled([np.array([1, 2]), np.array([3])])
    >>> [len(history) for history in dealt], sorted(np.concatenate(dealt).tolist())
    ([2, 1], [1, 2, 3])
    """
    dealt = np.random.default_rng(seed).permutation(np.concatenate(histories))
    return list(np.split(dealt, np.cumsum([len(history) for history in histories])[:-1]))


def bits_per_doubling(length: ArrayLike, breadth: ArrayLike, resamples: int = 500, seed: int = 0) -> Slope:
    """Return by how many bits breadth grows when the history doubles: the slope of least squares on log₂ of the length.

    A slope compares means, and the mean rarefied entropy of people with the same taste is the same for every length.
    Their medians are not: with few items to draw from, single values scatter more, and to one side. So a rank
    correlation would see an order where there is none.

    Parameters
    ----------
    length, breadth
        (n_people,) how long each history is, and how broad.
    resamples, seed
        How often people are drawn with replacement for the interval, and the seed.

    Examples
    --------
    >>> bits_per_doubling([1, 2, 4, 8], [1.0, 1.5, 2.0, 2.5]).value
    0.5
    """
    x, y = np.log2(np.asarray(length, dtype=np.float64)), np.asarray(breadth, dtype=np.float64)
    rng = np.random.default_rng(seed)
    drawn = [_slope(x[chosen], y[chosen]) for chosen in rng.integers(0, len(x), (resamples, len(x)))]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return Slope(_slope(x, y), float(low), float(high))


def _slope(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    apart = x - x.mean()
    spread = apart @ apart
    # Where all drawn histories are equally long, there is nothing to double.
    return float(apart @ y / spread) if spread > 0 else np.nan
