"""`two-tower` by history and by content as a model: whom and what it serves, and that it is kept without TensorFlow."""

import os
import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from tailrec_tfrs.two_tower import TwoTower

import tailrec
from tailrec import InputError, Interactions

QUICK = {"dim": 6, "epochs": 12, "batch_size": 64, "learning_rate": 0.2, "l2": 0.01, "truncate": 0.3}
N_USERS, N_ITEMS = 50, 40


def two_tastes(item_features=None):
    """Users with an even code take even items, the others odd ones, from 0 to 37; the last user takes nothing."""
    rng = np.random.default_rng(0)
    users = np.repeat(np.arange(N_USERS), 8)
    items = 2 * rng.integers(19, size=len(users)) + users % 2
    users, items = np.append(users, [N_USERS] * N_ITEMS), np.append(items, np.arange(N_ITEMS))
    frame = pd.DataFrame({"user": users, "item": items, "time": np.arange(len(users))})
    data = Interactions.from_frame(frame, timestamp="time", item_features=item_features)
    return data.select(data.frame["user"].to_numpy() < N_USERS)


@pytest.fixture(scope="module")
def train():
    return two_tastes(pd.DataFrame({"colour": ["red", "blue"] * (N_ITEMS // 2)}))


@pytest.fixture(scope="module")
def by_history(train):
    return TwoTower(**QUICK, user="history").fit(train)


@pytest.fixture(scope="module")
def by_both(train):
    return TwoTower(**QUICK, user="both", item="both").fit(train)


def taste_gap(scores):
    """Return by how much even items beat odd ones, on the mean."""
    return scores[:, :38:2].mean() - scores[:, 1:38:2].mean()


def test_a_stranger_is_served_by_their_taste_after_one_click(by_history):
    scores = by_history.score_histories([[item] for item in range(38)])
    assert taste_gap(scores[::2]) > 0.1 and taste_gap(scores[1::2]) < -0.1


def test_strangers_with_the_histories_of_users_are_served_as_they_are(train, by_history):
    users = np.arange(N_USERS + 1)
    folded = by_history.score_histories([train.histories()[user] for user in users])
    np.testing.assert_allclose(folded, by_history.score(users), atol=1e-5)


def test_with_both_a_stranger_gets_nearly_the_list_of_the_user_with_that_history(train, by_both):
    users = np.arange(N_USERS)
    folded, known = by_both.score_histories([train.histories()[user] for user in users]), by_both.score(users)
    lists = (tailrec.top_k(scores, 10, train.matrix()[users]) for scores in (folded, known))
    shared = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(*lists, strict=True)])
    assert 0.8 < shared < 1
    assert np.abs(folded - known).max() > 1e-3


@pytest.mark.parametrize("name", ["by_history", "by_both"])
def test_an_empty_history_has_the_shared_vector_and_a_repeated_click_counts_once(name, request):
    model = request.getfixturevalue(name)
    empty, once, twice = model.score_histories([[], [4, 7], [4, 7, 4]])
    np.testing.assert_allclose(empty, model.item_vectors_ @ model.shared_vector_, atol=1e-5)
    np.testing.assert_allclose(model.score([N_USERS])[0], empty, atol=1e-5)
    np.testing.assert_array_equal(once, twice)


def test_what_it_declares_follows_from_its_towers():
    declared = {kind: TwoTower(user=kind).folds_in for kind in ("id", "history", "both")}
    assert declared == {"id": None, "history": "exact", "both": "approximate"}
    assert TwoTower().requires == frozenset()
    assert TwoTower(item="content").requires == TwoTower(item="both").requires == {"item-features"}
    assert TwoTower.folds_in is None


def test_by_id_strangers_are_refused_and_before_the_fit_everybody(by_history):
    with pytest.raises(InputError, match="cannot score people that it was not fitted on"):
        TwoTower().score_histories([[0]])
    with pytest.raises(InputError, match="call `fit` first"):
        TwoTower(user="history").score_histories([[0]])
    with pytest.raises(InputError, match=f"item codes from 0 to {N_ITEMS - 1}, .* received {N_ITEMS}"):
        by_history.score_histories([[N_ITEMS]])


def test_by_content_items_that_nobody_has_are_served_to_those_of_their_taste(train):
    model = TwoTower(**QUICK, item="content").fit(train)
    unseen = model.score(np.arange(N_USERS))[:, 38:]
    gap = unseen[:, 0] - unseen[:, 1]
    assert gap[::2].mean() > 0.5 and gap[1::2].mean() < -0.5


def test_content_that_is_not_there_is_asked_for():
    with pytest.raises(InputError, match="expected data with item features .* received none; use `item=id`"):
        TwoTower(item="content").fit(two_tastes())
    with pytest.raises(InputError, match="expected `price` among the columns of the item features, which are colour"):
        TwoTower(item="both", columns=["price"]).fit(two_tastes(pd.DataFrame({"colour": ["red"] * N_ITEMS})))


def test_an_objective_that_is_none_is_refused_when_the_model_is_made():
    with pytest.raises(InputError, match="cvar"):
        TwoTower(objective="cvr")
    model = tailrec.model('two-tower:user=history,objective="cvar:share=0.3,control=true"')
    assert model.objective == "cvar:share=0.3,control=true"


def test_objectives_and_weights_reach_the_training(train, by_both):
    options = QUICK | {"user": "both", "item": "both"}
    again = TwoTower(**options).fit(train, weights=np.ones(len(train)))
    assert again.user_vectors_.tobytes() == by_both.user_vectors_.tobytes()
    first = TwoTower(**options | {"epochs": 1}).fit(train)
    for changed in ({"objective": "cvar"}, {"truncate": 0.9}, {"shrinkage": 0.0}, {"seed": 1}):
        other = TwoTower(**options | {"epochs": 1} | changed).fit(train)
        assert np.abs(other.user_vectors_ - first.user_vectors_).max() > 1e-4, changed


ELSEWHERE = """
import pickle, sys
sys.modules["tensorflow"] = None  # importing it would raise
import numpy as np
with open(sys.argv[1], "rb") as file:
    models = pickle.load(file)
np.save(sys.argv[2], np.concatenate([model.score_histories([[0, 3], []]) for model in models]))
"""


def test_strangers_are_served_in_another_process_without_tensorflow(tmp_path, by_history, by_both):
    (tmp_path / "models").write_bytes(pickle.dumps((by_history, by_both)))
    command = [sys.executable, "-c", ELSEWHERE, str(tmp_path / "models"), str(tmp_path / "scores.npy")]
    done = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ), check=False)
    assert (done.returncode, done.stderr) == (0, "")
    expected = np.concatenate([model.score_histories([[0, 3], []]) for model in (by_history, by_both)])
    np.testing.assert_allclose(np.load(tmp_path / "scores.npy"), expected, atol=1e-6)
