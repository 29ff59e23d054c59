"""iALS and ItemKNN on a million events of 30,000 users with 40,000 items: fitting, and then top-20 lists for all."""

from __future__ import annotations

from pathlib import Path

from peers import Benchmark

N_USERS, N_ITEMS, N_EVENTS, K = 30_000, 40_000, 1_000_000, 20
FACTORS, L2, ALPHA, ITERATIONS, NEIGHBOURS = 64, 50.0, 5.0, 15, 200


def inputs(folder: Path) -> None:
    import numpy as np

    rng = np.random.default_rng(0)
    # Many users with little and few with much, items likewise.
    user = (N_USERS * rng.random(N_EVENTS) ** 2).astype(np.int64)
    item = (N_ITEMS * rng.random(N_EVENTS) ** 3).astype(np.int64)
    np.save(folder / "pairs.npy", np.unique(np.stack([user, item], axis=1), axis=0))


def ours(name: str, parameters: dict, listing: bool):
    def prepare(folder: Path):
        import numpy as np
        import pandas as pd

        import tailrec

        data = tailrec.Interactions.from_frame(pd.DataFrame(np.load(folder / "pairs.npy"), columns=["user", "item"]))
        model, seen = tailrec.model(name, **parameters), data.matrix()
        split = tailrec.Holdout(targets=seen, masked=seen, train=data)
        if not listing:
            return lambda: model.fit(data)
        model.fit(data)
        return lambda: tailrec.rank(model, split, K)

    return prepare


def implicits(make, listing: bool):
    def prepare(folder: Path):
        import numpy as np
        from scipy.sparse import csr_matrix

        pairs = np.load(folder / "pairs.npy")
        seen = csr_matrix((np.ones(len(pairs), np.float32), pairs.T), shape=(N_USERS, N_ITEMS))
        model = make()
        if not listing:
            return lambda: model.fit(seen, show_progress=False)
        model.fit(seen, show_progress=False)
        users = np.arange(N_USERS)
        return lambda: model.recommend(users, seen, N=K, filter_already_liked_items=True)

    return prepare


def implicit_als():
    from implicit.als import AlternatingLeastSquares

    return AlternatingLeastSquares(
        factors=FACTORS, regularization=L2, alpha=ALPHA, iterations=ITERATIONS, random_state=0, use_gpu=False
    )


def implicit_knn():
    from implicit.nearest_neighbours import CosineRecommender

    return CosineRecommender(K=NEIGHBOURS)


benchmark = Benchmark(__doc__, __file__, inputs)
ials = {"factors": FACTORS, "l2": L2, "alpha": ALPHA, "iterations": ITERATIONS}
for name, parameters, make in (
    ("ials", ials, implicit_als),
    ("item-knn", {"k": NEIGHBOURS, "shrinkage": 0.0}, implicit_knn),
):
    for listing, step in ((False, "fit"), (True, "lists")):
        benchmark.peer(f"tailrec {name}, {step}", ["tailrec-classics", "numpy"])(ours(name, parameters, listing))
        # implicit asks for one thread of BLAS in each of its own.
        benchmark.peer(f"implicit {name}, {step}", ["implicit", "numpy"], OPENBLAS_NUM_THREADS="1")(
            implicits(make, listing)
        )
        benchmark.bar(f"tailrec {name}, {step}", f"implicit {name}, {step}", 1.1)

# implicit knows no shrinkage: what it costs, beside the same neighbours without.
shrunk = ours("item-knn", {"k": NEIGHBOURS, "shrinkage": 50.0}, listing=False)
benchmark.peer("tailrec item-knn with shrinkage, fit", ["tailrec-classics", "numpy"])(shrunk)
benchmark.bar("tailrec item-knn with shrinkage, fit", "implicit item-knn, fit", 1.5)


if __name__ == "__main__":
    benchmark.main()
