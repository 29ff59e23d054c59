"""One backward pass, a step at a time: what is known after each step, and the arithmetic of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from tailrec_backprop.diagram import Diagram, compute_diagram, draw_diagram, number
from tailrec_backprop.network import ACTIVATIONS, Dense, Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Sums are spelled out for so many neurons of a layer at most.
_SPELLED_OUT = 6


@dataclass(frozen=True)
class Step:
    """What is seen after a step: the diagram with the gradients found so far, a title, and the sums that gave them."""

    title: str
    sums: list[str]
    diagram: Diagram


def n_steps(net: Network) -> int:
    """Return how many steps there are: the forward pass, and for every layer ∂C/∂a, δ, and ∂C/∂W with ∂C/∂b."""
    return 1 + 3 * len(net.layers)


def compute_step(net: Network, x: ArrayLike, y: ArrayLike, loss: Callable[..., Any], step: int) -> Step:
    """Return what is known after a number of steps of one sample's backward pass.

    Parameters
    ----------
    net
        The network; its layers hold this sample afterwards. No layer may be a softmax.
    x, y
        (n_in,) the sample, (n_out,) its label.
    loss
        `mse`, `binary_cross_entropy` or `cross_entropy`.
    step
        From 0, the forward pass, to `n_steps` - 1; what lies beyond is taken as the nearest.

    Examples
    --------
    >>> from tailrec_backprop import Dense, mse
    >>> net = Network([Dense([[2.0]], [1.0], "linear")])
    >>> compute_step(net, [3.0], [5.0], mse, 0).sums
    ['a₁ = 7', 'C = 4']
    >>> compute_step(net, [3.0], [5.0], mse, 3).sums
    ['∂C/∂w₁₁ = 3 · 4 = 12', '∂C/∂b₁ = δ₁ = 4']
    """
    whole = compute_diagram(net, x, y, loss)
    step = int(np.clip(step, 0, n_steps(net) - 1))
    depth, part = len(net.layers) - (step - 1) // 3, (step - 1) % 3
    if step == 0:
        outputs = net.layers[-1].a[0]
        sums = [f"a{_low(j)} = {number(a)}" for j, a in enumerate(outputs)] + [f"C = {number(whole.loss or 0.0)}"]
        return Step(
            "Forward: every z and a, from left to right, and the loss C", sums, _known(whole, len(net.layers) + 1, 0)
        )
    above = "" if depth == len(net.layers) else f", with w and δ of layer {depth + 1}"
    title, sums = (
        (f"∂C/∂a{above}", _sums_of_a),
        ("δ = ∂C/∂z = ∂C/∂a · f′(z)", _sums_of_delta),
        ("∂C/∂w = what the weight was given · δ, and ∂C/∂b = δ", _sums_of_weights),
    )[part]
    return Step(f"Layer {depth}: {title}", sums(net, depth), _known(whole, depth, part))


def draw_step(step: Step) -> Figure:
    """Draw the diagram with what is known so far."""
    return draw_diagram(step.diagram)


def _known(whole: Diagram, depth: int, part: int) -> Diagram:
    """Return the diagram without the δ and ∂C/∂w that come after part `part` of layer `depth`."""
    deltas, weights = depth + (part < 1), depth + (part < 2)
    neurons = [replace(one, delta=one.delta if one.layer >= deltas else None) for one in whole.neurons]
    return Diagram(
        neurons, [replace(x, gradient=x.gradient if x.layer >= weights else None) for x in whole.lines], whole.loss
    )


def _sums_of_a(net: Network, depth: int) -> list[str]:
    layer, names = net.layers[depth - 1], range(len(net.layers[depth - 1].b))
    if depth == len(net.layers):
        return [f"∂C/∂a{_low(j)} = {number(layer.da[0, j])}, from the loss" for j in names]
    above = net.layers[depth]
    return _shortened([
        f"∂C/∂a{_low(j)} = Σₖ w{_low(j)}ₖ δₖ = "
        + " + ".join(f"{_factor(w)} · {_factor(d)}" for w, d in zip(above.W[j], above.delta[0], strict=True))
        + f" = {number(layer.da[0, j])}"
        for j in names
    ])  # fmt: skip


def _sums_of_delta(net: Network, depth: int) -> list[str]:
    layer = net.layers[depth - 1]
    return _shortened([
        f"δ{_low(j)} = {_factor(layer.da[0, j])} · {_factor(slope)} = {number(layer.delta[0, j])}"
        for j, slope in enumerate(_slopes(layer))
    ])  # fmt: skip


def _sums_of_weights(net: Network, depth: int) -> list[str]:
    layer = net.layers[depth - 1]
    weights = [
        f"∂C/∂w{_low(i)}{_low(j)} = {_factor(layer.x[0, i])} · {_factor(layer.delta[0, j])} = {number(layer.dW[i, j])}"
        for i in range(len(layer.W))
        for j in range(len(layer.b))
    ]
    return [
        *_shortened(weights),
        *_shortened([f"∂C/∂b{_low(j)} = δ{_low(j)} = {number(d)}" for j, d in enumerate(layer.db)]),
    ]


def _slopes(layer: Dense) -> Any:
    return ACTIVATIONS[layer.activation][1](np.ones_like(layer.z), layer.z, layer.a)[0]


def _shortened(lines: list[str]) -> list[str]:
    return lines if len(lines) <= _SPELLED_OUT else [*lines[:_SPELLED_OUT], f"and {len(lines) - _SPELLED_OUT} more"]


def _factor(value: float) -> str:
    text = number(value)
    return f"({text})" if text.startswith("−") else text


def _low(index: int) -> str:
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(index + 1))
