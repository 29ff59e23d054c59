"""The losses against scipy, TensorFlow and exact arithmetic, at logits where a naive formula is infinite."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import expit, log_expit, log_softmax
from scipy.special import softmax as scipy_softmax
from sklearn.metrics import log_loss, mean_squared_error
from tailrec_backprop import binary_cross_entropy, cross_entropy, mse, sigmoid

shapes = st.tuples(st.integers(1, 5), st.integers(1, 4))
logits = shapes.flatmap(lambda shape: arrays(np.float64, shape, elements=st.floats(-1000, 1000)))


@given(logits, st.integers(0, 2**32 - 1))
def test_binary_cross_entropy_is_scipys(z, seed):
    y = np.random.default_rng(seed).random(z.shape)
    value, gradient = binary_cross_entropy(z, y)
    assert np.isfinite(value) and value >= 0
    assert value == pytest.approx(-np.mean(y * log_expit(z) + (1 - y) * log_expit(-z)), rel=1e-12, abs=1e-300)
    np.testing.assert_allclose(gradient, (expit(z) - y) / z.size, rtol=1e-12, atol=1e-300)


@given(logits, st.integers(0, 2**32 - 1))
def test_cross_entropy_is_scipys(z, seed):
    y = np.random.default_rng(seed).dirichlet(np.ones(z.shape[1]), len(z))
    value, gradient = cross_entropy(z, y)
    assert np.isfinite(value)
    assert value == pytest.approx(-np.sum(y * log_softmax(z, axis=1)) / len(z), rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(gradient, (scipy_softmax(z, axis=1) - y) / len(z), atol=1e-14)


@pytest.mark.parametrize(("z", "y", "expected"), [(1000, 1, 0), (1000, 0, 1000), (-1000, 0, 0), (-1000, 1, 1000)])
def test_at_a_thousand(z, y, expected):
    assert binary_cross_entropy([[float(z)]], [[y]])[0] == expected
    assert cross_entropy([[0.0, float(z)]], [[1 - y, y]])[0] == expected
    assert cross_entropy([[500.0, -500.0]], [[0, 1]])[0] == 1000.0


def test_nothing_is_lost_where_the_probability_is_nearly_one():
    # log(1 + x) = x - x²/2 + x³/3 - ..., in exact fractions, for x = exp(-30).
    x = Fraction(float(np.exp(-30.0)))
    exact = float(x - x**2 / 2 + x**3 / 3)
    assert binary_cross_entropy([[30.0]], [[1]])[0] == pytest.approx(exact, rel=1e-15)
    assert -np.log(sigmoid(40.0)) == 0.0 != binary_cross_entropy([[40.0]], [[1]])[0]


def test_on_ordinary_numbers_they_are_scikit_learns():
    rng = np.random.default_rng(0)
    z, y = rng.normal(size=(20, 1)), rng.integers(2, size=(20, 1))
    assert binary_cross_entropy(z, y)[0] == pytest.approx(log_loss(y, expit(z)))
    assert mse(z, y)[0] == pytest.approx(mean_squared_error(y, z))
    many, classes = rng.normal(size=(20, 3)), rng.integers(3, size=20)
    assert cross_entropy(many, np.eye(3)[classes])[0] == pytest.approx(log_loss(classes, scipy_softmax(many, axis=1)))


def test_two_classes_are_one_logit_and_its_difference():
    rng = np.random.default_rng(0)
    z, y = rng.normal(size=(9, 2)), rng.integers(2, size=9)
    one = binary_cross_entropy(z[:, 1:] - z[:, :1], y[:, None])
    both = cross_entropy(z, np.eye(2)[y])
    assert one[0] == pytest.approx(both[0])
    np.testing.assert_allclose(one[1][:, 0], both[1][:, 1])


def test_several_outputs_are_averaged_by_mse_and_summed_over_classes_by_cross_entropy(tf):
    z, y = np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    assert mse(z, y)[0] == pytest.approx((0 + 4 + 0.25 + 4) / 4)
    np.testing.assert_allclose(mse(z, y)[1], (z - y) / 2)
    assert binary_cross_entropy(z, y)[0] == pytest.approx(
        float(tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y, z)))
    )
    assert cross_entropy(z, y)[0] == pytest.approx(float(tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(y, z))))


def test_a_weight_of_two_is_a_sample_twice_in_the_sum():
    z, y = np.array([[1.0], [-2.0]]), np.array([[0], [1]])
    value, gradient = binary_cross_entropy(z, y, [[2.0], [1.0]])
    twice = binary_cross_entropy([[1.0], [1.0], [-2.0]], [[0], [0], [1]])
    assert value * 2 == pytest.approx(twice[0] * 3)
    np.testing.assert_allclose(gradient[:, 0] * 2, [twice[1][0, 0] * 6, twice[1][2, 0] * 3])
