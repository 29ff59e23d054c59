"""How well people are served whom the model has never seen, by how many of their first clicks it is shown.

    python tests/benchmarks/strangers.py --out plugins/course/tailrec_course/strangers.json

MovieLens small in five parts of its people: each part is served by models that were fitted on the four others. The test
is each person's last 20 % of films; what changes between the rows is how many of their first films are shown, so the
same people have the same targets throughout. Truncation is a value given beforehand, and nothing is chosen here.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

import tailrec

TOWER = "two-tower:user=history,dim=32,epochs=10"
MODELS = {
    "popularity": "popularity",
    "ease": "ease",
    "history tower": TOWER,
    "history tower, truncated": TOWER + ",truncate=0.5",
}
CLICKS = (1, 2, 3, 5, 10, 20, 50)
N_PARTS = 5
PAIRS = [(model, "popularity") for model in list(MODELS)[1:]] + [("history tower, truncated", "history tower")]


class Given(tailrec.ModelPlugin):
    """Scores that are already there."""

    folds_in: ClassVar = None
    scores: Any

    def fit(self, train, *, weights=None, validation=None):
        """Learn nothing."""
        return self

    def score(self, users):
        """Return the users' rows."""
        return self.scores[users]


def values_of(spelling: str, seed: int) -> np.ndarray:
    """Return (n_clicks, n_people) the NDCG@10 of everybody, served as a stranger."""
    split = tailrec.split(tailrec.load("movielens-small"), "last-fraction")
    histories, events = split.train.histories(), split.train.frame["user"].to_numpy()
    part = np.random.default_rng(0).permutation(len(histories)) % N_PARTS
    scores = np.empty((len(CLICKS), len(histories), split.train.n_items), dtype=np.float32)
    for own in range(N_PARTS):
        model = tailrec.model(spelling)
        if "seed" in model.parameter_names():
            model = tailrec.model(spelling, seed=seed)
        model.fit(split.train.select(part[events] != own), validation=split.validation)
        people = np.flatnonzero(part == own)
        for at, n in enumerate(CLICKS):
            scores[at, people] = model.score_histories([histories[one][:n] for one in people])
    metric = tailrec.metric("ndcg")
    return np.stack([metric.per_user(tailrec.rank(Given(scores=one), split.test, 10)) for one in scores])


def main() -> None:
    """Measure, and write means and differences with their intervals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the JSON file to write")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    tasks = [(name, seed) for name in MODELS for seed in range(given.seeds if "tower" in name else 1)]
    with ProcessPoolExecutor(given.jobs, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(values_of, [MODELS[name] for name, _ in tasks], [seed for _, seed in tasks]))
    values = {m: np.mean([v for (name, _), v in zip(tasks, found, strict=True) if name == m], axis=0) for m in MODELS}
    means, differences = [], []
    for at, n in enumerate(CLICKS):
        columns = [values[m][at] for m in MODELS] + [values[m][at] - values[o][at] for m, o in PAIRS]
        names = [(m, "") for m in MODELS] + PAIRS
        interval = tailrec.bootstrap_interval(np.stack(columns, axis=1), np.arange(len(columns[0])))
        for i, (model, against) in enumerate(names):
            row = {"model": model, "against": against, "clicks": n, "n_users": len(columns[0])}
            row |= {key: round(float(getattr(interval, key)[i]), 5) for key in ("value", "low", "high")}
            (differences if against else means).append(row)
    document = {
        "command": "python tests/benchmarks/strangers.py --out plugins/course/tailrec_course/strangers.json",
        "models": MODELS,
        "seeds": given.seeds,
        "means": means,
        "differences": differences,
    }
    given.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
