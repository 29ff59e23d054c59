"""Interactions with planted tastes, and holdouts of them."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from tailrec import Holdout, Interactions


def interactions(users, items, **tables):
    return Interactions.from_frame(pd.DataFrame({"user": users, "item": items}), duplicates="keep", **tables)


@pytest.fixture(scope="session")
def train():
    """Users with an even code take even items, the others odd ones; some come twice."""
    rng = np.random.default_rng(0)
    users = np.repeat(np.arange(60), 8)
    items = 2 * rng.integers(20, size=len(users)) + users % 2
    genres = pd.DataFrame({"genres": ["even" if code % 2 == 0 else "odd" for code in range(40)]})
    return interactions(np.append(users, 0), np.append(items, 1), item_features=genres)


@pytest.fixture(scope="session")
def validation(train):
    return holdout(train, 3, seed=1)


def holdout(train, n_targets, seed):
    rng = np.random.default_rng(seed)
    masked = train.matrix()
    free = [np.flatnonzero(row == 0) for row in masked.toarray()]
    items = np.concatenate([rng.choice(items, n_targets, replace=False) for items in free])
    users = np.repeat(np.arange(train.n_users), n_targets)
    targets = csr_matrix((np.ones(len(users), dtype=np.float32), (users, items)), shape=masked.shape)
    return Holdout(targets, masked, train)
