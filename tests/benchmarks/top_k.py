"""Top-20 for 30,000 users of 40,000 items from 64-dimensional factors, a million seen items left out."""

from __future__ import annotations

from pathlib import Path

from peers import Benchmark

N_USERS, N_ITEMS, DIM, N_SEEN, K = 30_000, 40_000, 64, 1_000_000, 20


def inputs(folder: Path) -> None:
    import numpy as np
    from scipy.sparse import csr_matrix, save_npz

    rng = np.random.default_rng(0)
    np.save(folder / "users.npy", rng.standard_normal((N_USERS, DIM), dtype=np.float32))
    np.save(folder / "items.npy", rng.standard_normal((N_ITEMS, DIM), dtype=np.float32))
    pairs = rng.integers(0, N_USERS, N_SEEN), rng.integers(0, N_ITEMS, N_SEEN)
    seen = csr_matrix((np.ones(N_SEEN, np.float32), pairs), shape=(N_USERS, N_ITEMS))
    save_npz(folder / "seen.npz", seen)


def read(folder: Path):
    import numpy as np
    from scipy.sparse import load_npz

    return np.load(folder / "users.npy"), np.load(folder / "items.npy"), load_npz(folder / "seen.npz")


benchmark = Benchmark(__doc__, __file__, inputs)
benchmark.bar("tailrec", "implicit", 0.75)


@benchmark.peer("tailrec", ["tailrec", "numpy"])
def tailrec(folder: Path):
    from tailrec import top_k_of_factors

    users, items, seen = read(folder)
    return lambda: top_k_of_factors(users, items, K, seen)


# With more than one thread of BLAS in each of its own, implicit is slower, and it warns of that.
@benchmark.peer("implicit", ["implicit", "numpy"], OPENBLAS_NUM_THREADS="1")
def implicit(folder: Path):
    from implicit.cpu.topk import topk

    users, items, seen = read(folder)
    return lambda: topk(items, users, K, filter_query_items=seen)


@benchmark.peer("RecTools", ["rectools", "pm-implicit", "numpy"], "rectools", OPENBLAS_NUM_THREADS="1")
def rectools(folder: Path):
    import numpy as np
    from rectools.models.rank import Distance, ImplicitRanker

    users, items, seen = read(folder)
    ranker = ImplicitRanker(Distance.DOT, users, items)
    return lambda: ranker.rank(np.arange(N_USERS), K, filter_pairs_csr=seen)


if __name__ == "__main__":
    benchmark.main()
