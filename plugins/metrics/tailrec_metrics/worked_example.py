"""Four users on whom every metric can be worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

if TYPE_CHECKING:
    from tailrec import Ranking


def four_users() -> Ranking:
    r"""Return a ranking of six items for four users, three on a list.

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
    >>> four_users().items
    array([[ 1,  2,  3],
           [ 4,  5,  2],
           [ 5,  4, -1],
           [ 3,  4,  5]])
    >>> four_users().hits.astype(int)
    array([[1, 0, 1],
           [0, 0, 0],
           [0, 1, 0],
           [0, 0, 0]])
    """
    import pandas as pd

    import tailrec

    histories = [[0], [0, 1], [0, 1, 2, 3], [0, 2]]
    pairs = [(user, item) for user, history in enumerate(histories) for item in history]
    genres = ["drama", "comedy", "comedy|drama", "drama", "drama", None]
    train = tailrec.Interactions(
        frame=pd.DataFrame(pairs, columns=["user", "item"], dtype=np.int32),
        users=pd.RangeIndex(4, name="user"),
        items=pd.RangeIndex(6, name="item"),
        item_features=pd.DataFrame({"genres": genres}),
    )
    targets = csr_matrix((np.ones(4), ([0, 0, 1, 2], [1, 3, 3, 4])), shape=(4, 6))
    return tailrec.Ranking(
        items=np.array([[1, 2, 3], [4, 5, 2], [5, 4, -1], [3, 4, 5]]),
        targets=targets,
        n_candidates=np.array([5, 4, 2, 4]),
        train=train,
        target_ranks=[np.array(ranks, dtype=np.int64) for ranks in ([1, 3], [4], [2], [])],
        users=np.arange(4),
    )
