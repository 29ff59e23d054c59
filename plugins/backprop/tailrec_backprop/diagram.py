"""The network drawn with its numbers: weights on the lines, what flows forward in the circles, gradients below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tailrec_backprop.network import Network, binary_cross_entropy, cross_entropy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Two of Okabe and Ito's colours; forward also stands above and upright, backward below, slanted and after an arrow.
FORWARD, BACKWARD = "#0072B2", "#D55E00"
_ACROSS, _DOWN, _RADIUS = 3.6, 1.8, 0.52
#: Between two layers with more lines than this, the lines carry no numbers.
_LEGIBLE = 12


@dataclass(frozen=True)
class Neuron:
    """A circle: an input (layer 0) or a neuron, with its numbers; None where there is none or it is not known yet."""

    layer: int
    position: int
    symbol: str
    a: float
    z: float | None = None
    bias: float | None = None
    delta: float | None = None


@dataclass(frozen=True)
class Line:
    """A line from one circle to one of the next layer: a weight, and ∂C/∂w where it is known."""

    layer: int
    source: int
    target: int
    weight: float
    gradient: float | None = None


@dataclass(frozen=True)
class Diagram:
    """What is drawn: circles layer by layer, the lines into layers 1, 2, ..., and the loss where there is one."""

    neurons: list[Neuron]
    lines: list[Line]
    loss: float | None = None

    def widths(self) -> list[int]:
        """Return the number of circles of each layer, the inputs first."""
        return np.bincount([neuron.layer for neuron in self.neurons]).tolist()


def compute_diagram(
    net: Network, x: ArrayLike, y: ArrayLike | None = None, loss: Callable[..., Any] | None = None
) -> Diagram:
    """Return the numbers of one sample's pass through a network: forward, and backward where y and a loss are given.

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

    Examples
    --------
    >>> from tailrec_backprop import Dense, mse
    >>> diagram = compute_diagram(Network([Dense([[2.0]], [1.0], "linear")]), [3.0], [5.0], mse)
    >>> diagram.neurons[1]
    Neuron(layer=1, position=0, symbol='ŷ', a=7.0, z=7.0, bias=1.0, delta=4.0)
    >>> diagram.lines, diagram.loss
    ([Line(layer=1, source=0, target=0, weight=2.0, gradient=12.0)], 4.0)
    """
    output = net.forward([x])
    value = None
    if loss is not None:
        value, d_output = loss(output, [y])
        net.backward(d_output)
    neurons = [Neuron(0, i, "x", float(a)) for i, a in enumerate(net.layers[0].x[0])]
    lines = []
    # What a loss of logits is given is no estimate of y.
    last = "z" if loss in (binary_cross_entropy, cross_entropy) else "ŷ"
    for depth, layer in enumerate(net.layers, start=1):
        for j in range(len(layer.b)):
            delta = None if value is None else float(layer.delta[0, j])
            a, z, b = (float(numbers) for numbers in (layer.a[0, j], layer.z[0, j], layer.b[j]))
            neurons.append(Neuron(depth, j, last if layer is net.layers[-1] else "a", a, z, b, delta))
            for i in range(len(layer.W)):
                gradient = None if value is None else float(layer.dW[i, j])
                lines.append(Line(depth, i, j, float(layer.W[i, j]), gradient))
    return Diagram(neurons, lines, value)


def draw_diagram(diagram: Diagram, *, digits: int = 4) -> Figure:
    """Draw the circles from left to right, with z above a circle, a in it, and b and δ below.

    A line carries its numbers where they are clear of the others; where more than twelve lines lie between two
    layers, it carries none.
    """
    from matplotlib.figure import Figure

    widths = diagram.widths()
    tall, wide = max(widths), len(widths)
    figure = Figure(figsize=(2.7 * wide, 1.45 * tall + 0.9), layout="constrained")
    ax = figure.add_subplot()
    for line, place in zip(diagram.lines, _places_of_numbers(diagram), strict=True):
        _draw_line(ax, line, place, widths, digits)
    for neuron in diagram.neurons:
        _draw_neuron(ax, neuron, widths, digits)
    ax.set_xlim(-0.9, (wide - 1) * _ACROSS + 0.9)
    ax.set_ylim(-tall * _DOWN / 2 - 0.35, tall * _DOWN / 2 + 0.35)
    ax.set_aspect("equal")
    ax.set_axis_off()
    what = [("forward: w on a line; z above a circle, a in it, b under it", FORWARD, "normal")]
    if diagram.loss is not None:
        text = f"backward ←: ∂C/∂w on a line, δ = ∂C/∂z under a circle; C = {number(diagram.loss, digits)}"
        what.append((text, BACKWARD, "italic"))
    for row, (text, colour, style) in enumerate(what):
        figure.text(0.02, 0.99 - 0.035 * row * 6 / figure.get_figheight(), text, color=colour, style=style, va="top")
    return figure


def number(value: float, digits: int = 4) -> str:
    """Return a number as it is written in a picture: rounded, with a true minus, and zero without one.

    Examples
    --------
    >>> number(-0.12345), number(-0.00001), number(2.0)
    ('−0.1235', '0', '2')
    """
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    return "0" if text in ("-0", "0", "") else text.replace("-", "−")


def _place(layer: int, position: int, widths: list[int]) -> tuple[float, float]:
    return layer * _ACROSS, ((widths[layer] - 1) / 2 - position) * _DOWN


def _ends(line: Line, widths: list[int]) -> NDArray[np.float64]:
    """Return where the line leaves one circle and meets the other, (2, 2)."""
    start, stop = (np.array(_place(*at, widths)) for at in ((line.layer - 1, line.source), (line.layer, line.target)))
    edge = _RADIUS * (stop - start) / np.hypot(*(stop - start))
    return np.array([start + edge, stop - edge])


def _places_of_numbers(diagram: Diagram) -> list[NDArray[np.float64]]:
    """Return for each line the place on it that is farthest from all other lines, the middle where it is alone."""
    ends = [_ends(line, diagram.widths()) for line in diagram.lines]
    shares = np.linspace(0.26, 0.74, 49)
    places = []
    for which, (start, stop) in enumerate(ends):
        candidates = start + shares[:, None] * (stop - start)
        room = 1.0 - 0.1 * np.abs(shares - 0.5)
        for other, (a, b) in enumerate(ends):
            if other != which:
                along = np.clip((candidates - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)[:, None]
                room = np.minimum(room, np.hypot(*(candidates - a - along * (b - a)).T))
        places.append(candidates[np.argmax(room)])
    return places


def _draw_line(ax: Axes, line: Line, place: NDArray[np.float64], widths: list[int], digits: int) -> None:
    start, stop = _ends(line, widths)
    ax.plot(*np.transpose([start, stop]), color="#999999", lw=1, zorder=1)
    if widths[line.layer - 1] * widths[line.layer] > _LEGIBLE:
        return
    angle = np.degrees(np.arctan2(*(stop - start)[::-1]))
    above = "\n" if line.gradient is not None else ""
    below = "" if line.gradient is None else f"← {number(line.gradient, digits)}"
    shared = {"ha": "center", "rotation": angle, "rotation_mode": "anchor", "transform_rotates_text": True}
    white = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    ax.text(
        *place,
        number(line.weight, digits) + above,
        va="center" if above else "center",
        color=FORWARD,
        fontsize=9,
        bbox=white,
        **shared,
    )
    if below:
        ax.text(*place, "\n" + below, va="center", color=BACKWARD, style="italic", fontsize=9, **shared)


def _draw_neuron(ax: Axes, neuron: Neuron, widths: list[int], digits: int) -> None:
    from matplotlib.patches import Circle

    x, y = _place(neuron.layer, neuron.position, widths)
    ax.add_patch(Circle((x, y), _RADIUS, facecolor="#F4F4F4" if neuron.layer else "white", edgecolor="black", lw=1.2))
    name = neuron.symbol if widths[neuron.layer] == 1 else f"{neuron.symbol}$_{{{neuron.position + 1}}}$"
    ax.text(x, y + 0.17, name, ha="center", va="center", fontsize=10)
    ax.text(x, y - 0.14, number(neuron.a, digits), ha="center", va="center", fontsize=9, color=FORWARD)
    if neuron.z is not None and neuron.bias is not None:
        above = f"z {number(neuron.z, digits)}"
        ax.text(x, y + _RADIUS + 0.05, above, ha="center", va="bottom", fontsize=8.5, color=FORWARD)
        ax.text(x, y - _RADIUS - 0.05, f"b {number(neuron.bias, digits)}", ha="center", va="top", fontsize=8.5)
    if neuron.delta is not None:
        below = f"δ ← {number(neuron.delta, digits)}"
        ax.text(x, y - _RADIUS - 0.27, below, ha="center", va="top", fontsize=8.5, color=BACKWARD, style="italic")
