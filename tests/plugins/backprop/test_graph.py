"""The computation graph: each edge's gradient against a central difference of that one use, sums at the branches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tailrec_backprop import Dense, Network, binary_cross_entropy, mse
from tailrec_backprop.graph import compute_graph, draw_graph

from tailrec import InputError

OPERATIONS = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "linear": lambda z: z}


def random_net(sizes, kinds, seed):
    rng = np.random.default_rng(seed)
    shapes = zip(sizes[:-1], sizes[1:], kinds, strict=False)
    return Network([Dense(rng.normal(size=(n, m)), rng.normal(size=m), kind) for n, m, kind in shapes]), rng


def evaluate(graph, kinds, y, disturbed, by):
    """Return the loss found by walking the graph, with one edge's value moved."""
    values = {edge.source: edge.value for edge in graph.edges if edge.source[0] in "xwb"}
    for name, node in graph.nodes.items():
        if name[0] in "xwb":
            continue
        into = [values[e.source] + (by if e is disturbed else 0.0) for e in graph.edges if e.target == name]
        if name == "C":
            return float(np.mean((np.array(into) - y) ** 2))
        activation = OPERATIONS[kinds[int(name.split("@")[1]) - 1]]
        values[name] = {"×": np.prod, "Σ": np.sum}.get(node.symbol, activation)(np.squeeze(into))
    raise AssertionError("no loss")


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.integers(1, 3), min_size=2, max_size=4),
    st.lists(st.sampled_from(list(OPERATIONS)), min_size=3, max_size=3),
    st.integers(0, 2**32 - 1),
)
def test_an_edge_carries_the_difference_that_its_one_use_makes(sizes, kinds, seed):
    net, rng = random_net(sizes, kinds, seed)
    y = rng.normal(size=sizes[-1])
    graph = compute_graph(net, rng.normal(size=sizes[0]), y, mse)
    assert graph.loss == pytest.approx(evaluate(graph, kinds, y, None, 0.0))
    for edge in graph.edges:
        difference = evaluate(graph, kinds, y, edge, 1e-6) - evaluate(graph, kinds, y, edge, -1e-6)
        assert edge.gradient == pytest.approx(difference / 2e-6, abs=1e-7 * max(1.0, graph.loss))


def test_gradients_of_branches_add_up():
    net, _ = random_net([2, 3, 1], ["tanh", "linear"], 0)
    graph = compute_graph(net, [2.0, 3.0], [1.0], binary_cross_entropy)
    assert [graph.gradient(f"x{i + 1}") for i in range(2)] == pytest.approx(net.d_input[0].tolist())
    assert [graph.gradient(f"f{j + 1}@1") for j in range(3)] == pytest.approx(net.layers[0].da[0].tolist())
    for depth, layer in enumerate(net.layers, start=1):
        for (i, j), gradient in np.ndenumerate(layer.dW):
            assert graph.gradient(f"w{i + 1}{j + 1}@{depth}") == gradient


@pytest.mark.parametrize("sizes", [(1, 1), (2, 1), (2, 3, 1), (1, 1, 1), (3, 2, 2)])
def test_no_number_covers_another(sizes):
    net, rng = random_net(sizes, ["sigmoid", "linear"], 3)
    figure = draw_graph(compute_graph(net, rng.normal(size=sizes[0]), np.ones(sizes[-1]), mse))
    figure.draw_without_rendering()
    shown = [t for t in figure.axes[0].texts if t.get_text().strip() and t.get_color() != "none"]
    boxes = [t.get_window_extent() for t in shown]
    for i, one in enumerate(boxes):
        for j in range(i):
            width = min(one.x1, boxes[j].x1) - max(one.x0, boxes[j].x0)
            height = min(one.y1, boxes[j].y1) - max(one.y0, boxes[j].y0)
            # The two lines of a box are drawn as two texts of two lines each.
            same = np.allclose(one.get_points().mean(axis=0), boxes[j].get_points().mean(axis=0), atol=3)
            assert width < 2 or height < 3 or same, (shown[i].get_text(), shown[j].get_text())


def test_a_softmax_is_refused():
    with pytest.raises(InputError, match="no softmax layer; end in `linear` and use `cross_entropy`"):
        compute_graph(Network([Dense([[1.0]], [1.0], "softmax")]), [1.0], [1.0], mse)
