"""The page's gradients against central differences and TensorFlow's tape, over random networks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tailrec_backprop import (
    ACTIVATIONS,
    SGD,
    Dense,
    Network,
    binary_cross_entropy,
    cross_entropy,
    gradient_check,
    mse,
    relu,
    sigmoid,
    softmax,
    tanh,
)

from tailrec import InputError

LOSSES = {"mse": mse, "binary_cross_entropy": binary_cross_entropy, "cross_entropy": cross_entropy}
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def tasks(draw):
    """Draw a network, the name of a loss, inputs and labels; no ReLU of it sits on its kink."""
    loss = draw(st.sampled_from(list(LOSSES)))
    sizes = draw(st.lists(st.integers(1, 5), min_size=2, max_size=5))
    kinds = [draw(st.sampled_from(list(ACTIVATIONS))) for _ in sizes[1:]]
    kinds[-1] = kinds[-1] if loss == "mse" else "linear"
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shapes = zip(sizes[:-1], sizes[1:], kinds, strict=True)
    net = Network([Dense(rng.normal(size=(n, m)), rng.normal(size=m), kind) for n, m, kind in shapes])
    X = rng.normal(size=(draw(st.integers(1, 6)), sizes[0]))
    net.forward(X)
    assume(all(np.abs(layer.z).min() > 1e-3 for layer in net.layers if layer.activation == "relu"))
    if loss == "mse":
        y = rng.normal(size=net.layers[-1].a.shape)
    elif loss == "binary_cross_entropy":
        y = rng.integers(2, size=net.layers[-1].a.shape)
    else:
        y = np.eye(sizes[-1])[rng.integers(sizes[-1], size=len(X))]
    return net, loss, X, y


def central_difference(f, x, step=1e-6):
    """Return the gradient of f() with respect to the array x, which f reads."""
    gradient = np.empty_like(x)
    for place, value in np.ndenumerate(x):
        x[place] = value + step
        above = f()
        x[place] = value - step
        gradient[place] = (above - f()) / (2 * step)
        x[place] = value
    return gradient


@quick
@given(tasks())
def test_every_gradient_is_the_central_difference(task):
    net, loss, X, y = task
    loss = LOSSES[loss]
    net.backward(loss(net.forward(X), y)[1])
    found = [*(g.copy() for g in net.gradients()), net.d_input.copy()]
    expected = [central_difference(lambda: loss(net.forward(X), y)[0], x) for x in (*net.parameters(), X)]
    scale = max(1.0, *(np.abs(g).max() for g in expected))
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-7 * scale, rtol=0)


@quick
@given(task=tasks())
def test_every_gradient_is_that_of_tensorflows_tape(tf, task):
    net, loss, X, y = task
    value, d_output = LOSSES[loss](net.forward(X), y)
    net.backward(d_output)
    kinds = {"linear": tf.identity, **{name: getattr(tf.nn, name) for name in ("sigmoid", "tanh", "relu", "softmax")}}
    inputs, labels = tf.constant(X), tf.constant(y, dtype=tf.float64)
    parameters, zs, activations = [tf.constant(p) for p in net.parameters()], [], [inputs]
    with tf.GradientTape() as tape:
        tape.watch([inputs, *parameters])
        for layer, W, b in zip(net.layers, parameters[::2], parameters[1::2], strict=True):
            zs.append(activations[-1] @ W + b)
            activations.append(kinds[layer.activation](zs[-1]))
        output = activations[-1]
        terms = {
            "mse": lambda: (output - labels) ** 2,
            "binary_cross_entropy": lambda: tf.nn.sigmoid_cross_entropy_with_logits(labels, output),
            "cross_entropy": lambda: tf.nn.softmax_cross_entropy_with_logits(labels, output),
        }
        expected = tf.reduce_mean(terms[loss]())
    layers = net.layers
    found = [net.d_input, *net.gradients(), *(x.delta for x in layers), *(x.da for x in layers[:-1])]
    gradients = tape.gradient(expected, [inputs, *parameters, *zs, *activations[1:-1]])
    assert value == pytest.approx(float(expected), rel=1e-12, abs=1e-12)
    for one, other in zip(found, gradients, strict=True):
        np.testing.assert_allclose(one, other.numpy(), atol=1e-6 * max(1.0, np.abs(one).max()), rtol=0)


def test_the_two_three_one_network_by_hand():
    # x = (1, 2), all weights 1 but the output's, biases 0: z = 3, 3, 3; a = 3 (linear); z₂ = 3 (1 - 1 + 2) = 6.
    net = Network([Dense(np.ones((2, 3)), np.zeros(3), "linear"), Dense([[1.0], [-1.0], [2.0]], [0.0], "linear")])
    value, d_output = mse(net.forward([[1.0, 2.0]]), [[4.0]])
    assert (value, d_output.tolist()) == (4.0, [[4.0]])
    (dW1, db1), (dW2, db2) = net.backward(d_output)
    assert dW2.tolist() == [[12.0], [12.0], [12.0]] and db2.tolist() == [4.0]
    assert db1.tolist() == [4.0, -4.0, 8.0] and dW1.tolist() == [[4.0, -4.0, 8.0], [8.0, -8.0, 16.0]]
    assert net.d_input.tolist() == [[8.0, 8.0]]


@given(st.integers(1, 6), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_the_way_back_through_a_softmax_is_its_jacobian(k, seed):
    rng = np.random.default_rng(seed)
    z, da = rng.normal(0, 3, (1, k)), rng.normal(size=(1, k))
    a = softmax(z)
    jacobian = np.diag(a[0]) - np.outer(a[0], a[0])
    np.testing.assert_allclose(ACTIVATIONS["softmax"][1](da, z, a)[0], jacobian @ da[0], atol=1e-14)


def test_activations_at_known_and_at_extreme_places():
    assert sigmoid([0.0, np.log(3.0)]).tolist() == pytest.approx([0.5, 0.75])
    assert tanh(np.log(2.0)) == pytest.approx(0.6) and relu([-2.0, 0.0, 3.0]).tolist() == [0.0, 0.0, 3.0]
    assert softmax([[0.0, np.log(3.0)]]).tolist() == [pytest.approx([0.25, 0.75])]
    assert sigmoid([-1000.0, 1000.0]).tolist() == [0.0, 1.0]
    assert sigmoid(-40.0) == pytest.approx(np.exp(-40.0), rel=1e-14)
    assert softmax([[-1000.0, 1000.0]]).tolist() == [[0.0, 1.0]]


def test_the_check_finds_a_wrong_derivative_and_leaves_the_weights_alone(monkeypatch):
    rng = np.random.default_rng(0)
    net = Network([Dense.random(2, 3, "sigmoid", rng), Dense.random(3, 1, "linear", rng)])
    X, y = rng.normal(size=(5, 2)), rng.integers(2, size=(5, 1))
    before = [p.copy() for p in net.parameters()]
    assert gradient_check(net, binary_cross_entropy, X, y) < 1e-8
    for kept, now in zip(before, net.parameters(), strict=True):
        np.testing.assert_array_equal(kept, now)
    # The derivative of a sigmoid is a (1 - a), and not z (1 - z).
    monkeypatch.setitem(ACTIVATIONS, "sigmoid", (sigmoid, lambda da, z, a: da * z * (1 - z)))
    assert gradient_check(net, binary_cross_entropy, X, y) > 0.1


def test_a_network_without_a_gradient_passes_the_check():
    net = Network([Dense([[1.0]], [-5.0], "relu")])
    assert gradient_check(net, mse, [[1.0]], [[0.0]]) == 0.0


def test_a_layer_keeps_its_own_weights_in_double_precision_unless_they_are_single():
    W = np.array([[1, 2]])
    layer = Dense(W, [0, 0], "linear")
    layer.W += 1
    assert layer.W.dtype == layer.b.dtype == np.float64 and W.tolist() == [[1, 2]]
    net = Network([Dense(np.ones((2, 1), np.float32), np.zeros(1, np.float32), "sigmoid")])
    net.backward(mse(net.forward(np.ones((3, 2), np.float32)), np.zeros((3, 1), np.float32))[1])
    assert {g.dtype for g in net.gradients()} == {np.dtype(np.float32)}


def test_random_weights_are_glorots():
    layer = Dense.random(200, 100, "tanh", np.random.default_rng(0))
    assert np.abs(layer.W).max() <= np.sqrt(6 / 300) and layer.b.tolist() == [0.0] * 100
    assert layer.W.var() == pytest.approx(2 / 300, rel=0.02)


def test_training_lowers_the_loss():
    rng = np.random.default_rng(1)
    X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([[0], [1], [1], [0]])
    net = Network([Dense.random(2, 8, "tanh", rng), Dense.random(8, 1, "linear", rng)])
    optimizer = SGD(1.0)
    for _ in range(500):
        value, d_output = binary_cross_entropy(net.forward(X), y)
        net.backward(d_output)
        optimizer.step(net.parameters(), net.gradients())
    assert value < 0.02 and ((net.forward(X) > 0) == y).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: Dense([[1.0]], [1.0, 2.0]),
            r"expected W \(n_in, n_out\) and b \(n_out,\), received \(1, 1\) and \(2,\)",
        ),
        (lambda: Dense([1.0], [1.0]), r"received \(1,\) and \(1,\)"),
        (lambda: Dense([[1.0]], [1.0], "sigmod"), "one of linear, sigmoid, tanh, relu, softmax, received 'sigmod'"),
        (
            lambda: Dense([[1.0]], [1.0]).forward([1.0]),
            r"expected inputs \(n, 1\), received \(1,\); a single x goes in",
        ),
        (
            lambda: Network([Dense([[1.0]], [1.0])] * 2).forward([[1.0, 2.0]]),
            r"expected inputs \(n, 1\), received \(1, 2\)",
        ),
        (
            lambda: mse([[1.0], [2.0]], [1.0, 2.0]),
            r"expected y of the output's shape \(2, 1\), received \(2,\); y.reshape",
        ),
        (lambda: cross_entropy([[1.0, 2.0]], [1]), r"shape \(1, 2\), received \(1,\)"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
