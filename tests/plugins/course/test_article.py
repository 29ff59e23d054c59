"""Every claim of the course about the article's worked example and formulas, recomputed without its code."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tailrec_course import article


def sigmoid(z):
    """Through tanh, so that no code is shared."""
    return (1 + math.tanh(z / 2)) / 2


def exact(terms):
    (w1, x1), (w2, x2), b = terms
    decimal = [Fraction(str(one)) for one in (w1, x1, w2, x2, b)]
    return float(decimal[0] * decimal[1] + decimal[2] * decimal[3] + decimal[4])


by_symbol = {line.symbol: line for line in article.lines()}
W1, B1, W2, B2 = (
    [[0.5, 0.6], [0.7, 0.8], [0.9, 1.0]],
    [1.1, 1.2, 1.3],
    [2.2, 2.2, 2.2],
    2.3,
)


def proper(x1, x2):
    hidden = [sigmoid(w[0] * x1 + w[1] * x2 + b) for w, b in zip(W1, B1, strict=True)]
    return sum(a * w for a, w in zip(hidden, W2, strict=True)) + B2


# --- the worked example, line by line ---


@pytest.mark.parametrize(("symbol", "value"), [("z1", 1.1), ("z2", 3.9), ("z3", 5.0)])
def test_the_articles_own_sums(symbol, value):
    assert exact(article.Z_TERMS[symbol]) == value
    assert by_symbol[symbol].gives == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(("symbol", "value"), [("a1", 0.7685), ("a2", 0.9370), ("a3", 0.9781)])
def test_the_sigmoid_of_each_printed_z(symbol, value):
    assert round(sigmoid(article.PRINTED["z" + symbol[1]]), 4) == value
    assert by_symbol[symbol].gives == pytest.approx(value, abs=5e-5)


def test_no_line_holds():
    assert [line.symbol for line in article.lines()] == ["z1", "z2", "z3", "a1", "a2", "a3", "y"]
    assert not any(line.holds for line in article.lines())


def test_a_line_that_holds_is_told_from_one_that_does_not():
    assert article.Line("z1", "", 1.1, 1.1000000000000001).holds
    assert article.Line("a1", "", 0.769, 0.76852).holds
    assert not article.Line("a1", "", 0.768, 0.76852).holds


def test_where_the_printed_z3_comes_from_and_the_printed_z2_does_not():
    without_bias = {name: round(w1 * x1 + w2 * x2, 9) for name, ((w1, x1), (w2, x2), _) in article.Z_TERMS.items()}
    assert without_bias == {"z1": 0.8, "z2": 2.8, "z3": 3.8}
    assert [name for name in without_bias if without_bias[name] == article.PRINTED[name]] == ["z3"]


def test_the_printed_activations_are_neither_sigmoid_nor_tanh_of_any_z_there():
    every_z = [article.PRINTED[z] for z in ("z1", "z2", "z3")] + [1.1, 3.9, 5.0]
    found = {round(f(z), 3) for z in every_z for f in (sigmoid, math.tanh)}
    assert found.isdisjoint({0.897, 0.952, 0.996})


def test_the_z_that_would_give_the_printed_activations():
    assert [round(math.log(a / (1 - a)), 4) for a in (0.897, 0.952, 0.996)] == [2.1643, 2.9874, 5.5175]


def test_the_last_line_from_its_own_and_from_the_true_activations():
    assert round(0.897 * 2.2 + 0.952 * 2.3 + 2.3, 3) == 6.463
    assert by_symbol["y"].gives == pytest.approx(6.463, abs=5e-13)
    assert round(sigmoid(1.1) * 2.2 + sigmoid(3.9) * 2.3 + 2.3, 3) == 6.205
    assert article.consequent()["y"] == pytest.approx(6.205, abs=5e-4)
    assert round(sigmoid(6.463), 4) == 0.9984


@given(a1=st.floats(0, 1, exclude_min=True), a2=st.floats(0, 1, exclude_min=True))
def test_no_activations_bring_the_last_line_to_the_printed_result(a1, a2):
    """Positive weights and a bias of 2.3: the line stays above 2.3, and its sigmoid above 0.908."""
    y = a1 * 2.2 + a2 * 2.3 + 2.3
    low, high = article.output_range()
    assert low <= y <= high + 1e-12
    assert y > 0.857 and sigmoid(y) > 0.908
    assert (low, round(high, 12)) == (2.3, 6.8)


def test_the_weights_and_biases_that_are_printed_and_never_used():
    used = {weight for (w1, _), (w2, _), _ in article.Z_TERMS.values() for weight in (w1, w2)}
    used_biases = {b for *_, b in article.Z_TERMS.values()}
    assert [row for row in article.HIDDEN_WEIGHTS if not set(row) & used] == [(0.9, 1.0)]
    assert sorted({*article.INPUT_BIASES, *article.HIDDEN_BIASES} - used_biases) == [0.4, 1.3]


def test_z1_takes_the_weights_of_the_inputs_which_have_none():
    (w1, _), (w2, _), b = article.Z_TERMS["z1"]
    assert (w1, w2) == article.INPUT_WEIGHTS and b == article.INPUT_BIASES[0]
    for symbol, row, bias in zip(("z2", "z3"), article.HIDDEN_WEIGHTS, article.HIDDEN_BIASES, strict=False):
        (w1, _), (w2, _), b = article.Z_TERMS[symbol]
        assert (w1, w2) == row and b == bias


def test_the_new_sample_is_the_second_training_row_and_its_label_is_the_other():
    assert article.ROWS.index(article.SAMPLE) == 1
    assert article.LABELS[1] == 1 != article.PREDICTED
    assert article.PRINTED["y"] > 0.5


# --- read as a proper 2-3-1 network ---


def test_the_proper_network_gives_a_constant():
    outputs = [sigmoid(proper(*row)) for row in article.ROWS]
    assert {round(one, 4) for one in outputs} == {0.9998, 0.9999}
    right = [(one > 0.5) == label for one, label in zip(outputs, article.LABELS, strict=True)]
    assert right == [False, True, False, True]


def test_its_arrays_are_the_table():
    W1_, b1, W2_, b2 = article.proper_network()
    X, y = article.table()
    s = np.vectorize(sigmoid)
    z = s(X @ W1_ + b1) @ W2_ + b2
    np.testing.assert_allclose(z[:, 0], [proper(*row) for row in article.ROWS], rtol=1e-12)
    assert X.tolist() == [list(row) for row in article.ROWS] and y[:, 0].tolist() == list(article.LABELS)


@given(x1=st.floats(-1e6, 1e6), x2=st.floats(-1e6, 1e6))
def test_it_says_class_1_whatever_comes_in(x1, x2):
    """Its output weights and bias are positive, so its output is never below σ(2.3)."""
    assert sigmoid(proper(x1, x2)) >= sigmoid(2.3) > 0.908


def test_it_is_worse_than_saying_one_half():
    """So "trained" it is not: a constant 0.5 has half its squared error."""
    mean = (
        sum((sigmoid(proper(*row)) - label) ** 2 for row, label in zip(article.ROWS, article.LABELS, strict=True)) / 4
    )
    assert round(mean, 4) == 0.4998
    assert mean > 0.25


def test_the_parts_of_a_2_3_1_network_and_those_that_are_printed():
    assert 3 * (2 + 1) + 1 * (3 + 1) == 13
    printed = 2 + 2 + 6 + 3 + 1 + 1
    assert printed == 15
    assert len(np.atleast_1d(article.OUTPUT_WEIGHT)) == 1  # three lead to the output


def test_the_listing_is_no_large_model():
    layers = [(2, 64), (64, 64), (64, 1)]
    assert article.listing_parameters(2) == sum(np.zeros(shape).size + shape[1] for shape in layers) == 4417
    assert article.listing_parameters(2) < 1e6


# --- the formulas ---


def test_the_delta_of_the_article_is_the_derivative_by_z_and_only_of_half_the_squared_error():
    z, y, step = 0.4, 1.0, 1e-6
    a = sigmoid(z)
    printed = (a - y) * a * (1 - a)
    by_z = ((sigmoid(z + step) - y) ** 2 - (sigmoid(z - step) - y) ** 2) / (2 * step)
    by_a = ((a + step - y) ** 2 - (a - step - y) ** 2) / (2 * step)
    assert printed == pytest.approx(by_z / 2, rel=1e-6)
    assert printed != pytest.approx(by_z, rel=0.5)
    assert abs(printed / by_a) < 0.25


def test_the_printed_cross_entropy_is_smallest_for_a_constant_one():
    def printed(y, y_hat):
        return -sum(one * math.log(other) for one, other in zip(y, y_hat, strict=True))

    labels = article.LABELS
    assert printed(labels, [1.0] * 4) == 0.0
    assert printed(labels, [0.01, 0.99, 0.01, 0.99]) > 0
    missing = -sum((1 - y) * math.log(1 - p) for y, p in zip(labels, [1 - 1e-9] * 4, strict=True))
    assert missing > 40


def test_a_one_hot_label_has_two_numbers_and_the_network_one_output():
    assert len(np.eye(2)[0]) == 2 != np.shape(article.OUTPUT_WEIGHT)


def test_without_knowing_that_adam_starts_at_zero_its_correction_has_no_meaning():
    """The correction makes the first m̂ the gradient itself only where m started at 0."""
    g, beta = 0.7, 0.9
    corrected = [(beta * start + (1 - beta) * g) / (1 - beta) for start in (0.0, 0.5)]
    assert corrected[0] == pytest.approx(g) and corrected[1] != pytest.approx(g)


def test_a_quarter_of_four_rows_cannot_give_an_accuracy_of_0_857():
    """Nor can any set of fewer than seven."""
    fewest = next(n for n in range(1, 50) if any(round(k / n, 3) == article.PRINTED["y"] for k in range(n + 1)))
    assert fewest == 7


@pytest.mark.parametrize("rows", [article.ROWS])
def test_the_points_lie_on_a_line_with_alternating_labels(rows):
    assert all(x2 == x1 + 1 for x1, x2 in rows)
    assert [label for _, label in sorted(zip(rows, article.LABELS, strict=True))] == [0, 1, 0, 1]
