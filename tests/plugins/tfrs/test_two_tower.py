"""`two-tower` as a model: what it learns, when it stops, what weights do, how it is kept."""

import os
import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.metrics import ndcg_score
from tailrec_tfrs.two_tower import TwoTower

import tailrec
from tailrec import Holdout, InputError, Interactions

QUICK = {"dim": 8, "epochs": 6, "batch_size": 64, "learning_rate": 0.1, "l2": 0.01}


def interactions(users, items):
    return Interactions.from_frame(pd.DataFrame({"user": users, "item": items}), duplicates="keep")


def two_tastes(seed=0, n_users=60, n_items=40):
    """Users with an even code take even items, the others odd ones; some come twice."""
    rng = np.random.default_rng(seed)
    users = np.repeat(np.arange(n_users), 8)
    items = 2 * rng.integers(n_items // 2, size=len(users)) + users % 2
    return interactions(np.append(users, 0), np.append(items, 1))


def holdout(train, n_targets, seed):
    rng = np.random.default_rng(seed)
    masked = train.matrix()
    free = [np.flatnonzero(row == 0) for row in masked.toarray()]
    items = np.concatenate([rng.choice(items, n_targets, replace=False) for items in free])
    users = np.repeat(np.arange(train.n_users), n_targets)
    targets = csr_matrix((np.ones(len(users), dtype=np.float32), (users, items)), shape=masked.shape)
    return Holdout(targets, masked, train)


@pytest.fixture(scope="module")
def train():
    return two_tastes()


@pytest.fixture(scope="module")
def fitted(train):
    return TwoTower(**QUICK).fit(train)


def test_the_name_leads_to_it():
    assert isinstance(tailrec.model("two-tower:dim=5,logq=false"), TwoTower)


def test_planted_tastes_are_found(train):
    model = TwoTower(**QUICK | {"epochs": 40}).fit(train)
    scores = model.score(np.arange(train.n_users))
    own_taste = (np.arange(train.n_users)[:, None] % 2) == (np.arange(train.n_items) % 2)
    assert scores[own_taste].mean() > scores[~own_taste].mean() + 1


def test_with_logq_it_knows_what_is_popular_and_without_it_does_not():
    rng = np.random.default_rng(0)
    shares = 1 / np.arange(5, 205)
    chosen = [rng.choice(200, 5, replace=False, p=shares / shares.sum()) for _ in range(600)]
    train = interactions(np.repeat(np.arange(601), [5] * 600 + [200]), np.concatenate([*chosen, np.arange(200)]))
    agreement = {}
    for logq in (True, False):
        model = TwoTower(**QUICK | {"logq": logq, "l2": 0.1, "batch_size": 256}).fit(train)
        agreement[logq] = np.corrcoef(model.score(np.arange(600)).mean(axis=0), np.log(train.item_counts()))[0, 1]
    assert agreement[True] > 0.95
    assert agreement[False] < 0.6


def test_a_pair_that_happened_five_times_counts_once():
    once = interactions([0, 0, 1, 2], [0, 1, 1, 2])
    often = interactions([0, 0, 0, 0, 0, 0, 1, 2], [0, 0, 0, 0, 0, 1, 1, 2])
    first, second = (TwoTower(**QUICK).fit(data) for data in (once, often))
    np.testing.assert_array_equal(first.user_vectors_, second.user_vectors_)


def test_weights_of_one_change_nothing(train, fitted):
    model = TwoTower(**QUICK).fit(train, weights=np.ones(len(train)))
    np.testing.assert_array_equal(model.user_vectors_, fitted.user_vectors_)
    np.testing.assert_array_equal(model.item_vectors_, fitted.item_vectors_)


def test_users_whose_rows_weigh_nothing_keep_the_vector_that_all_start_from(train):
    silent = train.frame["user"].to_numpy() < 10
    model = TwoTower(**QUICK).fit(train, weights=np.where(silent, 0.0, len(train) / (~silent).sum()))
    vectors = model.user_vectors_
    np.testing.assert_array_equal(vectors[:10], np.tile(vectors[0], (10, 1)))
    assert (np.abs(vectors[10:] - vectors[0]).max(axis=1) > 1e-3).all()


def test_weights_matter(train, fitted):
    weights = np.random.default_rng(0).uniform(0, 2, len(train))
    model = TwoTower(**QUICK).fit(train, weights=weights / weights.mean())
    assert np.abs(model.item_vectors_ - fitted.item_vectors_).max() > 1e-3


def test_the_epoch_that_validation_likes_best_is_kept(train):
    validation = holdout(train, 3, seed=1)
    options = QUICK | {"epochs": 25, "patience": 3}
    model = TwoTower(**options).fit(train, validation=validation)
    assert model.n_epochs_ == int(np.argmax(model.validation_ndcg_)) + 1
    assert len(model.validation_ndcg_) == len(model.losses_) == model.n_epochs_ + 3 < 25
    alone = TwoTower(**options | {"epochs": model.n_epochs_}).fit(train)
    np.testing.assert_array_equal(model.user_vectors_, alone.user_vectors_)
    np.testing.assert_array_equal(model.item_vectors_, alone.item_vectors_)


@pytest.mark.parametrize("n_targets", [3, 12])
def test_it_watches_the_ndcg_of_scikit_learn(train, n_targets):
    validation = holdout(train, n_targets, seed=2)
    model = TwoTower(**QUICK).fit(train, validation=validation)
    scores = model.score(np.arange(train.n_users)).astype(np.float64)
    scores[validation.masked.toarray() > 0] = -1e9
    expected = ndcg_score(validation.targets.toarray(), scores, k=10)
    assert max(model.validation_ndcg_) == pytest.approx(expected, abs=1e-9)


def test_with_nothing_to_validate_on_every_epoch_is_trained(train, fitted):
    empty = Holdout(csr_matrix((train.n_users, train.n_items), dtype=np.float32), train.matrix(), train)
    model = TwoTower(**QUICK).fit(train, validation=empty)
    assert model.n_epochs_ == fitted.n_epochs_ == 6
    assert model.validation_ndcg_ == fitted.validation_ndcg_ == []
    np.testing.assert_array_equal(model.item_vectors_, fitted.item_vectors_)


def test_fitting_again_starts_anew(train, fitted):
    model = TwoTower(**QUICK).fit(two_tastes(seed=5)).fit(train)
    np.testing.assert_array_equal(model.user_vectors_, fitted.user_vectors_)
    assert len(model.losses_) == 6


def test_recommendations_are_the_best_scores_of_what_is_not_excluded(train, fitted):
    users = np.array([7, 0, 7])
    exclude = train.matrix()[users]
    scores = fitted.score(users)
    scores[exclude.toarray() > 0] = -np.inf
    expected = np.argsort(-scores, axis=1, kind="stable")[:, :5]
    np.testing.assert_array_equal(fitted.recommend(users, 5, exclude), expected)


@pytest.mark.parametrize(("users", "items"), [([0], [0]), ([0, 0, 0], [0, 1, 2]), ([0, 1, 2], [0, 0, 0])])
def test_one_user_one_item_and_lists_longer_than_the_catalogue(users, items):
    train = interactions(users, items)
    model = TwoTower(epochs=2).fit(train)
    nothing = csr_matrix((train.n_users, train.n_items), dtype=np.float32)
    lists = model.recommend(np.arange(train.n_users), 10, nothing)
    assert np.isfinite(model.score(np.arange(train.n_users))).all()
    for row in lists:
        assert sorted(row[: train.n_items]) == list(range(train.n_items))
        assert (row[train.n_items :] == -1).all()


def test_a_user_without_history_has_the_shared_vector():
    train = interactions([0, 1, 2, 3], [0, 1, 0, 2]).select(np.array([True, True, False, False]))
    model = TwoTower(**QUICK).fit(train)
    np.testing.assert_array_equal(model.user_vectors_[2], model.user_vectors_[3])
    assert not np.array_equal(model.user_vectors_[0], model.user_vectors_[2])


def test_it_is_kept_in_a_folder_and_read_back(tmp_path, train, fitted):
    fitted.save(tmp_path / "model")
    again = TwoTower.load(tmp_path / "model")
    assert again.parameters() == fitted.parameters()
    np.testing.assert_array_equal(again.score(np.arange(5)), fitted.score(np.arange(5)))


@pytest.mark.parametrize("users", [[60], [-1]])
def test_a_code_that_is_no_users_is_refused(fitted, users):
    with pytest.raises(InputError, match=f"user codes from 0 to 59, those it was fitted on, received {users[0]}"):
        fitted.score(np.array(users))


def test_a_model_that_is_not_fitted_says_so():
    with pytest.raises(InputError, match="call `fit` first"):
        TwoTower().score(np.array([0]))


def test_training_that_diverges_says_what_to_lower(train):
    with pytest.raises(InputError, match=r"diverged in epoch \d+.*lower `learning_rate` \(1e\+30\)"):
        TwoTower(**QUICK | {"learning_rate": 1e30}).fit(train)


@pytest.mark.parametrize(
    "wrong",
    [{"dim": 0}, {"epochs": 0}, {"patience": 0}, {"batch_size": 1}, {"learning_rate": 0.0}, {"l2": -0.1}, {"seed": -1}],
)
def test_parameters_out_of_range_are_refused_by_name(wrong):
    with pytest.raises(InputError, match=f"two-tower: expected `{next(iter(wrong))}`|TwoTower: expected"):
        TwoTower(**wrong)


FIT_ELSEWHERE = """
import pickle, sys
from tailrec_tfrs.two_tower import TwoTower
assert "tensorflow" not in sys.modules
read, write = sys.argv[1:]
with open(read, "rb") as file:
    options, train, validation = pickle.load(file)
model = TwoTower(**options).fit(train, validation=validation)
tf = sys.modules["tensorflow"]
assert tf.config.threading.get_intra_op_parallelism_threads() == 1
with open(write, "wb") as file:
    pickle.dump(model, file)
"""

SCORE_ELSEWHERE = """
import pickle, sys
sys.modules["tensorflow"] = None  # importing it would raise
import numpy as np
from scipy.sparse import csr_matrix
with open(sys.argv[1], "rb") as file:
    model = pickle.load(file)
np.save(sys.argv[2], model.score(np.arange(5)))
model.recommend(np.arange(5), 3, csr_matrix((5, len(model.item_vectors_))))
"""


def run(code, *arguments):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "TAILREC_"))}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_another_process_fits_the_same_bytes_without_a_word_and_a_third_scores_without_tensorflow(tmp_path, train):
    validation = holdout(train, 3, seed=1)
    here = TwoTower(**QUICK).fit(train, validation=validation)
    (tmp_path / "task").write_bytes(pickle.dumps((QUICK, train, validation)))
    fit = run(FIT_ELSEWHERE, tmp_path / "task", tmp_path / "model")
    assert (fit.returncode, fit.stdout, fit.stderr) == (0, "", "")
    there = pickle.loads((tmp_path / "model").read_bytes())
    assert there.user_vectors_.tobytes() == here.user_vectors_.tobytes()
    assert there.item_vectors_.tobytes() == here.item_vectors_.tobytes()
    assert (there.losses_, there.validation_ndcg_) == (here.losses_, here.validation_ndcg_)
    score = run(SCORE_ELSEWHERE, tmp_path / "model", tmp_path / "scores.npy")
    assert (score.returncode, score.stderr) == (0, "")
    np.testing.assert_array_equal(np.load(tmp_path / "scores.npy"), here.score(np.arange(5)))
