"""Peers in a Python of their own: what goes there, what comes back, and what is said where there is none."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from tailrec_peers.asked import finite_rows
from tailrec_peers.lenskit import LensKit
from tailrec_peers.rectools import RecTools

import tailrec

RECTOOLS = {
    "__init__.py": "",
    "dataset.py": """
class Dataset:
    construct = staticmethod(lambda events: events)
""",
    # The model lists an item by the number of its events, and those of few events only for users of even code.
    "models.py": """
import numpy as np
import pandas as pd

class Count:
    def __init__(self, factor):
        self.factor = factor

    def fit(self, events):
        assert events["weight"].eq(1).all() and not events.duplicated(["user_id", "item_id"]).any()
        assert events.groupby("user_id")["datetime"].apply(lambda times: times.is_monotonic_increasing).all()
        self.counts = events["item_id"].value_counts()

    def recommend(self, users, dataset, k, filter_viewed):
        assert not filter_viewed
        rows = [
            (user, item, self.factor * count)
            for user in users
            for item, count in self.counts.items()
            if count > 5 or user % 2 == 0
        ]
        return pd.DataFrame(rows, columns=["user_id", "item_id", "score"])

def model_from_params(params):
    assert params.pop("cls") == "Count"
    print("said on the way")
    return Count(**params)
""",
}


@pytest.fixture
def python(tmp_path) -> Path:
    """Return a Python that has a RecTools of a few lines."""
    (tmp_path / "rectools").mkdir()
    for name, text in RECTOOLS.items():
        (tmp_path / "rectools" / name).write_text(text)
    script = tmp_path / "python"
    # Isolated as it is called, save for the folder with that RecTools.
    script.write_text(f'#!/bin/sh\ntest "$1" = -I && shift\nPYTHONPATH={tmp_path} exec {sys.executable} -P "$@"\n')
    script.chmod(0o755)
    return script


def test_what_goes_there_and_what_comes_back(ratings, python):
    model = RecTools(model="Count", settings=["factor=2.5"], python=python).fit(ratings)
    counts = ratings.item_counts()
    expected = np.where(counts > 5, 2.5 * counts, np.nan) + np.zeros((60, 1))
    expected[::2] = np.where(counts > 0, 2.5 * counts, np.nan)
    lowest = np.nanmin(expected, axis=1, keepdims=True)
    expected = np.where(np.isnan(expected), lowest - 1, expected)
    expected[59] = 0  # nobody whom RecTools knows
    assert (counts <= 5).sum() > (counts == 0).sum() > 0
    np.testing.assert_array_equal(model.score(np.arange(60)), expected)
    np.testing.assert_array_equal(model.score([7, 3]), expected[[7, 3]])


def test_a_pair_that_comes_twice_goes_there_once(python):
    import pandas as pd

    events = pd.DataFrame({"user": [0, 0, 0, 1], "item": [0, 1, 0, 1], "time": [1, 2, 3, 1]})
    data = tailrec.Interactions.from_frame(events, timestamp="time")
    model = RecTools(model="Count", settings=["factor=1"], python=python).fit(data)
    assert model.score([0]).tolist() == [[1, 2]]


def test_what_fails_there_is_a_sentence_and_its_traceback_a_note(ratings, python):
    model = RecTools(model="Count", settings=["wrong=1"], python=python)
    with pytest.raises(tailrec.PluginError) as caught:
        model.fit(ratings)
    said = str(caught.value)
    assert f"failed in {python}: TypeError:" in said and "unexpected keyword argument 'wrong'" in said
    assert "\n" not in said.splitlines()[0] and "Traceback" in caught.value.__notes__[0]


@pytest.mark.parametrize(("cls", "why"), [(RecTools, "it needs numpy < 2"), (LensKit, "it needs Python 3.12 or later")])
def test_where_there_is_no_such_python_a_sentence_says_how_to_make_one(ratings, cls, why, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(tailrec.InputError) as caught:
        cls().fit(ratings)
    said = str(caught.value)
    library = cls.library
    assert (
        why in said and f"python3.12 -m venv .extra/{library} && .extra/{library}/bin/pip install {library}==" in said
    )
    with pytest.raises(tailrec.InputError, match=f"{library}: expected a Python at 'nowhere', there is none"):
        cls(python=Path("nowhere")).fit(ratings)


def test_it_is_found_in_the_folder_or_in_one_above(ratings, python, tmp_path, monkeypatch):
    (tmp_path / ".extra/rectools/bin").mkdir(parents=True)
    (tmp_path / ".extra/rectools/bin/python").symlink_to(python)
    (tmp_path / "a/b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a/b")
    assert RecTools(model="Count", settings=["factor=1"]).fit(ratings).score([0]).max() == ratings.item_counts().max()


def test_a_comparison_goes_on_without_it_and_says_why(ratings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = tailrec.compare(ratings, ["popularity", "rectools:model=EASEModel"], "ndcg")
    (failure,) = result.failures
    assert (failure.model, failure.call) == ("rectools", "fit") and "pip install rectools==" in failure.reason
    assert set(result.summary()["model"]) == {"popularity"}


def test_settings_are_literals_or_text():
    model = tailrec.model("rectools:settings=[a=1,b.c=x,\"d=[1, 'y']\",e=none]")
    assert model._settings() == {"a": 1, "b.c": "x", "d": [1, "y"], "e": "none"}
    for wrong in ("a", "=1", "a b=1", "a.=1"):
        with pytest.raises(tailrec.InputError, match="expected settings written `key=value`"):
            RecTools(settings=[wrong])


def test_what_is_left_open_stands_below_what_is_scored():
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(20, 9)).astype(np.float32)
    scores[rng.random(scores.shape) < 0.4] = np.nan
    scores[3] = np.nan
    found = finite_rows(scores)
    scored = np.isfinite(scores)
    assert np.isfinite(found).all() and found.dtype == np.float32
    np.testing.assert_array_equal(found[scored], scores[scored])
    for row, there in zip(found, scored, strict=True):
        assert there.all() or not there.any() or row[~there].max() < row[there].min()
