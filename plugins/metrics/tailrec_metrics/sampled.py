"""What an evaluation against a few sampled items would have said, in expectation and without sampling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import hypergeom

from tailrec import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def sampled_hit_rate(ranks: ArrayLike, n_candidates: ArrayLike, n_sampled: int, k: int = 10) -> NDArray[np.float64]:
    r"""Return the chance that a target comes among the first k of itself and `n_sampled` other candidates.

    .. math:: P(X < k), \qquad X \sim \mathrm{Hypergeometric}(N - 1,\, r - 1,\, n)

    with r the rank of the target among all N candidates, of which n others are drawn without replacement: X of the
    r - 1 that stand before it are among them. Krichene and Rendle, "On sampled metrics for item recommendation",
    KDD 2020.

    Parameters
    ----------
    ranks
        (n_users,) r, 1 is best.
    n_candidates
        (n_users,) or one number, N.
    n_sampled
        n; where it is as many as all the others, N - 1, or more, it is the hit rate of the full ranking.
    k
        The length of the list.

    Raises
    ------
    InputError
        Where a rank is not from 1 to its N, or `n_sampled` is negative.

    Examples
    --------
    >>> sampled_hit_rate([1, 60], 1000, n_sampled=100).round(3)  # of a hundred, six stand before the second
    array([1.   , 0.939])
    >>> sampled_hit_rate([1, 60], 1000, n_sampled=999)
    array([1., 0.])
    """
    rank, candidates = np.broadcast_arrays(np.asarray(ranks), np.asarray(n_candidates))
    if ((rank < 1) | (rank > candidates)).any():
        raise InputError("expected every rank to be from 1 to the number of candidates")
    if n_sampled < 0:
        raise InputError(f"expected `n_sampled` to be zero or more, received {n_sampled}")
    others = candidates - 1
    return np.asarray(hypergeom.cdf(k - 1, others, rank - 1, np.minimum(n_sampled, others)))


def compute_sampled(
    ranks: Mapping[str, ArrayLike], n_candidates: ArrayLike, sizes: Sequence[int], k: int = 10
) -> pd.DataFrame:
    """Return the mean sampled hit rate of each model for each number of sampled items.

    Parameters
    ----------
    ranks
        By the name of the model (n_users,) the ranks of the targets.
    sizes
        How many other items are sampled; as many as there are items is the full ranking.

    Returns
    -------
    DataFrame
        One row a size, ``n_sampled`` as index, one column a model.

    Examples
    --------
    >>> compute_sampled({"bold": [1, 900], "dull": [60, 60]}, 1000, [100, 999])["dull"].round(3).to_dict()
    {100: 0.939, 999: 0.0}
    """
    rows = [{name: sampled_hit_rate(r, n_candidates, size, k).mean() for name, r in ranks.items()} for size in sizes]
    return pd.DataFrame(rows, index=pd.Index(sizes, name="n_sampled"))
