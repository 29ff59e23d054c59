"""What of a user's history is shown while one of its items is the answer: all of it, or only how it began."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec_tfrs.histories import Histories


class Windows(NamedTuple):
    """For every pair, the stretch of the histories that is shown; the answer itself is left out of it later.

    Attributes
    ----------
    starts, lengths
        (n_pairs,) int32, where it begins in ``Histories.items`` and how long it is.
    """

    starts: NDArray[np.int32]
    lengths: NDArray[np.int32]


def draw_windows(
    histories: Histories,
    users: NDArray[np.int32],
    positions: NDArray[np.int64],
    *,
    truncate: float,
    longest: int,
    rng: np.random.Generator,
) -> Windows:
    """Return a window a pair, drawn anew for every epoch.

    Of a pair that is truncated the user's first m items are shown, as if they had just begun: m is 1 to the number of
    items before the answer, short more often than long (P(m) nearly proportional to 1/m). So a long history teaches
    what a short one looks like, and nothing is shown that came later than the answer. Of any other pair the whole
    history is shown, or a stretch of `longest` items from anywhere in it.

    Parameters
    ----------
    histories
        Of the users.
    users, positions
        (n_pairs,) the user of each pair, and where its item stands in ``histories.items``.
    truncate
        The share of the pairs that are truncated, at random.
    longest
        The most items that are shown.
    rng
        Where chance comes from.

    Examples
    --------
    >>> from tailrec_tfrs.histories import Histories
    >>> histories = Histories.of([[7, 8, 9]], 10)
    >>> chance = np.random.default_rng(0)
    >>> answers = np.arange(3)
    >>> shown = draw_windows(histories, np.zeros(3, int), answers, truncate=1.0, longest=1, rng=chance)
    >>> [histories.items[start : start + length].tolist() for start, length in zip(*shown)]
    [[], [7], [7]]
    """
    begins, ends = histories.bounds[users], histories.bounds[users + 1]
    chance = rng.random((3, len(users)))
    length = np.minimum(ends - begins, longest)
    start = begins + np.floor(chance[0] * (ends - begins - length + 1)).astype(np.int64)
    before = np.minimum(positions - begins, longest)
    cut = np.minimum(np.floor((before + 1) ** chance[1]).astype(np.int64), before)
    truncated = chance[2] < truncate
    return Windows(
        np.where(truncated, begins, start).astype(np.int32),
        np.where(truncated, cut, length).astype(np.int32),
    )
