"""The embeddings and their network: the same as in Keras, gradients that add up, scores that are the forward pass."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tailrec_backprop import SGD, Adam, Momentum, sigmoid
from tailrec_backprop.embedding_mlp import EmbeddingMlp, add_up_rows
from tailrec_backprop.training_examples import Examples, batches, positives, with_negatives

import tailrec

STEPS = 20


def small(seed=0, n_users=7, n_items=11, dim=3, hidden=(5, 4)):
    return EmbeddingMlp.random(n_users, n_items, dim=dim, hidden=hidden, rng=np.random.default_rng(seed))


def in_double(mlp):
    for layer in mlp.net.layers:
        layer.W, layer.b = layer.W.astype(np.float64), layer.b.astype(np.float64)
    mlp.user_vectors, mlp.item_vectors = mlp.user_vectors.astype(np.float64), mlp.item_vectors.astype(np.float64)
    return mlp


def random_batch(n=40, n_users=7, n_items=11, seed=1):
    rng = np.random.default_rng(seed)
    return Examples(
        rng.integers(n_users, size=n),
        rng.integers(n_items, size=n),
        rng.integers(2, size=n).astype(np.float32),
        rng.uniform(0.1, 2.0, n).astype(np.float32),
    )


def keras_twin(keras, mlp, optimizer, dense_gradients):
    """Return the same network with the same weights, in Keras."""

    class DenselyTrained(keras.layers.Embedding):
        def call(self, codes):
            # A product's gradient is a full table, in which the gradients of a row that was read twice are added up.
            return keras.ops.take(self.embeddings * 1.0, codes, axis=0)

    embedding = DenselyTrained if dense_gradients else keras.layers.Embedding
    codes = [keras.Input((), dtype="int32") for _ in range(2)]
    tables = [embedding(*table.shape) for table in (mlp.user_vectors, mlp.item_vectors)]
    x = keras.layers.Concatenate()([table(code) for table, code in zip(tables, codes, strict=True)])
    for layer in mlp.net.layers:
        x = keras.layers.Dense(layer.W.shape[1], activation=layer.activation)(x)
    twin = keras.Model(codes, x)
    twin.set_weights(mlp.parameters())
    twin.compile(optimizer=optimizer, loss=keras.losses.BinaryCrossentropy(from_logits=True))
    return twin


# Keras on TensorFlow gives Adam the gradients of a row that a batch reads twice one by one, and squares them before it
# adds them up. So its Adam is the textbook's, ours and its own on other backends only where the gradient is a full
# table; a step that is linear in the gradient knows no difference.
@pytest.mark.parametrize(
    ("make_ours", "make_theirs", "dense_gradients"),
    [
        (lambda: Adam(0.003), lambda keras: keras.optimizers.Adam(0.003), True),
        (lambda: SGD(0.5), lambda keras: keras.optimizers.SGD(0.5), False),
        (lambda: Momentum(0.2, 0.9), lambda keras: keras.optimizers.SGD(0.2, momentum=0.9), False),
    ],
    ids=["adam", "sgd", "momentum"],
)
@pytest.mark.parametrize("weighted", [False, True])
def test_twenty_steps_follow_the_loss_curve_of_keras(keras, make_ours, make_theirs, dense_gradients, weighted):
    rng = np.random.default_rng(0)
    # Some users do much and some items are taken by many; a batch meets them several times.
    users, items = (100 * rng.random(3000) ** 2).astype(int), (200 * rng.random(3000) ** 3).astype(int)
    train = tailrec.Interactions.from_frame(pd.DataFrame({"user": users, "item": items}), duplicates="keep")
    happened = positives(train, rng.uniform(0.1, 3.0, len(train)) if weighted else None)
    examples = with_negatives(happened, train.n_items, 4, rng)
    mlp = EmbeddingMlp.random(train.n_users, train.n_items, dim=16, hidden=[64, 64], rng=rng)
    twin, optimizer = keras_twin(keras, mlp, make_theirs(keras), dense_gradients), make_ours()
    ours, theirs = [], []
    for batch in list(batches(examples, 256, rng))[:STEPS]:
        # Keras returns the mean loss since the last reset.
        twin.reset_metrics()
        inputs, weights = [batch.users, batch.items], batch.weights if weighted else None
        theirs.append(float(twin.train_on_batch(inputs, batch.labels[:, None], sample_weight=weights)))
        ours.append(mlp.step(batch, optimizer))
    assert len(ours) == STEPS and ours[0] - ours[-1] > 0.05
    np.testing.assert_allclose(ours, theirs, atol=1e-5, rtol=0)
    for one, other in zip(mlp.parameters(), twin.get_weights(), strict=True):
        assert np.abs(one - other).mean() < 1e-5


def test_the_gradients_of_every_parameter_are_central_differences():
    mlp, batch = in_double(small()), random_batch()
    for layer in mlp.net.layers:
        # A bias of 0 behind neurons that are all off is a ReLU on its kink.
        layer.b += np.random.default_rng(2).normal(0, 0.1, layer.b.shape)
    _, gradients = mlp.loss(batch)
    for parameter, gradient in zip(mlp.parameters(), [g.copy() for g in gradients], strict=True):
        for place, value in np.ndenumerate(parameter):
            parameter[place] = value + 1e-6
            above = mlp.loss(batch)[0]
            parameter[place] = value - 1e-6
            below = mlp.loss(batch)[0]
            parameter[place] = value
            assert gradient[place] == pytest.approx((above - below) / 2e-6, abs=1e-8)


@settings(deadline=None)
@given(st.integers(1, 30), st.integers(1, 8), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_rows_are_added_up_as_by_add_at(n, n_rows, dim, seed):
    rng = np.random.default_rng(seed)
    values, rows = rng.normal(size=(n, dim)), rng.integers(n_rows, size=n)
    expected = np.zeros((n_rows, dim))
    np.add.at(expected, rows, values)
    np.testing.assert_allclose(add_up_rows(values, rows, n_rows), expected, atol=1e-12)


@pytest.mark.parametrize("hidden", [(5,), (5, 4), (3, 2, 6)])
def test_scores_are_the_forward_pass_of_every_pair(hidden):
    mlp = small(hidden=hidden)
    for layer in mlp.net.layers:
        layer.b += np.random.default_rng(2).normal(size=layer.b.shape).astype(np.float32)
    users = np.array([3, 0, 3])
    pairs = [np.concatenate([mlp.user_vectors[u], q]) for u in users for q in mlp.item_vectors]
    expected = mlp.net.forward(np.array(pairs)).reshape(3, -1)
    np.testing.assert_allclose(mlp.scores(users), expected, atol=1e-6)
    assert mlp.scores(np.array([], dtype=int)).shape == (0, 11)


def test_blocks_of_items_meet_without_a_gap(monkeypatch):
    mlp = small()
    whole = mlp.scores(np.arange(7))
    monkeypatch.setattr("tailrec_backprop.embedding_mlp._PAIRS", 4)
    np.testing.assert_allclose(mlp.scores(np.arange(7)), whole, atol=1e-6)


def test_parameters_are_the_network_s_own():
    mlp = small()
    for parameter in mlp.parameters():
        parameter[...] = 0
    assert (mlp.scores(np.arange(7)) == 0).all()
    assert mlp.loss(random_batch())[0] == pytest.approx(np.log(2) * random_batch().weights.mean(), rel=1e-5)
    assert {parameter.dtype for parameter in mlp.parameters()} == {np.dtype(np.float32)}


def test_it_learns_which_pairs_happened():
    mlp, optimizer = small(dim=8, hidden=(16,)), Adam(0.05)
    every = np.stack(np.meshgrid(np.arange(7), np.arange(11), indexing="ij"), -1).reshape(-1, 2)
    labels = ((every[:, 0] + every[:, 1]) % 2).astype(np.float32)
    batch = Examples(every[:, 0], every[:, 1], labels, np.ones_like(labels))
    for _ in range(200):
        loss = mlp.step(batch, optimizer)
    assert loss < 0.01
    np.testing.assert_allclose(sigmoid(mlp.scores(np.arange(7))).ravel(), labels, atol=0.1)
