"""`mlp` and `neumf` as models: what they learn, when they stop, what weights do, how they are kept."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.metrics import ndcg_score, roc_auc_score
from tailrec_keras.mlp import Mlp
from tailrec_keras.networks import weights_of
from tailrec_keras.neumf import NeuMf

import tailrec
from tailrec import Holdout, InputError, Interactions

QUICK = {"dim": 4, "hidden": [8], "epochs": 2, "batch_size": 64, "learning_rate": 0.02}
BOTH = pytest.mark.parametrize("model", [Mlp, NeuMf])


def same(first, second):
    return all(np.array_equal(a, b) for name in first for a, b in zip(first[name], second[name], strict=True))


@pytest.fixture(scope="module")
def fitted(train):
    return Mlp(**QUICK).fit(train)


def test_the_names_lead_to_them():
    assert isinstance(tailrec.model("mlp:dim=5,hidden=[32,16]"), Mlp)
    assert isinstance(tailrec.model("neumf:negatives=2"), NeuMf)
    assert tailrec.model("mlp").hidden == [64, 64]


@BOTH
def test_planted_tastes_are_found(model, train):
    one = model(**QUICK | {"epochs": 40}).fit(train)
    scores = one.score(np.arange(train.n_users))
    own_taste = (np.arange(train.n_users)[:, None] % 2) == (np.arange(train.n_items) % 2)
    assert scores[own_taste].mean() > scores[~own_taste].mean() + 1
    assert one.losses_[-1] < one.losses_[0] - 0.1


def test_of_an_item_that_nobody_took_the_labels_are_known():
    users = np.repeat(np.arange(40), 6)
    rng = np.random.default_rng(0)
    items = np.concatenate([rng.choice(np.arange(user % 2, 30, 2), 6, replace=False) for user in range(40)])
    genres = pd.DataFrame({"genres": ["even" if code % 2 == 0 else "odd" for code in range(34)]})
    everything = pd.DataFrame({"user": [*users, 0, 0, 0, 0], "item": [*items, 30, 31, 32, 33]})
    data = Interactions.from_frame(everything, item_features=genres, duplicates="keep")
    train = data.select(data.frame["item"].to_numpy() < 30)
    agree = (np.arange(40)[:, None] % 2) == (np.arange(4) % 2)
    areas = {}
    for columns in (["genres"], []):
        model = Mlp(**QUICK | {"epochs": 30}, item_columns=columns).fit(train)
        scores = model.score(np.arange(40))[:, 30:]
        areas[len(columns)] = roc_auc_score(agree.ravel(), (scores - scores.mean(axis=1, keepdims=True)).ravel())
    assert areas[1] > 0.7
    assert 0.35 < areas[0] < 0.65


@BOTH
def test_scores_are_the_log_odds_of_what_keras_predicts(model, train):
    one = model(**QUICK).fit(train)
    users, items = (codes.ravel().astype("int32") for codes in np.indices((5, train.n_items)))
    predicted = one.network().predict([users, items], verbose=0).reshape(5, -1)
    odds = 1 / (1 + np.exp(-one.score(np.arange(5)).astype(np.float64)))
    np.testing.assert_allclose(odds, predicted, atol=1e-5)
    assert same(weights_of(one.network()), one.weights_)


def test_user_features_are_read_where_there_are_some():
    events = pd.DataFrame({"user": np.arange(40) % 20, "item": np.arange(40) % 7})
    ages = pd.DataFrame({"age": ["young", "old"] * 10})
    data = Interactions.from_frame(events, user_features=ages, duplicates="keep")
    model = Mlp(**QUICK).fit(data)
    assert model.weights_["user_content"][0].shape == (20, 2)
    assert "user_content" not in Mlp(**QUICK, user_columns=[]).fit(data).weights_
    assert np.isfinite(model.score(np.arange(20))).all()


def test_data_without_features_is_fine_and_a_missing_column_is_named(train):
    plain = Interactions.from_frame(train.frame[["user", "item"]], duplicates="keep")
    assert "item_content" not in Mlp(**QUICK).fit(plain).weights_
    with pytest.raises(InputError, match="expected `mood` among the columns of the item features, which are genres"):
        Mlp(**QUICK, item_columns=["mood"]).fit(train)


def test_weights_of_one_change_nothing(train, fitted):
    assert same(Mlp(**QUICK).fit(train, weights=np.ones(len(train))).weights_, fitted.weights_)


def test_users_whose_rows_weigh_nothing_keep_the_vector_that_they_start_from(train):
    silent = train.frame["user"].to_numpy() < 10
    model = Mlp(**QUICK).fit(train, weights=np.where(silent, 0.0, len(train) / (~silent).sum()))
    start = weights_of(Mlp(**QUICK)._network(train.n_users, train.n_items, (None, None)))["user_vectors"][0]
    moved = np.abs(model.weights_["user_vectors"][0] - start).max(axis=1)
    assert (moved[:10] == 0).all()
    assert (moved[10:] > 1e-3).all()


def test_a_pair_that_happened_five_times_counts_once():
    once = pd.DataFrame({"user": [0, 0, 1, 2], "item": [0, 1, 1, 2]})
    often = pd.DataFrame({"user": [0, 0, 0, 0, 0, 0, 1, 2], "item": [0, 0, 0, 0, 0, 1, 1, 2]})
    first, second = (Mlp(**QUICK).fit(Interactions.from_frame(one, duplicates="keep")) for one in (once, often))
    assert same(first.weights_, second.weights_)


@BOTH
def test_the_epoch_that_validation_likes_best_is_kept(model, train, validation):
    options = QUICK | {"epochs": 25, "patience": 3}
    one = model(**options).fit(train, validation=validation)
    assert one.n_epochs_ == int(np.argmax(one.validation_ndcg_)) + 1
    assert len(one.validation_ndcg_) == len(one.losses_) == one.n_epochs_ + 3 < 25
    alone = model(**options | {"epochs": one.n_epochs_}).fit(train)
    assert same(alone.weights_, one.weights_)


def test_it_watches_the_ndcg_of_scikit_learn(train, validation):
    model = Mlp(**QUICK).fit(train, validation=validation)
    scores = model.score(np.arange(train.n_users)).astype(np.float64)
    scores[validation.masked.toarray() > 0] = -1e9
    expected = ndcg_score(validation.targets.toarray(), scores, k=10)
    assert max(model.validation_ndcg_) == pytest.approx(expected, abs=1e-9)


def test_of_many_users_three_hundred_are_watched_always_the_same():
    train = Interactions.from_frame(pd.DataFrame({"user": np.arange(400), "item": np.arange(400) % 7}))
    masked = train.matrix()
    targets = csr_matrix((np.ones(350, "f4"), (np.arange(350), (np.arange(350) + 1) % 7)), shape=masked.shape)
    holdout = Holdout(targets, masked, train)
    watched = Mlp()._watched(holdout)
    assert len(watched) == len(set(watched)) == 300
    assert watched.max() < 350
    np.testing.assert_array_equal(watched, Mlp()._watched(holdout))
    assert not np.array_equal(watched, Mlp(seed=1)._watched(holdout))


def test_with_nothing_to_validate_on_every_epoch_is_trained(train, fitted):
    empty = Holdout(csr_matrix((train.n_users, train.n_items), dtype=np.float32), train.matrix(), train)
    model = Mlp(**QUICK).fit(train, validation=empty)
    assert model.n_epochs_ == fitted.n_epochs_ == 2
    assert model.validation_ndcg_ == fitted.validation_ndcg_ == []
    assert same(model.weights_, fitted.weights_)


def test_fitting_again_starts_anew(train, fitted):
    model = Mlp(**QUICK).fit(train.select(np.arange(100))).fit(train)
    assert same(model.weights_, fitted.weights_)
    assert len(model.losses_) == 2


def test_the_seed_matters(train, fitted):
    assert not same(Mlp(**QUICK, seed=1).fit(train).weights_, fitted.weights_)


@BOTH
@pytest.mark.parametrize(("users", "items"), [([0], [0]), ([0, 0, 0], [0, 1, 2]), ([0, 1, 2], [0, 0, 0])])
def test_one_user_one_item_and_lists_longer_than_the_catalogue(model, users, items):
    train = Interactions.from_frame(pd.DataFrame({"user": users, "item": items}))
    one = model(**QUICK).fit(train)
    nothing = csr_matrix((train.n_users, train.n_items), dtype=np.float32)
    assert np.isfinite(one.score(np.arange(train.n_users))).all()
    for row in one.recommend(np.arange(train.n_users), 10, nothing):
        assert sorted(row[: train.n_items]) == list(range(train.n_items))
        assert (row[train.n_items :] == -1).all()


def test_it_is_kept_in_a_folder_and_read_back(tmp_path, train, fitted):
    fitted.save(tmp_path / "model")
    again = Mlp.load(tmp_path / "model")
    assert again.parameters() == fitted.parameters()
    np.testing.assert_array_equal(again.score(np.arange(5)), fitted.score(np.arange(5)))


@pytest.mark.parametrize("users", [[60], [-1]])
def test_a_code_that_is_no_users_is_refused(fitted, users):
    with pytest.raises(InputError, match=f"user codes from 0 to 59, those it was fitted on, received {users[0]}"):
        fitted.score(np.array(users))


@BOTH
def test_a_model_that_is_not_fitted_says_so(model):
    with pytest.raises(InputError, match="call `fit` first"):
        model().score(np.array([0]))
    with pytest.raises(InputError, match="call `fit` first"):
        model().network()


def test_training_that_diverges_says_what_to_lower(train):
    with pytest.raises(InputError, match=r"mlp: training diverged in epoch \d+.*lower `learning_rate` \(1e\+30\)"):
        tailrec.model("mlp", **QUICK | {"learning_rate": 1e30, "epochs": 5}).fit(train)


@BOTH
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
def test_parameters_out_of_range_are_refused_by_name(model, wrong):
    with pytest.raises(InputError, match=f"expected `{next(iter(wrong))}"):
        model(**wrong)
