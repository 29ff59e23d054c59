"""The computation graph of one sample: every product, sum and activation, with both directions on each edge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from tailrec import InputError
from tailrec_backprop.diagram import BACKWARD, FORWARD, number
from tailrec_backprop.network import Network

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


#: How the names of the leaves begin that are drawn as boxes.
_LEAVES = ("w", "b")


@dataclass(frozen=True)
class Node:
    """An operation or a leaf (an input, a weight, a bias), and where it stands: column from left, row from above."""

    name: str
    symbol: str
    column: float
    row: float


@dataclass(frozen=True)
class Edge:
    """What flows from one node into another: a value forward, and back along it ∂C/∂(that value, as used there)."""

    source: str
    target: str
    value: float
    gradient: float


@dataclass
class Graph:
    """The nodes by name, the edges, and the loss."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    loss: float = 0.0

    def gradient(self, name: str) -> float:
        """Return ∂C/∂(what a node gives): the sum over the edges that leave it, since gradients of branches add up."""
        return sum(edge.gradient for edge in self.edges if edge.source == name)

    def add(self, name: str, symbol: str, column: float, row: float) -> None:
        """Add a node."""
        self.nodes[name] = Node(name, symbol, column, row)

    def connect(self, source: str, target: str, value: float, gradient: float) -> None:
        """Add an edge."""
        self.edges.append(Edge(source, target, float(value), float(gradient)))


def compute_graph(net: Network, x: ArrayLike, y: ArrayLike, loss: Callable[..., Any]) -> Graph:
    """Return the computation graph of a small network and one sample, with forward values and gradients.

    The nodes are ``x1``, ``x2``, ... and ``C``; in layer l ``w12@l`` (from 1 to 2), ``×12@l``, ``b2@l``, ``Σ2@l`` and,
    where the layer has an activation, ``f2@l``.

    Parameters
    ----------
    net
        The network; its layers hold this sample afterwards.
    x
        (n_in,) the sample.
    y
        (n_out,) its label.
    loss
        `mse`, `binary_cross_entropy` or `cross_entropy`.

    Raises
    ------
    tailrec.InputError
        Where a layer is a softmax, which is no function of one z.

    Examples
    --------
    >>> from tailrec_backprop import Dense, mse
    >>> graph = compute_graph(Network([Dense([[2.0]], [1.0], "linear")]), [3.0], [5.0], mse)
    >>> [(edge.source, edge.target, edge.value, edge.gradient) for edge in graph.edges][:3]
    [('x1', '×11@1', 3.0, 8.0), ('w11@1', '×11@1', 2.0, 12.0), ('×11@1', 'Σ1@1', 6.0, 4.0)]
    >>> graph.loss, graph.gradient("b1@1")
    (4.0, 4.0)
    """
    if any(layer.activation == "softmax" for layer in net.layers):
        raise InputError("expected no softmax layer; end in `linear` and use `cross_entropy`, which holds the softmax")
    value, d_output = loss(net.forward([x]), [y])
    net.backward(d_output)
    graph = Graph(loss=float(value))
    sources = [f"x{i + 1}" for i in range(net.layers[0].x.shape[1])]
    tall = net.layers[0].W.size + len(net.layers[0].b)
    for i, name in enumerate(sources):
        graph.add(name, f"x$_{{{i + 1}}}$", 0, (i + 0.5) * tall / len(sources) - tall / 2)
    column = 1
    for depth, layer in enumerate(net.layers, start=1):
        n_in, n_out = layer.W.shape
        top, following = -(n_in + 1) * n_out / 2, []
        for j in range(n_out):
            total, bias, row = f"Σ{j + 1}@{depth}", f"b{j + 1}@{depth}", top + j * (n_in + 1) + 0.5
            for i, source in enumerate(sources):
                at = f"{i + 1}{j + 1}@{depth}"
                graph.add(f"w{at}", f"w$_{{{i + 1}{j + 1}}}$", column - 0.42, row + i + 0.42)
                graph.add(f"×{at}", "×", column, row + i)
                graph.connect(source, f"×{at}", layer.x[0, i], layer.W[i, j] * layer.delta[0, j])
                graph.connect(f"w{at}", f"×{at}", layer.W[i, j], layer.dW[i, j])
                graph.connect(f"×{at}", total, layer.x[0, i] * layer.W[i, j], layer.delta[0, j])
            middle = row + (n_in - 1) / 2
            graph.add(bias, f"b$_{{{j + 1}}}$", column + 1, max(middle + 0.8, row + n_in - 0.6))
            graph.add(total, "Σ", column + 1, middle)
            graph.connect(bias, total, layer.b[j], layer.db[j])
            following.append(total)
            if layer.activation != "linear":
                following[-1] = f"f{j + 1}@{depth}"
                graph.add(following[-1], {"sigmoid": "σ"}.get(layer.activation, layer.activation), column + 2, middle)
                graph.connect(total, following[-1], layer.z[0, j], layer.delta[0, j])
        column += 2 if layer.activation == "linear" else 3
        sources = following
    graph.add("C", "C", column, sum(graph.nodes[name].row for name in sources) / len(sources))
    for name, a, da in zip(sources, net.layers[-1].a[0], net.layers[-1].da[0], strict=True):
        graph.connect(name, "C", a, da)
    return graph


def draw_graph(graph: Graph, *, digits: int = 4) -> Figure:
    """Draw the graph from left to right: on every edge the forward value above, the gradient below, after an arrow.

    Weights and biases are boxes that carry both numbers themselves.
    """
    from matplotlib.figure import Figure

    rows = [node.row for node in graph.nodes.values()]
    wide, low, high = max(node.column for node in graph.nodes.values()), min(rows), max(rows)
    figure = Figure(figsize=(1.55 * wide + 1.3, 0.82 * (high - low) + 1.5), layout="constrained")
    ax = figure.add_subplot()
    for edge in graph.edges:
        _draw_edge(ax, graph, edge, digits)
    for node in graph.nodes.values():
        if not node.name.startswith(_LEAVES):
            shape = "square" if node.name.startswith("x") else "circle"
            box = {"boxstyle": f"{shape},pad=0.25", "facecolor": "#F4F4F4", "edgecolor": "black"}
            ax.text(node.column, node.row, node.symbol, ha="center", va="center", fontsize=10, bbox=box, zorder=3)
    ax.text(
        wide,
        graph.nodes["C"].row + 0.5,
        f"C = {number(graph.loss, digits)}",
        ha="center",
        va="center",
        fontsize=8.5,
        color=FORWARD,
    )
    ax.set_xlim(-0.35, wide + 0.4)
    ax.set_ylim(high + 0.5, low - 1.0)
    ax.set_axis_off()
    ax.text(-0.3, low - 0.95, "above an edge: the value that flows forward", color=FORWARD, va="top", fontsize=9)
    below = "below: ← ∂C/∂(that value), which flows back"
    ax.text(-0.3, low - 0.62, below, color=BACKWARD, style="italic", va="top", fontsize=9)
    return figure


def _draw_edge(ax: Axes, graph: Graph, edge: Edge, digits: int) -> None:
    source, target = graph.nodes[edge.source], graph.nodes[edge.target]
    x0, y0, x1, y1 = source.column, source.row, target.column, target.row
    value, gradient = number(edge.value, digits), f"← {number(edge.gradient, digits)}"
    if edge.source.startswith(_LEAVES):
        ax.plot([x0, x1], [y0, y1], color="#999999", lw=1, zorder=1)
        value = f"{source.symbol} {value}"
        box = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "#999999", "lw": 0.8}
        shared = {"ha": "center", "va": "center", "fontsize": 8}
        ax.text(x0, y0, f"{value}\n{gradient}", color="none", bbox=box, zorder=4, **shared)
        ax.text(x0, y0, f"{value}\n ", color=FORWARD, zorder=5, **shared)
        ax.text(x0, y0, f" \n{gradient}", color=BACKWARD, style="italic", zorder=5, **shared)
        return
    # The level part, which carries the numbers, lies where the edge is alone: a product has one input, an x many uses.
    at_end = edge.target.startswith("×")
    level = y1 if at_end else y0
    bend = (x1 - 0.78, x1 - 0.2) if at_end else (x0 + 0.2, x0 + 0.74)
    ax.plot([x0, *bend, x1], [y0, level, level, y1], color="#999999", lw=1, zorder=1)
    middle = (bend[0] + bend[1]) / 2
    ax.text(middle, level - 0.04, value, color=FORWARD, ha="center", va="bottom", fontsize=8.5)
    ax.text(middle, level + 0.04, gradient, color=BACKWARD, style="italic", ha="center", va="top", fontsize=8.5)
