"""How a classifier with two answers is measured: counts, precision, recall, F1, ROC, calibration, by activity."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from tailrec import InputError, bootstrap_interval


class Confusion(NamedTuple):
    """How many rows were found, claimed wrongly, missed, and passed over rightly.

    Examples
    --------
    >>> counts = Confusion(true_positive=2, false_positive=2, false_negative=1, true_negative=5)
    >>> counts.accuracy, counts.precision, round(counts.recall, 3), round(counts.f1, 3)
    (0.7, 0.5, 0.667, 0.571)
    """

    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int

    @property
    def accuracy(self) -> float:
        """(TP + TN) / all: the share of the rows that are answered rightly."""
        return _share(self.true_positive + self.true_negative, sum(self))

    @property
    def precision(self) -> float:
        """TP / (TP + FP): of those that are claimed, the share that is right; 0 where nothing is claimed."""
        return _share(self.true_positive, self.true_positive + self.false_positive)

    @property
    def recall(self) -> float:
        """TP / (TP + FN): of those that are there, the share that is found; 0 where there is none."""
        return _share(self.true_positive, self.true_positive + self.false_negative)

    @property
    def f1(self) -> float:
        """2 TP / (2 TP + FP + FN): the harmonic mean of precision and recall; 0 where there is no TP."""
        return _share(2 * self.true_positive, 2 * self.true_positive + self.false_positive + self.false_negative)


def confusion(labels: ArrayLike, probabilities: ArrayLike, threshold: float = 0.5) -> Confusion:
    """Return the four counts where a probability above the threshold is the answer 1.

    Parameters
    ----------
    labels
        (n,) 0 or 1.
    probabilities
        (n,) of the label 1.

    Examples
    --------
    >>> confusion([1, 1, 0, 0], [0.9, 0.2, 0.8, 0.5])
    Confusion(true_positive=1, false_positive=1, false_negative=1, true_negative=1)
    """
    y, p = _checked(labels, probabilities)
    claimed = p > threshold
    return Confusion(
        true_positive=int((claimed & y).sum()),
        false_positive=int((claimed & ~y).sum()),
        false_negative=int((~claimed & y).sum()),
        true_negative=int((~claimed & ~y).sum()),
    )


def area_under_roc(labels: ArrayLike, scores: ArrayLike) -> float:
    """Return the share of the pairs of a 1 and a 0 in which the 1 has the higher score; a tie counts half.

    The area under the ROC curve (Hanley and McNeil 1982); NaN where one of the two labels is missing.

    Examples
    --------
    >>> area_under_roc([1, 0, 1, 0], [0.9, 0.4, 0.4, 0.1])
    0.875
    """
    y, s = _checked(labels, scores)
    n_ones, n_zeros = int(y.sum()), int((~y).sum())
    if not n_ones or not n_zeros:
        return float("nan")
    return float((rankdata(s)[y].sum() - n_ones * (n_ones + 1) / 2) / (n_ones * n_zeros))


def compute_roc(labels: ArrayLike, scores: ArrayLike) -> pd.DataFrame:
    """Return the points of the ROC curve, from a threshold above all scores to one below.

    Returns
    -------
    DataFrame
        ``threshold``, ``false_positive_rate`` FP / (FP + TN), ``true_positive_rate`` TP / (TP + FN); one row a
        distinct score, where the answer is 1 from that score on, after a first row in which it is never 1.

    Examples
    --------
    >>> compute_roc([1, 0, 1, 0], [0.9, 0.4, 0.4, 0.1])["true_positive_rate"].tolist()
    [0.0, 0.5, 1.0, 1.0]
    """
    y, s = _checked(labels, scores)
    if not y.any() or y.all():
        raise InputError("expected labels of both kinds for a ROC curve, received only one")
    order = np.argsort(-s, kind="stable")
    last_of_its_score = np.append(np.flatnonzero(np.diff(s[order])), len(s) - 1)
    found, wrong = np.cumsum(y[order])[last_of_its_score], np.cumsum(~y[order])[last_of_its_score]
    return pd.DataFrame(
        {
            "threshold": np.concatenate([[np.inf], s[order][last_of_its_score]]),
            "false_positive_rate": np.concatenate([[0.0], wrong / wrong[-1]]),
            "true_positive_rate": np.concatenate([[0.0], found / found[-1]]),
        }
    )


def compute_calibration(labels: ArrayLike, probabilities: ArrayLike, n_bins: int = 10) -> pd.DataFrame:
    """Return, for the rows of each tenth of the probabilities' range, what was said and what happened.

    Returns
    -------
    DataFrame
        ``low``, ``high``, ``n_rows``, ``predicted`` (mean probability) and ``observed`` (share of the label 1); a bin
        takes its lower edge, the last one both; bins without a row are left out.

    Examples
    --------
    >>> compute_calibration([0, 1, 1], [0.1, 0.3, 0.9], n_bins=2)["observed"].tolist()
    [0.5, 1.0]
    """
    y, p = _checked(labels, probabilities)
    if len(p) and (p.min() < 0 or p.max() > 1):
        raise InputError(f"expected probabilities from 0 to 1, received {p.min():g} to {p.max():g}")
    rows = pd.DataFrame({"bin": np.minimum((p * n_bins).astype(int), n_bins - 1), "predicted": p, "observed": y})
    table = rows.groupby("bin").agg(
        n_rows=("observed", "size"), predicted=("predicted", "mean"), observed=("observed", "mean")
    )
    table.insert(0, "low", table.index / n_bins)
    table.insert(1, "high", (table.index + 1) / n_bins)
    return table.reset_index(drop=True)


def calibration_error(labels: ArrayLike, probabilities: ArrayLike, n_bins: int = 10) -> float:
    """Return the mean over the rows of |predicted - observed| of their bin: the expected calibration error.

    Naeini, Cooper and Hauskrecht 2015; 0 is best.

    Examples
    --------
    >>> round(calibration_error([0, 1, 1], [0.1, 0.3, 0.9], n_bins=2), 3)
    0.233
    """
    table = compute_calibration(labels, probabilities, n_bins)
    return float(np.average((table["predicted"] - table["observed"]).abs(), weights=table["n_rows"]))


def compute_accuracy_by_activity(
    labels: ArrayLike,
    probabilities: ArrayLike,
    users: ArrayLike,
    lengths: ArrayLike,
    cuts: Sequence[int] = (1, 2, 5, 10),
    threshold: float = 0.5,
) -> pd.DataFrame:
    """Return accuracy and base rate of the rows of people with short, longer and long histories.

    Parameters
    ----------
    labels, probabilities, users
        (n,) a row each: what happened, what was said, and the code of the user.
    lengths
        (n_users,) the length of each user's training history.
    cuts
        The longest history of each group but the last; people without one are a group of their own.

    Returns
    -------
    DataFrame
        ``history``, ``n_users``, ``n_rows``, ``base_rate`` (the share of the more frequent label), ``accuracy`` and its
        95 % interval ``low``, ``high``, for which people are drawn, not rows. Groups without a row are left out.

    Examples
    --------
    >>> lengths = [1, 8]
    >>> table = compute_accuracy_by_activity([1, 0, 1], [0.9, 0.9, 0.9], [0, 0, 1], lengths, cuts=[5])
    >>> table["history"].tolist(), table["accuracy"].tolist()
    (['1-5', '6+'], [0.5, 1.0])
    """
    y, p = _checked(labels, probabilities)
    person, right = np.asarray(users), ((p > threshold) == y).astype(float)
    of_row = np.asarray(lengths)[person]
    rows = []
    for low, high in pairwise([-1, 0, *cuts, np.inf]):
        chosen = (of_row > low) & (of_row <= high)
        if not chosen.any():
            continue
        value, below, above = bootstrap_interval(right[chosen], person[chosen])
        share = float(y[chosen].mean())
        rows.append(
            {
                "history": _named(int(low) + 1, high),
                "n_users": len(np.unique(person[chosen])),
                "n_rows": int(chosen.sum()),
                "base_rate": max(share, 1 - share),
                "accuracy": float(value),
                "low": float(below),
                "high": float(above),
            }
        )
    return pd.DataFrame(rows)


def _named(low: int, high: float) -> str:
    return f"{low}+" if np.isinf(high) else f"{low}" if high == low else f"{low}-{int(high)}"


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _checked(labels: ArrayLike, numbers: ArrayLike) -> tuple[NDArray[np.bool_], NDArray[Any]]:
    y, p = np.asarray(labels), np.asarray(numbers, dtype=np.float64)
    if y.ndim != 1 or y.shape != p.shape:
        raise InputError(f"expected as many labels as predictions, each in one row, received {y.shape} and {p.shape}")
    if not np.isin(y, (0, 1)).all():
        raise InputError("expected labels of 0 and 1")
    if not np.isfinite(p).all():
        raise InputError("expected predictions that are finite numbers")
    return y.astype(bool), p
