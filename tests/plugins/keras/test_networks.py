"""The networks: their shapes, their starting weights, and their forward pass in NumPy against Keras."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tailrec_keras.forward import logits_of_every_item
from tailrec_keras.keras_door import open_keras
from tailrec_keras.networks import START, build_mlp, build_neumf, set_weights, weights_of


def shaken(network, seed):
    """Give every layer, biases among them, other weights than those it starts from."""
    rng = np.random.default_rng(seed)
    weights = {
        name: [array + rng.normal(0, 0.3, array.shape).astype("f4") for array in arrays]
        for name, arrays in weights_of(network).items()
    }
    set_weights(network, weights)
    return weights


def every_pair(n_users, n_items):
    return [codes.ravel().astype("int32") for codes in np.indices((n_users, n_items))]


def assert_numpy_gives_what_keras_predicts(network, n_users, n_items, seed):
    weights = shaken(network, seed)
    predicted = network.predict(every_pair(n_users, n_items), verbose=0).reshape(n_users, n_items)
    users = np.random.default_rng(seed).permutation(n_users)
    ours = 1 / (1 + np.exp(-logits_of_every_item(weights, users).astype(np.float64)))
    np.testing.assert_allclose(ours, predicted[users], atol=1e-5)


@pytest.mark.parametrize("hidden", [(64, 64), (8,), (16, 8, 4)])
@pytest.mark.parametrize("of_users", [False, True])
@pytest.mark.parametrize("of_items", [False, True])
def test_numpy_gives_what_keras_predicts_for_the_mlp(hidden, of_users, of_items):
    rng = np.random.default_rng(0)
    user_content = rng.integers(2, size=(5, 3)).astype("f4") if of_users else None
    item_content = rng.integers(2, size=(7, 4)).astype("f4") if of_items else None
    network = build_mlp(5, 7, dim=3, hidden=hidden, user_content=user_content, item_content=item_content)
    assert_numpy_gives_what_keras_predicts(network, 5, 7, seed=1)


@pytest.mark.parametrize("hidden", [(64, 32, 16), (8,), (1,)])
def test_numpy_gives_what_keras_predicts_for_neumf(hidden):
    assert_numpy_gives_what_keras_predicts(build_neumf(5, 7, dim=3, hidden=hidden), 5, 7, seed=1)


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 4), st.integers(1, 6), st.integers(1, 5), st.lists(st.integers(1, 9), min_size=1, max_size=3))
def test_numpy_gives_what_keras_predicts_whatever_the_shape(n_users, n_items, dim, hidden):
    assert_numpy_gives_what_keras_predicts(build_mlp(n_users, n_items, dim=dim, hidden=hidden), n_users, n_items, 2)


def test_the_mlp_by_hand():
    network = build_mlp(1, 2, dim=1, hidden=(2,), item_content=np.array([[1.0], [0.0]], dtype="f4"))
    weights = {
        "user_vectors": [np.array([[2.0]], "f4")],
        "item_vectors": [np.array([[1.0], [3.0]], "f4")],
        "item_content": [np.array([[1.0], [0.0]], "f4")],
        "hidden_1": [np.array([[1, 0], [0, 1], [-4, 1]], "f4"), np.array([0.5, -2.0], "f4")],
        "output": [np.array([[1.0], [2.0]], "f4"), np.array([-1.0], "f4")],
    }
    set_weights(network, weights)
    # First item: max(0, 2 - 4 + 0.5) = 0 and max(0, 1 + 1 - 2) = 0; second: 2.5 and 1.
    expected = [-1.0, 2.5 + 2 * 1 - 1]
    assert logits_of_every_item(weights, np.array([0]))[0].tolist() == pytest.approx(expected)
    predicted = network.predict(every_pair(1, 2), verbose=0).ravel()
    assert predicted.tolist() == pytest.approx([1 / (1 + np.exp(-x)) for x in expected], abs=1e-6)


def test_neumf_by_hand():
    weights = {
        "product_user": [np.array([[2.0]], "f4")],
        "product_item": [np.array([[3.0], [-1.0]], "f4")],
        "user_vectors": [np.array([[1.0]], "f4")],
        "item_vectors": [np.array([[1.0], [2.0]], "f4")],
        "hidden_1": [np.array([[1.0], [1.0]], "f4"), np.array([-2.5], "f4")],
        "output": [np.array([[0.5], [4.0]], "f4"), np.array([1.0], "f4")],
    }
    # 0.5 × (2 × 3) + 4 × max(0, 1 + 1 - 2.5) + 1, and 0.5 × (2 × -1) + 4 × 0.5 + 1
    assert logits_of_every_item(weights, np.array([0]))[0].tolist() == pytest.approx([4.0, 2.0])


def test_the_article_s_network_is_64_64_1():
    layers = build_mlp(3, 4).layers
    dense = [layer for layer in layers if hasattr(layer, "units")]
    assert [(layer.units, layer.activation.__name__) for layer in dense] == [(64, "relu"), (64, "relu"), (1, "sigmoid")]


def test_what_is_known_beside_the_codes_is_not_trained():
    keras = open_keras()
    content = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], dtype="f4")
    network = build_mlp(2, 3, item_content=content)
    network.compile(keras.optimizers.SGD(1.0), "binary_crossentropy", jit_compile=False)
    before = weights_of(network)
    codes = np.array([0, 1], dtype="int32")
    network.fit([codes, codes], np.array([1.0, 0.0]), verbose=0)
    after = weights_of(network)
    np.testing.assert_array_equal(after["item_content"][0], content)
    assert np.abs(after["item_vectors"][0] - before["item_vectors"][0]).max() > 0


@pytest.mark.parametrize("build", [build_mlp, build_neumf])
def test_the_seed_decides_the_starting_weights(build):
    first, again, other = (weights_of(build(20, 30, seed=seed)) for seed in (1, 1, 2))
    assert first.keys() == again.keys()
    for name, arrays in first.items():
        for one, same, different in zip(arrays, again[name], other[name], strict=True):
            np.testing.assert_array_equal(one, same)
            if one.ndim == 2:
                assert not np.array_equal(one, different)
            else:
                assert not one.any()


def test_embeddings_start_small_and_layers_as_glorot_and_bengio_have_it():
    weights = weights_of(build_mlp(400, 500, dim=16))
    assert weights["user_vectors"][0].std() == pytest.approx(START, rel=0.05)
    limit = np.sqrt(6 / (64 + 64))
    kernel = weights["hidden_2"][0]
    assert np.abs(kernel).max() <= limit
    assert kernel.std() == pytest.approx(limit / np.sqrt(3), rel=0.05)
