"""`numpy-mlp` and the Keras `mlp` are one network: the same weights, batches and optimiser give the same losses."""

import numpy as np
from tailrec_backprop import Adam, Dense, Network
from tailrec_backprop.embedding_mlp import EmbeddingMlp
from tailrec_backprop.training_examples import batches, positives, with_negatives
from tailrec_keras.keras_door import open_keras

import tailrec


def test_the_losses_of_twenty_steps_agree():
    open_keras()
    from tailrec_keras.networks import build_mlp
    from tailrec_keras.optimizer import adam

    train = tailrec.split(tailrec.load("movielens-small"), "last-fraction").train
    rng = np.random.default_rng(0)
    examples = with_negatives(positives(train), train.n_items, 4, rng)
    theirs = build_mlp(train.n_users, train.n_items, dim=16, hidden=(64, 64), seed=0)
    users, items, *dense = theirs.get_weights()
    layers = [Dense(W, b, "relu") for W, b in zip(dense[::2], dense[1::2], strict=True)]
    layers[-1].activation = "linear"
    ours, step = EmbeddingMlp(users.copy(), items.copy(), Network(layers)), Adam(0.003)
    theirs.compile(adam(0.003), "binary_crossentropy")
    losses = []
    for _, batch in zip(range(20), batches(examples, 512, rng), strict=False):
        theirs.reset_metrics()
        given = float(theirs.train_on_batch([batch.users, batch.items], batch.labels[:, None]))
        losses.append((ours.step(batch, step), given))
    assert len(losses) == 20
    np.testing.assert_allclose(*np.transpose(losses), rtol=0, atol=1e-5)
    assert losses[-1][0] < losses[0][0]
