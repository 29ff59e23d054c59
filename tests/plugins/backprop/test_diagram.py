"""The network drawn with its numbers: they are the network's, and they stand clear of each other."""

from __future__ import annotations

import numpy as np
import pytest
from tailrec_backprop import Dense, Network, binary_cross_entropy, cross_entropy, mse
from tailrec_backprop.diagram import compute_diagram, draw_diagram, number


def two_three_one(last="linear"):
    rng = np.random.default_rng(0)
    return Network([Dense.random(2, 3, "tanh", rng), Dense.random(3, 1, last, rng)])


def test_the_numbers_are_those_of_a_pass():
    net = two_three_one()
    diagram = compute_diagram(net, [2.0, 3.0], [1.0], binary_cross_entropy)
    assert diagram.widths() == [2, 3, 1]
    assert [one.a for one in diagram.neurons[:2]] == [2.0, 3.0]
    assert [one.z for one in diagram.neurons[2:]] == [*net.layers[0].z[0], *net.layers[1].z[0]]
    assert [one.delta for one in diagram.neurons[2:]] == [*net.layers[0].delta[0], *net.layers[1].delta[0]]
    for line in diagram.lines:
        layer, place = net.layers[line.layer - 1], (line.source, line.target)
        assert (line.weight, line.gradient) == (layer.W[place], layer.dW[place])
    assert len(diagram.lines) == 9 and diagram.loss == binary_cross_entropy(net.layers[-1].a, [[1.0]])[0]


def test_without_a_loss_nothing_flows_back():
    diagram = compute_diagram(two_three_one(), [2.0, 3.0])
    assert diagram.loss is None and {one.delta for one in diagram.neurons} == {None}
    assert {line.gradient for line in diagram.lines} == {None}


@pytest.mark.parametrize(
    ("loss", "symbol"), [(mse, "ŷ"), (None, "ŷ"), (cross_entropy, "z"), (binary_cross_entropy, "z")]
)
def test_a_logit_is_not_called_an_estimate(loss, symbol):
    assert compute_diagram(two_three_one(), [2.0, 3.0], [1.0], loss).neurons[-1].symbol == symbol


@pytest.mark.parametrize(
    "shape", [(2, 3, 1), (1, 1), (2, 2, 2), (3, 4, 2), (2, 1, 3), (3, 3, 3), (4, 3), (1, 4, 1), (2, 4, 3)]
)
def test_no_number_on_a_line_covers_another(shape):
    rng = np.random.default_rng(1)
    layers = [Dense.random(n, m, "tanh", rng) for n, m in zip(shape[:-1], shape[1:], strict=True)]
    figure = draw_diagram(compute_diagram(Network(layers), rng.normal(size=shape[0]), np.ones(shape[-1]), mse))
    figure.draw_without_rendering()
    texts = [text for text in figure.axes[0].texts if text.get_text().strip() and text.get_bbox_patch() is not None]
    centres = [text.get_window_extent().get_points().mean(axis=0) for text in texts]
    assert len(centres) == sum(n * m for n, m in zip(shape[:-1], shape[1:], strict=True))
    # Two lines of 9 points at 100 dots an inch are 25 dots high.
    for i, one in enumerate(centres):
        for other in centres[:i]:
            assert np.hypot(*(one - other)) > 25


def test_where_lines_are_many_they_carry_no_numbers():
    rng = np.random.default_rng(1)
    figure = draw_diagram(compute_diagram(Network([Dense.random(4, 5, "relu", rng)]), rng.normal(size=4)))
    assert len(figure.axes[0].lines) == 20
    assert not [text for text in figure.axes[0].texts if text.get_bbox_patch() is not None]


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(0.5, 4, "0.5"), (-0.00004, 4, "0"), (100.0, 4, "100"), (-2.5, 0, "−2"), (1e-9, 2, "0"), (100.0, 0, "100")],
)
def test_how_a_number_is_written(value, digits, text):
    assert number(value, digits) == text
