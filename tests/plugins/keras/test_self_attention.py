"""The network of `sasrec`, against its formulas written out number by number."""

import math

import numpy as np
import pytest
from tailrec_keras.attention_forward import scores_after
from tailrec_keras.networks import weights_of
from tailrec_keras.self_attention import EPSILON, build_sasrec

NUMBERS = np.array([[0, 3, 1, 5], [2, 2, 4, 0]], dtype="int32")


@pytest.fixture(scope="module")
def network():
    """Two blocks of two heads, every weight away from where it starts."""
    network = build_sasrec(5, max_len=6, dim=4, blocks=2, heads=2, dropout=0.5)
    rng = np.random.default_rng(1)
    for layer in network.layers:
        layer.set_weights([rng.normal(0, 0.7, array.shape) for array in layer.get_weights()])
    return network


def dot(a, b):
    return sum(float(x) * float(y) for x, y in zip(a, b, strict=True))


def normal(x, scale, shift):
    mean = sum(x) / len(x)
    spread = math.sqrt(sum((value - mean) ** 2 for value in x) / len(x) + EPSILON)
    return [(value - mean) / spread * float(s) + float(c) for value, s, c in zip(x, scale, shift, strict=True)]


def attended(rows, t, weights):
    """Return what position t takes from the positions up to it, head by head."""
    query, query_bias, key, key_bias, value, value_bias, output, output_bias = weights
    taken = [float(c) for c in output_bias]
    for h in range(query.shape[1]):
        width = range(query.shape[2])
        q = [dot(rows[t], query[:, h, e]) + query_bias[h, e] for e in width]
        logits = [
            dot(q, [dot(rows[s], key[:, h, e]) + key_bias[h, e] for e in width]) / math.sqrt(query.shape[2])
            for s in range(t + 1)
        ]
        total = sum(math.exp(logit) for logit in logits)
        for e in width:
            mixed = sum(
                math.exp(logit) / total * (dot(rows[s], value[:, h, e]) + value_bias[h, e])
                for s, logit in enumerate(logits)
            )
            taken = [old + mixed * float(output[h, e, d]) for d, old in enumerate(taken)]
    return taken


def by_hand(weights, numbers):
    """Return the scores after every number of one row."""
    table, bias = weights["items"]
    places = weights["positions"][0]
    xs = [[float(a) + float(b) for a, b in zip(table[n], places[t], strict=True)] for t, n in enumerate(numbers)]
    for block in (1, 2):
        before = [normal(x, *weights[f"norm_attention_{block}"]) for x in xs]
        taken = [attended(before, t, weights[f"attention_{block}"]) for t in range(len(xs))]
        xs = [[a + b for a, b in zip(x, y, strict=True)] for x, y in zip(xs, taken, strict=True)]
        for t, x in enumerate(xs):
            (w1, c1), (w2, c2) = weights[f"inner_{block}"], weights[f"outer_{block}"]
            n = normal(x, *weights[f"norm_inner_{block}"])
            inner = [max(0.0, dot(n, w1[:, d]) + float(c1[d])) for d in range(len(x))]
            xs[t] = [value + dot(inner, w2[:, d]) + float(c2[d]) for d, value in enumerate(x)]
    last = [normal(x, *weights["norm_last"]) for x in xs]
    return [[dot(x, table[item + 1]) + float(bias[item]) for item in range(len(bias))] for x in last]


def test_keras_computes_the_formulas(network):
    weights = weights_of(network)
    expected = [by_hand(weights, row) for row in NUMBERS]
    np.testing.assert_allclose(network.predict(NUMBERS, verbose=0), expected, atol=2e-4)


def test_the_forward_pass_in_numpy_is_that_of_keras(network):
    weights, rng = weights_of(network), np.random.default_rng(0)
    rows = [rng.integers(6, size=length) for length in (1, 6, 3, 2, 5, 6, 1)]
    expected = [network.predict(row[None].astype("int32"), verbose=0)[0, -1] for row in rows]
    np.testing.assert_allclose(scores_after(weights, rows), expected, atol=2e-5)


def test_a_position_never_sees_what_comes_later(network):
    later = NUMBERS.copy()
    later[:, 2:] = [[4, 0], [1, 5]]
    before, after = (network.predict(numbers, verbose=0) for numbers in (NUMBERS, later))
    np.testing.assert_array_equal(before[:, :2], after[:, :2])
    assert (np.abs(before[:, 2:] - after[:, 2:]).max(axis=-1) > 1e-3).all()
    alone = network.predict(NUMBERS[:, :2], verbose=0)
    np.testing.assert_allclose(alone, before[:, :2], atol=1e-5)


def test_order_matters(network):
    turned = NUMBERS[:, [1, 0, 2, 3]]
    first, second = (network.predict(numbers, verbose=0)[:, -1] for numbers in (NUMBERS, turned))
    assert np.abs(first - second).max() > 1e-3


def test_where_it_starts():
    bias = np.arange(5.0)
    first, second, other = (weights_of(build_sasrec(5, dim=4, heads=2, first_bias=bias, seed=s)) for s in (0, 0, 1))
    assert all(np.array_equal(a, b) for name in first for a, b in zip(first[name], second[name], strict=True))
    assert not np.array_equal(first["items"][0], other["items"][0])
    np.testing.assert_array_equal(first["items"][1], bias)
    limit = math.sqrt(6 / 8)
    for number, array in enumerate(first["attention_1"]):
        # Kernels and biases in turn, both with an axis a head.
        assert (array == 0).all() if number % 2 else 0.3 < np.abs(array).max() / limit <= 1
    assert first["items"][0].std() == pytest.approx(0.02, rel=0.5)


def test_dropout_is_for_training_alone():
    network = build_sasrec(5, max_len=4, dim=8, dropout=0.5)
    still = [np.asarray(network(NUMBERS, training=False)) for _ in range(2)]
    moved = [np.asarray(network(NUMBERS, training=True)) for _ in range(2)]
    np.testing.assert_array_equal(*still)
    assert not np.allclose(*moved)
    without = build_sasrec(5, max_len=4, dim=8, dropout=0.0)
    np.testing.assert_allclose(np.asarray(without(NUMBERS, training=True)), still[0], atol=1e-6)
