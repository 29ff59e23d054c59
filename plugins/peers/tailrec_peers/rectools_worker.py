"""Run by the Python that RecTools is installed in: fit a model, write all scores of all known users."""

import importlib
import json
import sys
from pathlib import Path

import numpy as np

#: So many pairs are asked for in one call.
_PAIRS = 2_000_000


def main(folder: Path) -> None:
    """Read ``train.npz`` and ``asked.json`` in the folder, write ``scores.npy``; nan where RecTools lists no score."""
    # By name: RecTools is no dependency of the package that this file comes with.
    datasets, models = importlib.import_module("rectools.dataset"), importlib.import_module("rectools.models")
    pandas = importlib.import_module("pandas")
    asked, train = json.loads((folder / "asked.json").read_text()), np.load(folder / "train.npz")
    events = pandas.DataFrame({"user_id": train["user"], "item_id": train["item"], "weight": 1.0})
    # Without times, the order of the events stands for them.
    times = train["timestamp"] if "timestamp" in train.files else np.arange(len(events))
    events["datetime"] = pandas.to_datetime(times, unit="s")
    dataset = datasets.Dataset.construct(events)
    model = models.model_from_params({"cls": asked["model"], **asked["settings"]})
    model.fit(dataset)
    known, n_items = train["known"], int(train["n_items"])
    scores = np.full((len(known), n_items), np.nan)
    step = max(1, _PAIRS // n_items)
    for start in range(0, len(known), step):
        users = known[start : start + step]
        listed = model.recommend(users=users, dataset=dataset, k=n_items, filter_viewed=False)
        scores[np.searchsorted(known, listed["user_id"]), listed["item_id"]] = listed["score"]
    np.save(folder / "scores.npy", scores)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
