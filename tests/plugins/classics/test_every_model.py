"""What every classic keeps: finite, repeatable, picklable, quiet, and honest about what it is asked."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

import tailrec

SPELLINGS = [
    "popularity",
    "popularity:count=events",
    "popularity:log=true",
    "item-knn:k=5",
    "item-knn:similarity=tfidf",
    "item-knn:similarity=bm25",
    "ease:l2=5",
    "ials:factors=4,l2=1",
    "bpr:factors=4",
    "content-knn:popularity=0.5",
    "blend:models=[popularity,ease:l2=5]",
    "blend:models=[ease,ials]",
    "blend:models=[popularity,ease:l2=5,item-knn]",
    "category-popularity",
    "topics:topics=3,popularity_prior=20",
    "shrunken",
    "shrunken:prior=[category-popularity:columns=[genres]],personal=[ease:l2=5]",
]
every_model = pytest.mark.parametrize("spelling", SPELLINGS)


def with_words(make, pairs, n_users, n_items) -> tailrec.Interactions:
    words = pd.DataFrame({"genres": [f"a{item % 3}|b{item % 4}" for item in range(n_items)]})
    return make(pairs, n_users, n_items, item_features=words)


@pytest.fixture(scope="module")
def data(interactions_of, random_pairs) -> tailrec.Interactions:
    # The last user has no history, nobody has the last item.
    return with_words(interactions_of, random_pairs(0, 30, 20, 200), 31, 21)


def next_items(data: tailrec.Interactions) -> tailrec.Holdout:
    """Return what to choose on: for every user the first item that they do not have."""
    has = data.matrix().toarray() > 0
    targets = np.zeros(has.shape, dtype=np.float32)
    targets[np.arange(len(has)), (~has).argmax(axis=1)] = 1.0
    targets[has] = 0.0
    return tailrec.Holdout(csr_matrix(targets), data.matrix(), data)


def fitted(spelling: str, data: tailrec.Interactions, **values: object) -> tailrec.ModelPlugin:
    return tailrec.model(spelling).fit(data, validation=next_items(data), **values)


@every_model
def test_scores_are_finite_for_users_and_items_without_events(data: tailrec.Interactions, spelling: str) -> None:
    scores = fitted(spelling, data).score(np.arange(31))
    assert scores.shape == (31, 21) and np.isfinite(scores).all()


@every_model
def test_the_same_bytes_again_and_after_a_pickle(data: tailrec.Interactions, spelling: str) -> None:
    model, again = fitted(spelling, data), fitted(spelling, data)
    scores = model.score(np.arange(31)).tobytes()
    assert again.score(np.arange(31)).tobytes() == scores
    assert pickle.loads(pickle.dumps(model)).score(np.arange(31)).tobytes() == scores


@every_model
@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64])
def test_users_of_any_integer_type_in_any_order(data: tailrec.Interactions, spelling: str, dtype: type) -> None:
    model = fitted(spelling, data)
    whole = model.score(np.arange(31))
    np.testing.assert_allclose(model.score(np.array([7, 2, 7], dtype=dtype)), whole[[7, 2, 7]], atol=1e-5)
    assert model.score(np.array([], dtype=dtype)).shape == (0, 21)


@every_model
def test_a_user_who_was_not_there_is_refused(data: tailrec.Interactions, spelling: str) -> None:
    with pytest.raises(tailrec.InputError, match="0 to 30.*received 31"):
        fitted(spelling, data).score([31])


@every_model
def test_an_unfitted_model_says_so(spelling: str) -> None:
    with pytest.raises(tailrec.InputError, match="not fitted"):
        tailrec.model(spelling).score([0])


@every_model
def test_coming_back_changes_nothing_but_a_count_of_events(interactions_of, random_pairs, spelling: str) -> None:
    pairs = random_pairs(1, 25, 15, 120)
    once, often = with_words(interactions_of, pairs, 25, 15), with_words(interactions_of, pairs + pairs[::2], 25, 15)
    same = np.array_equal(fitted(spelling, once).score(np.arange(25)), fitted(spelling, often).score(np.arange(25)))
    assert same == (spelling != "popularity:count=events")


@every_model
def test_weights_of_one_change_nothing_and_others_do(data: tailrec.Interactions, spelling: str) -> None:
    plain = fitted(spelling, data)
    if not plain.uses_weights:
        assert spelling.startswith("bpr")
        return
    scores = plain.score(np.arange(31))
    np.testing.assert_allclose(
        fitted(spelling, data, weights=np.ones(len(data))).score(np.arange(31)), scores, atol=1e-5
    )
    uneven = np.random.default_rng(0).uniform(0.1, 2.0, len(data))
    assert np.abs(fitted(spelling, data, weights=uneven).score(np.arange(31)) - scores).max() > 1e-3


@every_model
def test_strangers_are_scored_as_declared(data: tailrec.Interactions, spelling: str) -> None:
    model, users = fitted(spelling, data), np.arange(31)
    if model.folds_in is None:
        with pytest.raises(tailrec.InputError, match="cannot score people"):
            model.score_histories([[0]])
        return
    folded = model.score_histories(data.histories())
    if model.folds_in == "exact":
        np.testing.assert_allclose(folded, model.score(users), atol=1e-4)
    assert np.isfinite(model.score_histories([np.array([4], dtype=np.uint16), [], [2, 2]])).all()
    with pytest.raises(tailrec.InputError, match="item codes from 0 to 20"):
        model.score_histories([[21]])


@every_model
@pytest.mark.parametrize("pairs", [[(0, 0)], [(0, 0), (1, 0)], [(0, 0), (0, 1)], [(0, 0), (1, 1)]])
def test_the_smallest_data(interactions_of, spelling: str, pairs: list[tuple[int, int]]) -> None:
    data = with_words(interactions_of, pairs, 2, 2) if len(pairs) > 1 else with_words(interactions_of, pairs, 1, 1)
    validation = next_items(data)
    model = tailrec.model(spelling)
    if "validation" in model.requires and not validation.targets[data.history_lengths() > 0].nnz:
        with pytest.raises(tailrec.InputError, match="expected a validation"):
            model.fit(data, validation=validation)
        return
    assert np.isfinite(model.fit(data, validation=validation).score(np.arange(data.n_users))).all()


@pytest.mark.parametrize("spelling", [s for s in SPELLINGS if not s.startswith("blend")])
def test_no_events_at_all(data: tailrec.Interactions, spelling: str) -> None:
    nothing = data.select(np.zeros(len(data), dtype=bool))
    scores = tailrec.model(spelling).fit(nothing).score(np.arange(31))
    assert scores.shape == (31, 21) and (scores == scores[:, :1]).all()


def test_seeds_only_where_something_is_random() -> None:
    random = {"bpr", "ials", "topics", "shrunken", "blend"}
    for name in {spelling.partition(":")[0] for spelling in SPELLINGS}:
        assert ("seed" in type(tailrec.model(name)).parameter_names()) == (name in random)


def test_importing_and_fitting_is_quiet() -> None:
    code = """
import numpy as np, pandas as pd, tailrec
data = tailrec.Interactions.from_frame(pd.DataFrame({"user": [0, 0, 1, 1, 2], "item": [0, 1, 1, 2, 0]}))
for name in ("ials", "item-knn", "bpr", "ease", "popularity"):
    tailrec.model(name).fit(data).score([0])
"""
    # implicit warns where BLAS has threads of its own.
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "2"}
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
