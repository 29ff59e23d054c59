"""EASE on CiteULike-a, 5,551 users × 16,980 items: fitting, and fitting with the scores of every user.

The data is looked for beside the repository (../shared/data/citeulike-a.users.dat) or where CITEULIKE names it: a
line a user, the count and then the items.
"""

from __future__ import annotations

import os
from pathlib import Path

from environments import ROOT
from peers import Benchmark

L2 = 500.0
DATA = Path(os.environ.get("CITEULIKE", ROOT.parent / "shared" / "data" / "citeulike-a.users.dat"))


def inputs(folder: Path) -> None:
    import numpy as np

    if not DATA.is_file():
        raise SystemExit(f"expected CiteULike-a in {DATA}, found no file; name it: CITEULIKE=/path/to/users.dat")
    items = [np.array(line.split()[1:], dtype=np.int64) for line in DATA.read_text().splitlines()]
    user = np.repeat(np.arange(len(items)), [len(row) for row in items])
    np.save(folder / "pairs.npy", np.stack([user, np.concatenate(items)], axis=1))


def frame(folder: Path, columns: list[str]):
    import numpy as np
    import pandas as pd

    return pd.DataFrame(np.load(folder / "pairs.npy"), columns=columns)


benchmark = Benchmark(__doc__, __file__, inputs)
benchmark.bar("tailrec", "LensKit", 0.35)
benchmark.bar("tailrec", "LensKit", 0.6, "peak_mb")


def fitted_by(folder: Path):
    import tailrec

    data = tailrec.Interactions.from_frame(frame(folder, ["user", "item"]))
    return tailrec.model("ease", l2=L2), data


@benchmark.peer("tailrec", ["tailrec", "tailrec-classics", "numpy", "scipy"])
def fit(folder: Path):
    model, data = fitted_by(folder)
    return lambda: model.fit(data)


@benchmark.peer("tailrec, all scores", ["tailrec", "tailrec-classics", "numpy", "scipy"])
def fit_and_score(folder: Path):
    import numpy as np

    model, data = fitted_by(folder)

    def work():
        model.fit(data)
        return [model.score(users).max() for users in np.array_split(np.arange(data.n_users), 12)]

    return work


@benchmark.peer("LensKit", ["lenskit", "torch", "numpy"], "lenskit")
def lenskit(folder: Path):
    from lenskit.data import from_interactions_df
    from lenskit.knn import EASEScorer

    data = from_interactions_df(frame(folder, ["user_id", "item_id"]))
    model = EASEScorer(regularization=L2)
    return lambda: model.train(data)


if __name__ == "__main__":
    benchmark.main()
