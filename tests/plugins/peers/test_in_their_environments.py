"""RecTools and LensKit, in environments of their own: the lists are theirs, and a comparison is one command."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tailrec_peers.lenskit import LensKit
from tailrec_peers.rectools import RecTools

import tailrec

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.extra

# What each library's own documentation does, with nothing of tailrec.
ITSELF = {
    "rectools": """
import json, sys
import pandas as pd
from rectools.dataset import Dataset
from rectools.models import EASEModel

events = pd.read_csv(sys.argv[1]).rename(columns={"user": "user_id", "item": "item_id", "timestamp": "datetime"})
events = events.assign(weight=1, datetime=pd.to_datetime(events["datetime"], unit="s"))
dataset = Dataset.construct(events[["user_id", "item_id", "weight", "datetime"]])
model = EASEModel(regularization=30.0)
model.fit(dataset)
found = model.recommend(users=events["user_id"].unique(), dataset=dataset, k=5, filter_viewed=True)
print(json.dumps({str(user): rows["item_id"].tolist() for user, rows in found.groupby("user_id")}))
""",
    "lenskit": """
import json, sys
import pandas as pd
from lenskit.batch import recommend
from lenskit.data import from_interactions_df
from lenskit.knn import ItemKNNScorer
from lenskit.pipeline import topn_pipeline

events = pd.read_csv(sys.argv[1]).rename(columns={"user": "user_id", "item": "item_id"})
pipeline = topn_pipeline(ItemKNNScorer(max_nbrs=8, feedback="implicit"), n=5)
pipeline.train(from_interactions_df(events[["user_id", "item_id"]], user_col="user_id", item_col="item_id"))
found = recommend(pipeline, sorted(events["user_id"].unique().tolist()), 5, n_jobs=1)
print(json.dumps({str(key.user_id): items.ids().tolist() for key, items in found}))
""",
}
OURS = {
    "rectools": RecTools(model="EASEModel", settings=["regularization=30.0"]),
    "lenskit": LensKit(component="lenskit.knn.ItemKNNScorer", settings=["max_nbrs=8", "feedback=implicit"]),
}


@pytest.fixture(scope="module")
def python():
    """Return a function from a library to the Python of its environment, which is made where it is not there."""
    spec = importlib.util.spec_from_file_location("environments", ROOT / "tests/benchmarks/environments.py")
    environments = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(environments)

    def of(library: str) -> Path:
        try:
            return environments.environment(library)
        except environments.Unavailable as reason:
            pytest.skip(str(reason))

    return of


def made(model, python):
    return type(model)(**model.parameters() | {"python": python})


@pytest.mark.parametrize("library", ["rectools", "lenskit"])
def test_the_lists_are_those_that_the_library_itself_gives(ratings, python, library, tmp_path):
    ratings.frame.to_csv(tmp_path / "events.csv", index=False)
    (tmp_path / "itself.py").write_text(ITSELF[library])
    command = [python(library), "-I", tmp_path / "itself.py", tmp_path / "events.csv"]
    theirs = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
    model = made(OURS[library], python(library)).fit(ratings)
    users = np.flatnonzero(ratings.history_lengths())
    lists = model.recommend(users, 5, ratings.matrix()[users])
    assert len(theirs) == len(users) == 59
    for user, listed in zip(users, lists, strict=True):
        listed = [item for item in listed.tolist() if item >= 0]
        expected = theirs[str(user)]
        # LensKit lists nothing that it has no score for; here that fills the end of the list.
        assert listed[: len(expected)] == expected


def test_the_ease_of_rectools_multiplies_with_the_transposed_weights(ratings, python):
    histories = ratings.matrix().toarray().astype(float)
    inverse = np.linalg.inv(histories.T @ histories + 30 * np.eye(ratings.n_items))
    weights = np.eye(ratings.n_items) - inverse / np.diag(inverse)
    known = np.flatnonzero(ratings.history_lengths())
    scores = made(OURS["rectools"], python("rectools")).fit(ratings).score(known)
    seen = ratings.item_counts() > 0
    np.testing.assert_allclose(scores[:, seen], (histories @ weights.T)[known][:, seen], atol=1e-5)
    assert np.abs(scores[:, seen] - (histories @ weights)[known][:, seen]).max() > 0.01


@pytest.mark.parametrize("library", ["rectools", "lenskit"])
def test_the_adapter_passes_the_kit(python, library):
    report = tailrec.check(made(tailrec.model(library), python(library)))
    assert report.ok, str(report)


def test_a_comparison_across_libraries_is_one_command(ratings, python, tmp_path):
    (tmp_path / ".extra").symlink_to(python("rectools").parents[2])
    assert python("lenskit").parents[2] == python("rectools").parents[2]
    ratings.frame.to_csv(tmp_path / "ratings.csv", index=False)
    models = [
        "popularity",
        "ease:l2=30",
        "surprise-svd",
        "lightfm",
        "rectools:model=EASEModel,settings=[regularization=30.0]",
        "lenskit:component=lenskit.knn.ItemKNNScorer,settings=[feedback=implicit]",
    ]
    arguments = [part for model in models for part in ("--model", model)]
    command = [sys.executable, "-m", "tailrec.cli", "compare", "--data", "csv:path=ratings.csv", *arguments, "--json"]
    done = subprocess.run(command, cwd=tmp_path, env=os.environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = {row["model"].partition(":")[0] for row in json.loads(done.stdout)["summary"]}
    assert found == {model.partition(":")[0] for model in models}
    assert "lenskit" in (tmp_path / "results/report.html").read_text()
