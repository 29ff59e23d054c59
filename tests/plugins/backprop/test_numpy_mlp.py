"""`numpy-mlp` as a model: what it learns, when it stops, what weights do, what it is asked."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.metrics import ndcg_score
from tailrec_backprop.embedding_mlp import EmbeddingMlp
from tailrec_backprop.numpy_mlp import NumpyMlp
from threadpoolctl import threadpool_info, threadpool_limits

import tailrec
from tailrec import Holdout, InputError, Interactions

QUICK = {"dim": 8, "hidden": [16], "epochs": 6, "batch_size": 64, "learning_rate": 0.01}


def interactions(users, items):
    return Interactions.from_frame(pd.DataFrame({"user": users, "item": items}), duplicates="keep")


def two_tastes(seed=0, n_users=60, n_items=40):
    """Users with an even code take even items, the others odd ones; one comes twice."""
    rng = np.random.default_rng(seed)
    users = np.repeat(np.arange(n_users), 8)
    items = 2 * rng.integers(n_items // 2, size=len(users)) + users % 2
    return interactions(np.append(users, 0), np.append(items, 1))


def holdout(train, n_targets, seed):
    rng = np.random.default_rng(seed)
    masked = train.matrix()
    items = np.concatenate([rng.choice(np.flatnonzero(row == 0), n_targets, False) for row in masked.toarray()])
    users = np.repeat(np.arange(train.n_users), n_targets)
    targets = csr_matrix((np.ones(len(users), dtype=np.float32), (users, items)), shape=masked.shape)
    return Holdout(targets, masked, train)


@pytest.fixture(scope="module")
def train():
    return two_tastes()


@pytest.fixture(scope="module")
def fitted(train):
    return NumpyMlp(**QUICK).fit(train)


def same(one, other):
    return all(np.array_equal(*pair) for pair in zip(one.parameters_, other.parameters_, strict=True))


def test_the_name_leads_to_it():
    model = tailrec.model("numpy-mlp:hidden=[8,4],dim=5")
    assert isinstance(model, NumpyMlp) and model.hidden == [8, 4]


def test_planted_tastes_are_found(train):
    model = NumpyMlp(**QUICK | {"epochs": 60}).fit(train)
    scores = model.score(np.arange(train.n_users))
    own_taste = (np.arange(train.n_users)[:, None] % 2) == (np.arange(train.n_items) % 2)
    assert scores[own_taste].mean() > scores[~own_taste].mean() + 1
    assert model.losses_[-1] < model.losses_[0]


def test_the_same_bytes_again_with_any_number_of_threads_and_after_a_pickle(train, fitted):
    with threadpool_limits(limits=2):
        again = NumpyMlp(**QUICK).fit(train)
    assert same(again, fitted)
    users = np.arange(train.n_users)
    assert pickle.loads(pickle.dumps(again)).score(users).tobytes() == fitted.score(users).tobytes()
    assert not same(NumpyMlp(**QUICK, seed=1).fit(train), fitted)


def test_training_and_scoring_keep_to_one_thread(monkeypatch, train):
    seen = []

    def watched(method):
        def call(*arguments):
            seen.extend(library["num_threads"] for library in threadpool_info())
            return method(*arguments)

        return call

    for name in ("step", "scores"):
        monkeypatch.setattr(EmbeddingMlp, name, watched(getattr(EmbeddingMlp, name)))
    with threadpool_limits(limits=2):
        NumpyMlp(**QUICK | {"epochs": 1}).fit(train).score([0])
    assert set(seen) == {1}


def test_a_fitted_model_holds_its_weights_and_no_batch(fitted):
    assert len(pickle.dumps(fitted)) < 2 * sum(p.nbytes for p in fitted.parameters_)


def test_weights_of_one_change_nothing_and_others_do(train, fitted):
    assert same(NumpyMlp(**QUICK).fit(train, weights=np.ones(len(train))), fitted)
    weights = np.random.default_rng(0).uniform(0, 2, len(train))
    assert not same(NumpyMlp(**QUICK).fit(train, weights=weights / weights.mean()), fitted)


def test_somebody_whose_rows_weigh_nothing_keeps_the_vector_they_began_with(train):
    silent = train.frame["user"].to_numpy() < 10
    weights = np.where(silent, 0.0, len(train) / (~silent).sum())
    short, longer = (NumpyMlp(**QUICK | {"epochs": n}).fit(train, weights=weights).parameters_[0] for n in (1, 3))
    np.testing.assert_array_equal(short[:10], longer[:10])
    assert (np.abs(short[10:] - longer[10:]).max(axis=1) > 1e-3).all()


def test_a_pair_that_happened_five_times_counts_once():
    once, often = interactions([0, 0, 1, 2], [0, 1, 1, 2]), interactions([0] * 6 + [1, 2], [0] * 5 + [1, 1, 2])
    assert same(NumpyMlp(**QUICK).fit(once), NumpyMlp(**QUICK).fit(often))


def test_the_epoch_that_validation_likes_best_is_kept(train):
    validation = holdout(train, 3, seed=1)
    options = QUICK | {"epochs": 40, "patience": 3}
    model = NumpyMlp(**options).fit(train, validation=validation)
    assert model.n_epochs_ == int(np.argmax(model.validation_ndcg_)) + 1
    assert len(model.validation_ndcg_) == len(model.losses_) == model.n_epochs_ + 3 < 40
    assert same(model, NumpyMlp(**options | {"epochs": model.n_epochs_}).fit(train))
    scores = model.score(np.arange(train.n_users)).astype(np.float64)
    scores[validation.masked.toarray() > 0] = -1e9
    expected = ndcg_score(validation.targets.toarray(), scores, k=10)
    assert max(model.validation_ndcg_) == pytest.approx(expected, abs=1e-9)


def test_of_many_users_three_hundred_are_ranked(monkeypatch):
    train = two_tastes(n_users=400)
    validation, seen = holdout(train, 1, seed=1), []
    rank = tailrec.rank
    monkeypatch.setattr(tailrec, "rank", lambda *a, users, **k: seen.append(users) or rank(*a, users=users, **k))
    NumpyMlp(**QUICK | {"epochs": 2}).fit(train, validation=validation)
    assert len(seen) == 2 and len(set(seen[0].tolist())) == 300
    np.testing.assert_array_equal(*seen)


def test_with_nothing_to_validate_on_every_epoch_is_trained(train, fitted):
    empty = Holdout(csr_matrix((train.n_users, train.n_items), dtype=np.float32), train.matrix(), train)
    model = NumpyMlp(**QUICK).fit(train, validation=empty)
    assert model.n_epochs_ == 6 and model.validation_ndcg_ == [] and same(model, fitted)


def test_fitting_again_starts_anew(train, fitted):
    model = NumpyMlp(**QUICK).fit(two_tastes(seed=5)).fit(train)
    assert same(model, fitted) and len(model.losses_) == 6


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64])
def test_users_of_any_integer_type_in_any_order(train, fitted, dtype):
    whole = fitted.score(np.arange(train.n_users))
    np.testing.assert_allclose(fitted.score(np.array([7, 2, 7], dtype=dtype)), whole[[7, 2, 7]], atol=1e-5)
    assert fitted.score(np.array([], dtype=dtype)).shape == (0, train.n_items)
    assert fitted.score([7, 2]).shape == (2, train.n_items)


@pytest.mark.parametrize(
    ("users", "items"), [([0], [0]), ([0, 0, 0], [0, 1, 2]), ([0, 1, 2], [0, 0, 0]), ([0, 0, 1, 1], [0, 1, 0, 1])]
)
def test_one_user_one_item_and_everybody_with_everything(users, items):
    train = interactions(users, items)
    model = NumpyMlp(epochs=2).fit(train)
    nothing = csr_matrix((train.n_users, train.n_items), dtype=np.float32)
    lists = model.recommend(np.arange(train.n_users), 10, nothing)
    assert np.isfinite(model.score(np.arange(train.n_users))).all()
    for row in lists:
        assert sorted(row[: train.n_items]) == list(range(train.n_items)) and (row[train.n_items :] == -1).all()


def test_users_and_items_without_events_have_finite_scores():
    train = interactions([0, 1, 2], [0, 1, 2]).select(np.array([True, False, True]))
    assert np.isfinite(NumpyMlp(**QUICK).fit(train).score(np.arange(3))).all()


@pytest.mark.parametrize("users", [[60], [-1]])
def test_a_code_that_is_no_user_s_is_refused(fitted, users):
    with pytest.raises(InputError, match=f"user codes from 0 to 59, those it was fitted on, received {users[0]}"):
        fitted.score(np.array(users))


def test_an_unfitted_model_says_so():
    with pytest.raises(InputError, match="not fitted yet; call `fit`"):
        NumpyMlp().score(np.array([0]))


def test_strangers_are_refused(fitted):
    assert fitted.folds_in is None
    with pytest.raises(InputError, match="cannot score people"):
        fitted.score_histories([[0]])


def test_training_that_diverges_says_what_to_lower(train):
    with pytest.raises(InputError, match=r"diverged in epoch \d+.*lower `learning_rate` \(1e\+30\)"):
        NumpyMlp(**QUICK | {"learning_rate": 1e30}).fit(train)


@pytest.mark.parametrize(
    "wrong",
    [
        {"dim": 0},
        {"hidden": []},
        {"hidden": [0]},
        {"negatives": 0},
        {"epochs": 0},
        {"patience": 0},
        {"batch_size": 0},
        {"learning_rate": 0.0},
        {"seed": -1},
    ],
)
def test_parameters_out_of_range_are_refused_by_name(wrong):
    with pytest.raises(InputError, match=f"expected `{next(iter(wrong))}"):
        NumpyMlp(**wrong)


def test_training_is_quiet_and_needs_no_tensorflow():
    code = """
import sys
sys.modules["tensorflow"] = sys.modules["keras"] = sys.modules["ipywidgets"] = sys.modules["matplotlib"] = None
import numpy as np, pandas as pd, tailrec
data = tailrec.Interactions.from_frame(pd.DataFrame({"user": [0, 0, 1, 1, 2], "item": [0, 1, 1, 2, 0]}))
tailrec.model("numpy-mlp:epochs=2").fit(data).score([0])
"""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "2"}
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
