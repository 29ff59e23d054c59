"""NDCG, recall, MRR, hit rate and precision at 10, one value a user, for 30,000 users and 40,000 items."""

from __future__ import annotations

from pathlib import Path

from peers import Benchmark

N_USERS, N_ITEMS, K = 30_000, 40_000, 10


def inputs(folder: Path) -> None:
    import numpy as np

    rng = np.random.default_rng(0)
    # A list is a random walk through the catalogue; a third of the targets are taken from it.
    lists = (rng.integers(0, N_ITEMS, (N_USERS, 1)) + np.cumsum(rng.integers(1, 4_000, (N_USERS, K)), axis=1)) % N_ITEMS
    user = np.repeat(np.arange(N_USERS), rng.integers(1, 11, N_USERS))
    item = np.where(
        rng.random(len(user)) < 1 / 3, lists[user, rng.integers(0, K, len(user))], rng.integers(0, N_ITEMS, len(user))
    )
    np.save(folder / "lists.npy", lists.astype(np.int32))
    np.save(folder / "targets.npy", np.unique(np.stack([user, item], axis=1), axis=0))


def read(folder: Path):
    import numpy as np

    return np.load(folder / "lists.npy"), np.load(folder / "targets.npy")


benchmark = Benchmark(__doc__, __file__, inputs)
benchmark.bar("tailrec", "RecTools", 0.1)


@benchmark.peer("tailrec", ["tailrec", "tailrec-metrics", "numpy"])
def tailrec(folder: Path):
    import numpy as np
    from scipy.sparse import csr_matrix

    import tailrec
    from tailrec import Ranking

    lists, targets = read(folder)
    matrix = csr_matrix((np.ones(len(targets), np.float32), targets.T), shape=(N_USERS, N_ITEMS))
    metrics = [tailrec.metric(name, k=K) for name in ("ndcg", "recall", "mrr", "hit-rate", "precision")]

    def work():
        ranking = Ranking(items=lists, targets=matrix, n_candidates=np.full(N_USERS, N_ITEMS))
        return [metric.per_user(ranking) for metric in metrics]

    return work


def rectools_tables(folder: Path):
    import numpy as np
    import pandas as pd

    lists, targets = read(folder)
    user, rank = np.repeat(np.arange(N_USERS), K), np.tile(np.arange(1, K + 1), N_USERS)
    recommended = pd.DataFrame({"user_id": user, "item_id": lists.ravel(), "rank": rank})
    return recommended, pd.DataFrame(targets, columns=["user_id", "item_id"])


@benchmark.peer("RecTools", ["rectools", "pandas", "numpy"], "rectools")
def rectools(folder: Path):
    from rectools.metrics import MRR, NDCG, HitRate, Precision, Recall

    recommended, interactions = rectools_tables(folder)
    metrics = [metric(k=K) for metric in (NDCG, Recall, MRR, HitRate, Precision)]
    return lambda: [metric.calc_per_user(recommended, interactions) for metric in metrics]


@benchmark.peer("RecTools, joined once", ["rectools", "pandas", "numpy"], "rectools")
def rectools_joined_once(folder: Path):
    from rectools.metrics import MRR, NDCG, HitRate, Precision, Recall
    from rectools.metrics.base import merge_reco
    from rectools.metrics.classification import calc_confusions

    recommended, interactions = rectools_tables(folder)

    # Not what its users call, but what its averages of several metrics do inside.
    def work():
        merged = merge_reco(recommended, interactions)
        counted = calc_confusions(merged, K)
        by_rank = [metric(k=K).calc_per_user_from_merged(merged) for metric in (NDCG, MRR)]
        by_count = [metric(k=K).calc_per_user_from_confusion_df(counted) for metric in (Recall, HitRate, Precision)]
        return by_rank + by_count

    return work


if __name__ == "__main__":
    benchmark.main()
