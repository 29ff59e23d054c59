"""Each optimiser against those of Keras 3 and of Keras 2, over 100 steps, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from tailrec_backprop import SGD, Adam, Momentum

STEPS = 100
SHAPES = [(3, 4), (4,), (4, 1), (1,)]
PAIRS = {
    "sgd": (lambda: SGD(0.05), lambda keras: keras.optimizers.SGD(0.05)),
    "momentum": (lambda: Momentum(0.05, 0.9), lambda keras: keras.optimizers.SGD(0.05, momentum=0.9)),
    "momentum 0.5": (lambda: Momentum(0.1, 0.5), lambda keras: keras.optimizers.SGD(0.1, momentum=0.5, nesterov=False)),
    "adam": (lambda: Adam(), lambda keras: keras.optimizers.Adam()),
    "adam, other": (
        lambda: Adam(0.05, 0.8, 0.95, 1e-3),
        lambda keras: keras.optimizers.Adam(0.05, beta_1=0.8, beta_2=0.95, epsilon=1e-3),
    ),
}


def starts_and_gradients():
    rng = np.random.default_rng(0)
    start = [rng.normal(size=shape) for shape in SHAPES]
    # Some gradients are tiny, so that where ε stands can be seen.
    return start, [[rng.normal(size=shape) * 10.0 ** rng.integers(-6, 1) for shape in SHAPES] for _ in range(STEPS)]


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("version", [3, 2])
def test_a_hundred_steps_are_keras_s(tf, keras, name, version):
    if version == 2:
        import tf_keras as keras
    make_ours, make_theirs = PAIRS[name]
    ours, theirs = make_ours(), make_theirs(keras)
    start, gradients = starts_and_gradients()
    parameters = [p.copy() for p in start]
    # float32 keeps seven digits: a hundred steps in it would hide a difference of 1e-6.
    variables = [tf.Variable(p) if version == 2 else keras.Variable(p, dtype="float64") for p in start]
    for step in gradients:
        ours.step(parameters, step)
        theirs.apply_gradients([(tf.constant(g), v) for g, v in zip(step, variables, strict=True)])
    for one, other, first in zip(parameters, variables, start, strict=True):
        np.testing.assert_allclose(one, np.asarray(other.numpy()), atol=1e-6, rtol=0)
        assert np.abs(one - first).max() > 1e-3


def test_two_steps_by_hand():
    w = np.array([1.0])
    SGD(0.1).step([w], [np.array([2.0])])
    assert w.tolist() == [0.8]
    w, momentum = np.array([1.0]), Momentum(0.1, 0.5)
    for _ in range(2):  # u = -0.2, then -0.1 - 0.2
        momentum.step([w], [np.array([2.0])])
    assert w[0] == pytest.approx(1.0 - 0.2 - 0.3)
    # With the bias taken out, Adam's first step is lr in the direction of the sign, however small the gradient.
    w = np.array([1.0, 1.0])
    Adam(0.1, epsilon=0.0).step([w], [np.array([5.0, -1e-5])])
    np.testing.assert_allclose(w, [0.9, 1.1])


def test_a_gradient_of_zero_moves_nothing_but_what_still_rolls():
    w, adam = np.zeros(2), Adam(0.1)
    adam.step([w], [np.array([1.0, 0.0])])
    adam.step([w], [np.zeros(2)])
    assert w[0] < -0.1 and w[1] == 0.0


@pytest.mark.parametrize("optimizer", [SGD(0.1), Momentum(0.1), Adam(0.1)])
def test_they_move_in_place_and_keep_single_precision(optimizer):
    w = np.ones(3, np.float32)
    same = w
    optimizer.step([w], [np.ones(3, np.float32)])
    assert same is w and w.dtype == np.float32 and (w < 1).all()


def test_a_missing_gradient_is_an_error():
    with pytest.raises(ValueError, match="zip"):
        SGD().step([np.ones(1), np.ones(1)], [np.ones(1)])
