"""`sasrec` as a model: what it learns, whom it serves, what weights do, when it stops."""

import pickle

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from tailrec_keras.attention_forward import scores_after
from tailrec_keras.networks import weights_of
from tailrec_keras.sasrec import SasRec
from tailrec_keras.sequences import inputs_of

import tailrec
from tailrec import InputError, Interactions

QUICK = {"dim": 8, "max_len": 8, "blocks": 1, "epochs": 2, "batch_size": 64, "learning_rate": 0.01, "dropout": 0.2}


def same(first, second):
    return all(np.array_equal(a, b) for name in first for a, b in zip(first[name], second[name], strict=True))


@pytest.fixture(scope="module")
def fitted(train):
    return SasRec(**QUICK).fit(train)


@pytest.fixture(scope="module")
def counting():
    """People count upwards from anywhere, in steps of one or of two, through twelve items in a circle."""
    rows = [(2 * start + step - 1, (start + step * t) % 12) for start in range(12) for step in (1, 2) for t in range(5)]
    return Interactions.from_frame(pd.DataFrame(rows, columns=["user", "item"]))


def test_the_name_leads_to_it():
    assert isinstance(tailrec.model("sasrec:dim=32,heads=2,dropout=0"), SasRec)


def test_it_learns_what_comes_next_from_the_order(counting):
    model = SasRec(**QUICK | {"epochs": 80, "dropout": 0.0, "dim": 16}).fit(counting)
    assert model.score_histories([[4, 5, 6], [2, 4, 6], [11, 0]]).argmax(axis=1).tolist() == [7, 8, 1]
    assert model.losses_[-1] < model.losses_[0] - 1


def test_the_first_loss_is_that_of_a_softmax_over_all_items_with_the_weights_of_the_events(train):
    weights = np.random.default_rng(0).random(len(train))
    still = QUICK | {"learning_rate": 1e-12, "epochs": 1, "dropout": 0.0}
    model = SasRec(**still).fit(train, weights=weights)
    summed = 0.0
    for user, history in enumerate(train.histories()):
        rows = np.flatnonzero(train.frame["user"].to_numpy() == user)
        kept = [position for position, item in enumerate(history) if item not in history[:position]][-8:]
        for position in kept:
            (scores,) = scores_after(model.weights_, inputs_of([history[:position]], 8)).astype(np.float64)
            nats = np.log(np.exp(scores - scores.max()).sum()) + scores.max() - scores[history[position]]
            summed += weights[rows[position]] * nats
    total = sum(
        weights[train.frame["user"].to_numpy() == user][position]
        for user, history in enumerate(train.histories())
        for position in [p for p, item in enumerate(history) if item not in history[:p]][-8:]
    )
    assert model.losses_ == [pytest.approx(summed / total, rel=1e-4)]


def test_before_it_learns_it_ranks_by_popularity(train):
    model = SasRec(**QUICK | {"learning_rate": 1e-12, "epochs": 1}).fit(train)
    expected = np.log((train.item_counts() + 0.5) / (train.item_counts() + 0.5).sum())
    np.testing.assert_allclose(model.weights_["items"][1], expected, rtol=1e-6)
    correlation = np.corrcoef(model.score(np.arange(60)).mean(axis=0), expected)[0, 1]
    assert correlation > 0.95


def test_scores_are_what_keras_predicts(train, fitted):
    network = fitted.network()
    for user in range(3):
        row = inputs_of([train.histories()[user]], 8)[0]
        expected = network.predict(row[None], verbose=0)[0, -1]
        np.testing.assert_allclose(fitted.score([user])[0], expected, atol=1e-5)
    assert same(weights_of(network), fitted.weights_)


def test_a_history_is_served_as_the_user_who_has_it(train, fitted):
    np.testing.assert_array_equal(fitted.score_histories(train.histories()), fitted.score(np.arange(60)))
    assert fitted.folds_in == "exact"


def test_only_the_last_of_a_long_history_count(fitted):
    long = np.arange(20)
    np.testing.assert_array_equal(fitted.score_histories([long]), fitted.score_histories([long[-8:]]))
    assert not np.allclose(fitted.score_histories([long]), fitted.score_histories([long[-7:]]))


def test_a_new_click_an_empty_history_and_nobody(fitted):
    nothing, one = fitted.score_histories([np.array([], dtype=int), np.array([4])])
    assert np.isfinite(nothing).all() and not np.allclose(nothing, one)
    assert fitted.score_histories([]).shape == fitted.score([]).shape == (0, 40)


def test_an_item_of_events_that_weigh_nothing_is_not_learnt(counting):
    """Who starts at zero has seen it only as a target, and every weight of that is zero."""
    events = counting.frame
    silent = (events["item"] == 0).to_numpy()
    options = QUICK | {"epochs": 30, "dropout": 0.0}
    heard, unheard = (
        SasRec(**options).fit(counting, weights=weights) for weights in (None, np.where(silent, 0.0, 1.0))
    )
    history = [[9, 10, 11]]
    assert heard.score_histories(history).argmax() == 0
    chances = [
        np.exp(scores - scores.max()) for (scores,) in (one.score_histories(history) for one in (heard, unheard))
    ]
    heard_chance, unheard_chance = (chance[0] / chance.sum() for chance in chances)
    assert unheard_chance < 0.2 < heard_chance


def test_the_epoch_that_validation_likes_best_is_kept(train, validation):
    options = QUICK | {"epochs": 25, "patience": 3}
    model = SasRec(**options).fit(train, validation=validation)
    assert model.n_epochs_ == int(np.argmax(model.validation_ndcg_)) + 1
    assert len(model.validation_ndcg_) == len(model.losses_) == model.n_epochs_ + 3 < 25
    alone = SasRec(**options | {"epochs": model.n_epochs_}).fit(train)
    assert same(alone.weights_, model.weights_)


def test_fitting_again_starts_anew_and_weights_of_one_change_nothing(train, fitted):
    again = pickle.loads(pickle.dumps(fitted)).fit(train, weights=np.ones(len(train)))
    assert same(again.weights_, fitted.weights_)
    assert len(again.losses_) == 2


def test_the_seed_matters(train, fitted):
    assert not same(SasRec(**QUICK, seed=1).fit(train).weights_, fitted.weights_)


@pytest.mark.parametrize(("users", "items"), [([0], [0]), ([0, 0, 0], [0, 1, 2]), ([0, 1, 2], [0, 0, 0])])
def test_one_user_one_item_and_lists_longer_than_the_catalogue(users, items):
    train = Interactions.from_frame(pd.DataFrame({"user": users, "item": items}))
    model = SasRec(**QUICK).fit(train)
    nothing = csr_matrix((train.n_users, train.n_items), dtype=np.float32)
    assert np.isfinite(model.score(np.arange(train.n_users))).all()
    for row in model.recommend(np.arange(train.n_users), 10, nothing):
        assert sorted(row[: train.n_items]) == list(range(train.n_items))


def test_it_is_kept_in_a_folder_and_read_back(tmp_path, fitted):
    fitted.save(tmp_path / "model")
    again = SasRec.load(tmp_path / "model")
    assert again.parameters() == fitted.parameters()
    np.testing.assert_array_equal(again.score(np.arange(5)), fitted.score(np.arange(5)))


def test_what_is_not_known_is_refused(fitted):
    with pytest.raises(InputError, match="user codes from 0 to 59, those it was fitted on, received 60"):
        fitted.score([60])
    with pytest.raises(InputError, match="item codes from 0 to 39, those it was fitted on, received -1"):
        fitted.score_histories([[3, -1]])
    for call in (lambda: SasRec().score([0]), lambda: SasRec().score_histories([[0]]), lambda: SasRec().network()):
        with pytest.raises(InputError, match="call `fit` first"):
            call()


def test_heads_must_share_the_vector():
    with pytest.raises(InputError, match="expected `dim` to be a multiple of `heads`, received 9 and 2"):
        SasRec(dim=9, heads=2)


@pytest.mark.parametrize(
    "wrong", [{"dropout": 1.0}, {"dropout": -0.1}, {"max_len": 1}, {"blocks": 0}, {"heads": 0}, {"batch_size": 0}]
)
def test_parameters_out_of_range_are_refused_by_name(wrong):
    with pytest.raises(InputError, match=f"expected `{next(iter(wrong))}"):
        SasRec(**wrong)


def test_training_that_diverges_says_what_to_lower(train):
    with pytest.raises(InputError, match=r"sasrec: training diverged in epoch \d+.*lower `learning_rate` \(1e\+30\)"):
        tailrec.model("sasrec", **QUICK | {"learning_rate": 1e30, "epochs": 5}).fit(train)
