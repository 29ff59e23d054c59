"""Adam on embeddings, against the formulas written out in NumPy."""

import numpy as np
import pytest
from tailrec_keras.keras_door import open_keras
from tailrec_keras.optimizer import adam

BATCHES = [[0], [1], [0, 0], [2, 0, 0], [2]]


def trained(optimizer):
    """Train a table of three numbers towards zero, some looked up twice in a batch."""
    keras = open_keras()
    codes = keras.Input((), dtype="int32")
    table = keras.layers.Embedding(3, 1)
    network = keras.Model(codes, table(codes))
    table.set_weights([np.array([[1.0], [2.0], [3.0]], dtype="f4")])
    network.compile(optimizer, "mse", jit_compile=False)
    for batch in BATCHES:
        network.train_on_batch(np.array(batch, dtype="int32"), np.zeros((len(batch), 1), dtype="f4"))
    return table.get_weights()[0].ravel()


def trained_by_hand(learning_rate):
    w, m, v = np.array([1.0, 2.0, 3.0]), np.zeros(3), np.zeros(3)
    for t, batch in enumerate(BATCHES, start=1):
        gradient = np.zeros(3)
        for code in batch:
            gradient[code] += 2 * w[code] / len(batch)
        m = 0.9 * m + 0.1 * gradient
        v = 0.999 * v + 0.001 * gradient**2
        w = w - learning_rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7)
    return w


def test_it_is_adam_where_a_batch_looks_a_row_up_twice():
    np.testing.assert_allclose(trained(adam(0.1)), trained_by_hand(0.1), rtol=1e-5)


def test_keras_alone_is_not_on_tensorflow():
    """When this fails, Keras has mended it, and `tailrec_keras.optimizer` can go."""
    keras = open_keras()
    if keras.backend.backend() == "tensorflow":
        with pytest.raises(AssertionError):
            np.testing.assert_allclose(trained(keras.optimizers.Adam(0.1)), trained_by_hand(0.1), rtol=1e-3)
