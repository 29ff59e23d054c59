"""Run by the Python that LensKit is installed in: train a component, write all scores of all known users."""

import importlib
import json
import sys
from pathlib import Path

import numpy as np


def main(folder: Path) -> None:
    """Read ``train.npz`` and ``asked.json`` in the folder, write ``scores.npy``; nan where LensKit has no score."""
    # By name: LensKit is no dependency of the package that this file comes with.
    data, pipelines = importlib.import_module("lenskit.data"), importlib.import_module("lenskit.pipeline")
    training, pandas = importlib.import_module("lenskit.training"), importlib.import_module("pandas")
    asked, train = json.loads((folder / "asked.json").read_text()), np.load(folder / "train.npz")
    columns = {"user": "user_id", "item": "item_id", "rating": "rating", "timestamp": "timestamp"}
    events = pandas.DataFrame({name: train[column] for column, name in columns.items() if column in train.files})
    named = {f"{column}_col": name for column, name in columns.items() if name in events}
    dataset = data.from_interactions_df(events, **named)
    module, _, name = asked["component"].rpartition(".")
    component = getattr(importlib.import_module(module), name)(**asked["settings"])
    pipeline = pipelines.topn_pipeline(component)
    pipeline.train(dataset, training.TrainingOptions(rng=asked["seed"]))
    known, n_items = train["known"], int(train["n_items"])
    every = data.ItemList(item_ids=np.arange(n_items))
    scores = np.full((len(known), n_items), np.nan)
    for row, user in enumerate(known.tolist()):
        scores[row] = pipeline.run("scorer", query=user, items=every).scores()
    np.save(folder / "scores.npy", scores)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
