"""Paired confidence intervals and tests over users.

A value is one user's; NaN says that it is undefined for them. Where the same person stands in several rows (one a
window, say), `groups` names the person, and people are resampled, not rows. A paired difference is the interval of
the differences of each user. Equal input and seed give equal numbers, on any number of threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from tailrec.errors import InputError, nearest
from tailrec.threads import blas_on_one_thread, share_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    _Weights = Callable[[np.random.Generator], Any]

#: So many resamples have a random stream of their own, so that threads need not wait for one another.
_BLOCK = 100
#: So many weights are held at a time by a thread: 2 MB, which stays in the cache.
_DRAWS = 250_000
#: Sums of the same numbers in another order differ by less than this share of the sum of their sizes.
_ROUNDING = 1e-12


class Interval(NamedTuple):
    """A mean and its confidence interval: numbers, or arrays with one entry a column."""

    value: Any
    low: Any
    high: Any


def bootstrap_interval(
    values: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    level: float = 0.95,
    method: Literal["bca", "percentile"] = "bca",
    n_resamples: int = 10_000,
    seed: int = 0,
) -> Interval:
    """Return the mean over users and its bootstrap confidence interval.

    Parameters
    ----------
    values
        (n,) or (n, m), one row a user and one column a quantity; NaN is left out of the mean.
    groups
        (n,) the person of each row; by default every row is another person.
    level
        The share of intervals that should hold the true mean.
    method
        ``percentile``: quantiles of the resampled means. ``bca``: the same, corrected for bias and skewness
        (Efron 1987, *Better bootstrap confidence intervals*); where the correction is undefined, because no
        resampled mean or every one lies below the mean, the percentile interval.
    n_resamples, seed
        How many times as many people as there are with a value are drawn from them, with replacement, and the seed.

    Returns
    -------
    Interval
        ``value``, ``low``, ``high``. With nobody's values all are NaN, with one person's the bounds are; where all
        values of several people are equal, the bounds are that value.

    Raises
    ------
    InputError
        Where a value is infinite, a shape does not fit, or a parameter is out of its range.

    Notes
    -----
    With the sum S and the number N of a person's values, the mean is ΣS/ΣN, and a resampled mean the same over the
    people drawn. Leaving person i out gives (ΣS - Sᵢ)/(ΣN - Nᵢ), from which the acceleration of ``bca`` follows.

    Examples
    --------
    >>> bootstrap_interval([2.0, 2.0, 2.0])
    Interval(value=2.0, low=2.0, high=2.0)
    >>> mean, low, high = bootstrap_interval([0.0, 1.0, 1.0, 0.0, 1.0, np.nan, 0.0, 1.0])
    >>> round(mean, 3), low < mean < high
    (0.571, True)
    """
    if not 0 < level < 1:
        raise InputError(f"expected `level` between 0 and 1, received {level}")
    if method not in ("bca", "percentile"):
        raise InputError(f"unknown method `{method}`; {nearest(method, ['bca', 'percentile'])}")
    table, flat = _table(values, n_resamples, seed)
    sums, counts = _by_person(table, groups)
    with np.errstate(invalid="ignore"):
        value = sums.sum(axis=0) / counts.sum(axis=0)
    low, high = np.full((2, len(value)), np.nan)
    smallest, largest = np.fmin.reduce(table, axis=0, initial=np.nan), np.fmax.reduce(table, axis=0, initial=np.nan)
    value = np.where(smallest == largest, smallest, value)
    # A column's interval must not depend on its neighbours: those that are undefined for other people are drawn apart.
    patterns, pattern = np.unique(counts > 0, axis=1, return_inverse=True)
    for index, people in enumerate(patterns.T):
        present, columns = np.flatnonzero(people), np.flatnonzero(pattern.reshape(-1) == index)
        if len(present) > 1:
            size = counts[present][:, columns]
            # Deviations from the mean lose no digits, and sum to zero.
            deviation = sums[present][:, columns] - value[columns] * size
            low[columns], high[columns] = value[columns] + _bounds(deviation, size, level, method, n_resamples, seed)
    equal = (smallest == largest) & ~np.isnan(low)
    low[equal] = high[equal] = smallest[equal]
    return Interval(float(value[0]), float(low[0]), float(high[0])) if flat else Interval(value, low, high)


def sign_flip_p_value(
    differences: ArrayLike, groups: ArrayLike | None = None, *, n_resamples: int = 10_000, seed: int = 0
) -> Any:
    """Return the two-sided p-value of the hypothesis that the differences are as often positive as negative.

    Under it each person's sum of differences is as likely with the other sign. With b of B random choices of the
    signs that give a mean at least as far from zero as the one observed, p = (b + 1)/(B + 1) (Phipson and Smyth
    2010, *Permutation P-values should never be zero*).

    Parameters
    ----------
    differences
        (n,) or (n, m), one row a user and one column a comparison; NaN is left out.
    groups
        (n,) the person of each row; by default every row is another person.
    n_resamples, seed
        B, and the seed of the signs.

    Returns
    -------
    float or (m,) float64
        NaN where nobody has a difference.

    Examples
    --------
    >>> round(sign_flip_p_value([1.0, 2.0, 3.0]), 2)
    0.25
    """
    table, flat = _table(differences, n_resamples, seed)
    sums, counts = _by_person(table, groups)
    total, tolerance = np.abs(sums.sum(axis=0)), _ROUNDING * np.abs(sums).sum(axis=0)

    def signs(rng: np.random.Generator) -> Any:
        bits = np.frombuffer(rng.bytes(-(-len(sums) // 8)), dtype=np.uint8)
        return 2.0 * np.unpackbits(bits, count=len(sums)) - 1

    as_far = np.count_nonzero(np.abs(_weighted_sums(signs, sums, n_resamples, seed)) >= total - tolerance, axis=0)
    p_values = np.where(counts.any(axis=0), (as_far + 1) / (n_resamples + 1), np.nan)
    return float(p_values[0]) if flat else p_values


def holm(p_values: ArrayLike) -> Floats:
    """Return p-values adjusted for their number, so that the chance of any false rejection stays below the level.

    The i-th smallest of m becomes the largest of (m - j + 1) pⱼ over j ≤ i, at most 1 (Holm 1979, *A simple
    sequentially rejective multiple test procedure*).

    Parameters
    ----------
    p_values
        Of any shape; NaN stays NaN and is not counted.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03, float("nan")]).round(6)
    array([0.03, 0.06, 0.06,  nan])
    """
    p = np.asarray(p_values, dtype=np.float64)
    if np.any((p < 0) | (p > 1)):
        raise InputError(f"expected p-values between 0 and 1, received {p[(p < 0) | (p > 1)][0]}")
    known = p[~np.isnan(p)]
    order = np.argsort(known)
    known[order] = np.minimum(1, np.maximum.accumulate(np.arange(len(known), 0, -1) * known[order]))
    adjusted = np.full(p.shape, np.nan)
    adjusted[~np.isnan(p)] = known
    return adjusted


def _bounds(deviation: Floats, size: Floats, level: float, method: str, n_resamples: int, seed: int) -> Floats:
    from scipy.special import ndtr, ndtri

    resampled = _resampled(deviation, size, n_resamples, seed)
    tails = np.array([[(1 - level) / 2], [(1 + level) / 2]])
    share = np.broadcast_to(tails, (2, deviation.shape[1]))
    if method == "bca":
        tie = _ROUNDING * np.abs(deviation).sum(axis=0) / size.sum(axis=0)
        below = (np.count_nonzero(resampled < -tie, axis=0) + np.count_nonzero(resampled <= tie, axis=0)) / 2
        left_out = -deviation / (size.sum(axis=0) - size)
        left_out = left_out.mean(axis=0) - left_out
        with np.errstate(divide="ignore", invalid="ignore"):
            acceleration = (left_out**3).sum(axis=0) / (6 * (left_out**2).sum(axis=0) ** 1.5)
            bias = ndtri(below / n_resamples)
            moved = bias + ndtri(tails)
            corrected = ndtr(bias + moved / (1 - acceleration * moved))
        share = np.where(np.isfinite(bias) & np.isfinite(corrected), corrected, share)
    return np.stack([np.quantile(*column) for column in zip(resampled.T, share.T, strict=True)], axis=1)


def _resampled(deviation: Floats, size: Floats, n_resamples: int, seed: int) -> Floats:
    n, m = deviation.shape
    even = bool((size == size[0]).all())
    columns = np.ascontiguousarray(deviation if even else np.hstack([deviation, size]))

    # Unlike `np.add.at`, `np.bincount` lets the other threads go on.
    sums = _weighted_sums(lambda rng: np.bincount(rng.integers(0, n, n), minlength=n), columns, n_resamples, seed)
    return sums / (n * size[0]) if even else sums[:, :m] / sums[:, m:]


def _weighted_sums(weights: _Weights, columns: Floats, n_resamples: int, seed: int) -> Floats:
    sums, step = np.empty((n_resamples, columns.shape[1])), min(_BLOCK, 1 + _DRAWS // (1 + len(columns)))

    def work(queue: Iterator[int]) -> None:
        rows = np.empty((step, len(columns)))
        for start in queue:
            rng, block = np.random.default_rng([start // _BLOCK, seed]), sums[start : start + _BLOCK]
            for part in (block[done : done + step] for done in range(0, len(block), step)):
                for row in rows[: len(part)]:
                    row[:] = weights(rng)
                part[:] = rows[: len(part)] @ columns

    with blas_on_one_thread() as threads:
        share_out(work, range(0, n_resamples, _BLOCK), threads)
    return sums


def _by_person(table: Floats, groups: ArrayLike | None) -> tuple[Floats, Floats]:
    sums, counts = np.nan_to_num(table), (~np.isnan(table)).astype(np.float64)
    if groups is None:
        return sums, counts
    person = np.unique(np.asarray(groups), return_inverse=True)[1]
    if person.shape != (len(table),):
        raise InputError(f"expected one group a row, {len(table)}, received the shape {np.shape(groups)}")
    by_column = [[np.bincount(person, column) for column in part.T] for part in (sums, counts)]
    return np.stack(by_column[0], axis=1), np.stack(by_column[1], axis=1)


def _table(values: ArrayLike, n_resamples: int, seed: int) -> tuple[Floats, bool]:
    table = np.asarray(values, dtype=np.float64)
    if table.ndim not in (1, 2):
        raise InputError(f"expected one row a user, with or without columns, received the shape {table.shape}")
    if np.isinf(table).any():
        raise InputError("expected finite values or nan, received infinity")
    if n_resamples < 1 or seed < 0:
        raise InputError(f"expected `n_resamples` > 0 and `seed` >= 0, received {n_resamples} and {seed}")
    return (table[:, None], True) if table.ndim == 1 else (table, False)
