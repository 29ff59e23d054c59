"""The towers of histories and of content, and the loss on them, against loops in NumPy."""

import math
from itertools import islice

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge
from tailrec_tfrs import objectives
from tailrec_tfrs.histories import Histories
from tailrec_tfrs.item_features import read_features
from tailrec_tfrs.item_tower import ItemTower
from tailrec_tfrs.retrieval_training import Batch, batch_loss, in_batch_loss, pair_losses, train_epochs
from tailrec_tfrs.training_pairs import Pairs
from tailrec_tfrs.user_tower import UserTower

SHRINKAGE, POWER, DIM = 2.0, 0.75, 3
LISTS = [[0, 1, 2, 3], [2, 4], [5], []]
USERS = np.array([0, 0, 1, 2], dtype=np.int32)
ANSWERS = np.array([1, 3, 2, 5], dtype=np.int32)
STARTS, LENGTHS = np.array([0, 0, 4, 6], "i4"), np.array([4, 2, 2, 1], "i4")
SHOWN = [[0, 2, 3], [0, 1], [4], []]  # the stretch of each pair without its answer
FOUR = pd.DataFrame({"genres": ["War|Drama", "War", "Drama", ""], "year": [1980, 1990, 2000, 2010]})


def user_tower(kind, seed=0):
    tower = UserTower(kind, 4, 6, DIM, Histories.of(LISTS, 6), shrinkage=SHRINKAGE, power=POWER, longest=5)
    rng = np.random.default_rng(seed)
    for variable in tower.variables:
        variable.assign(rng.normal(size=variable.shape).astype(np.float32))
    return tower


def pooled(table, items):
    return sum((table[i] for i in items), np.zeros(DIM)) / (len(items) + SHRINKAGE) ** POWER


@pytest.mark.parametrize("kind", ["history", "both"])
def test_the_answer_is_left_out_of_the_history_that_is_shown(kind):
    tower = user_tower(kind)
    *own, history = tower.parts(USERS, ANSWERS, STARTS, LENGTHS)
    for items, found in zip(SHOWN, history.numpy(), strict=True):
        np.testing.assert_allclose(found, pooled(tower.history.numpy(), items), atol=1e-6)
    assert len(own) == (kind == "both")
    if own:
        np.testing.assert_array_equal(own[0].numpy(), tower.own.numpy()[USERS])


@pytest.mark.parametrize("kind", ["id", "history", "both"])
def test_afterwards_a_user_is_the_sum_of_the_parts_by_the_whole_history(kind):
    tower = user_tower(kind)
    for user, vector in enumerate(tower.vectors()):
        expected = tower.shared.numpy() + (tower.own.numpy()[user] if kind != "history" else 0)
        expected = expected + (pooled(tower.history.numpy(), LISTS[user]) if kind != "id" else 0)
        np.testing.assert_allclose(vector, expected, atol=1e-6)


def test_a_strangers_own_vector_is_the_ridge_regression_on_the_histories():
    tower = user_tower("both")
    history, own = tower.history.numpy(), tower.own.numpy()
    x = np.array([pooled(history, items) for items in LISTS])
    expected = history + history @ Ridge(alpha=1.0, fit_intercept=False).fit(x, own).coef_.T
    np.testing.assert_allclose(tower.history_vectors(), expected, atol=1e-5)
    np.testing.assert_array_equal(user_tower("history").history_vectors(), user_tower("history").history.numpy())
    assert user_tower("id").history_vectors() is None


@pytest.mark.parametrize("kind", ["id", "content", "both"])
def test_an_item_is_the_sum_of_its_own_vector_and_of_its_features(kind):
    tower = ItemTower(kind, 4, DIM, read_features(FOUR, None), np.random.default_rng(1))
    expected = np.zeros((4, DIM)) if kind == "content" else tower.own.numpy().astype(float)
    if kind != "id":
        drama, war = tower.labels.numpy()  # in alphabetical order
        expected = expected + [(war + drama) / 2, war, drama, np.zeros(DIM)]
        # The years 1980 to 2010 lie at -3, -1, 1 and 3 times 5, with the standard deviation √125.
        expected = expected + np.array([-15, -5, 5, 15])[:, None] / math.sqrt(125) * tower.numbers.numpy()
    np.testing.assert_allclose(tower.vectors(), expected, atol=1e-6)
    parts = tower.parts(np.array([3, 0]))
    assert len(parts) == (2 if kind == "both" else 1)
    np.testing.assert_allclose(sum(part.numpy() for part in parts), expected[[3, 0]], atol=1e-6)


def loss_by_hand(users, items, codes, weights, q):
    """Sum the weighted in-batch softmax with logQ pair by pair, accidental hits left out of the sum."""
    total = 0.0
    for b in range(len(codes)):
        rivals = [c for c in range(len(codes)) if c == b or codes[c] != codes[b]]
        logits = {c: users[b] @ items[c] - math.log(q[codes[c]]) for c in rivals}
        total += weights[b] * (math.log(sum(math.exp(z) for z in logits.values())) - logits[b])
    return total


def test_the_loss_on_histories_and_content_is_the_one_worked_out_by_hand():
    users = user_tower("both")
    table = pd.DataFrame({"kind": list("aabbcc")})
    items = ItemTower("both", 6, DIM, read_features(table, None), np.random.default_rng(2))
    q = np.array([0.1, 0.3, 0.1, 0.2, 0.1, 0.2], dtype=np.float32)
    weights = np.array([0.5, 2.0, 1.0, 0.5], dtype=np.float32)
    batch = Batch(USERS, ANSWERS, weights, STARTS, LENGTHS)
    found = batch_loss(batch, users, items, probabilities=q, l2=0.3, objective=objectives.Mean(), state=[])
    own, history = users.own.numpy()[USERS], np.array([pooled(users.history.numpy(), shown) for shown in SHOWN])
    item_own, content = items.own.numpy()[ANSWERS], items.labels.numpy()[ANSWERS // 2]
    loss = loss_by_hand(users.shared.numpy() + own + history, item_own + content, ANSWERS, weights, q)
    squares = sum((part**2).sum(axis=1) for part in (own, history, item_own, content))
    assert float(found) == pytest.approx(loss + 0.3 * weights @ squares, rel=1e-5)


def test_a_step_moves_the_history_vectors_down_the_slope_of_that_loss():
    keys = np.random.default_rng(3).choice(5 * 6, size=14, replace=False)
    pairs = Pairs((keys // 6).astype("i4"), (keys % 6).astype("i4"), np.ones(14, "f4"))
    options = {"dim": DIM, "learning_rate": 0.1, "l2": 0.2, "logq": True, "seed": 7}
    epochs = train_epochs(pairs, 5, 6, batch_size=14, user="history", shrinkage=SHRINKAGE, power=POWER, **options)
    first = next(epochs)
    items = np.random.default_rng(7).normal(0, 0.05, (6, DIM))
    q = np.bincount(pairs.items, minlength=6) / 14

    def loss(table):
        parts = [
            pooled(table, pairs.items[(pairs.users == user) & (pairs.items != item)])
            for user, item in zip(pairs.users, pairs.items, strict=True)
        ]
        softmax = loss_by_hand(0.05 + np.array(parts), items[pairs.items], pairs.items, np.ones(14), q)
        return softmax + 0.2 * sum(part @ part for part in parts)

    slope = np.zeros((6, DIM))
    for place in np.ndindex(slope.shape):
        step = np.zeros_like(slope)
        step[place] = 1e-4
        slope[place] = (loss(step) - loss(-step)) / 2e-4
    # Adagrad begins with an accumulator of 0.1, and the vectors with zero.
    np.testing.assert_allclose(first.history_vectors, -0.1 * slope / np.sqrt(0.1 + slope**2), atol=1e-5)


def test_the_losses_of_the_pairs_add_up_to_the_loss_of_the_batch():
    rng = np.random.default_rng(0)
    users, items = rng.normal(size=(2, 20, 4)).astype(np.float32)
    codes, weights = rng.integers(8, size=20), rng.uniform(0, 2, 20).astype(np.float32)
    for q in (None, rng.uniform(0.01, 0.3, 20).astype(np.float32)):
        losses = pair_losses(users, items, codes, q).numpy()
        assert losses.shape == (20,)
        assert weights @ losses == pytest.approx(float(in_batch_loss(users, items, codes, weights, q)), rel=1e-5)


def test_an_objective_gets_the_losses_the_groups_and_chance_of_its_own():
    # The worst share of one is the plain sum; a smaller share and its control are two other things.
    rng = np.random.default_rng(1)
    keys = rng.choice(20 * 15, size=80, replace=False)
    pairs = Pairs((keys // 15).astype("i4"), (keys % 15).astype("i4"), rng.uniform(0, 2, 80).astype("f4"))
    options = {"dim": 4, "batch_size": 40, "learning_rate": 0.1, "l2": 0.1, "logq": True, "seed": 0, "user": "both"}

    def vectors(text):
        objective = objectives.build(text)
        *_, last = islice(train_epochs(pairs, 20, 15, objective=objective, **options), 2)
        return last.user_vectors

    plain = vectors("mean")
    np.testing.assert_allclose(vectors("cvar:share=1"), plain, atol=1e-4)
    others = [vectors(text) for text in ("cvar:share=0.5", "cvar:share=0.5,control=true", "group-dro:step=1,groups=3")]
    assert all(np.abs(a - b).max() > 1e-3 for i, a in enumerate(others) for b in [plain, *others[:i]])


def test_histories_of_many_items_are_trained_by_the_rows_that_a_step_needs(monkeypatch):
    rng = np.random.default_rng(1)
    keys = rng.choice(20 * 15, size=80, replace=False)
    pairs = Pairs((keys // 15).astype("i4"), (keys % 15).astype("i4"), np.ones(80, "f4"))
    options = {"dim": 4, "batch_size": 40, "learning_rate": 0.1, "l2": 0.1, "logq": True, "seed": 0}
    dense = next(train_epochs(pairs, 20, 15, user="history", **options))
    monkeypatch.setattr("tailrec_tfrs.user_tower._MANY_ITEMS", 10)
    sparse = next(train_epochs(pairs, 20, 15, user="history", **options))
    np.testing.assert_allclose(sparse.history_vectors, dense.history_vectors, atol=1e-5)
