"""The article's worked example (its section 4.4): what it prints, and what follows from what it prints.

A network with 2 inputs, 3 hidden neurons and 1 output classifies points in the plane. Everything printed stands here
as data, under the article's own names; the functions do the arithmetic that the article announces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

#: The training table: four points and their labels.
ROWS = ((1.0, 2.0), (2.0, 3.0), (3.0, 4.0), (4.0, 5.0))
LABELS = (0, 1, 0, 1)

#: The table of weights and biases, layer by layer, as printed.
INPUT_WEIGHTS, INPUT_BIASES = (0.1, 0.2), (0.3, 0.4)
HIDDEN_WEIGHTS, HIDDEN_BIASES = ((0.5, 0.6), (0.7, 0.8), (0.9, 1.0)), (1.1, 1.2, 1.3)
OUTPUT_WEIGHT, OUTPUT_BIAS = 2.2, 2.3

#: The sample that the article calls new, and the class that it predicts for it.
SAMPLE, PREDICTED = (2.0, 3.0), 0

#: The right-hand sides that the article prints for z, term by term: weight times input twice, then the bias.
Z_TERMS = {
    "z1": ((0.1, 2.0), (0.2, 3.0), 0.3),
    "z2": ((0.5, 2.0), (0.6, 3.0), 1.1),
    "z3": ((0.7, 2.0), (0.8, 3.0), 1.2),
}

#: The results that it prints.
PRINTED = {"z1": 1.2, "z2": 2.7, "z3": 3.8, "a1": 0.897, "a2": 0.952, "a3": 0.996, "y": 0.857}


@dataclass(frozen=True)
class Line:
    """A line of the example: its right-hand side, what the article prints, and what the right-hand side gives."""

    symbol: str
    says: str
    printed: float
    gives: float

    @property
    def holds(self) -> bool:
        """Tell whether the printed number is the computed one, to the decimals that are printed."""
        decimals = len(str(self.printed).split(".")[1])
        return round(self.gives, decimals) == self.printed


def lines() -> list[Line]:
    """Return the example line by line, each computed from the numbers that the article prints above it.

    So a wrong line is wrong by itself, not by one before it.

    Examples
    --------
    >>> [(line.symbol, line.printed, round(line.gives, 4)) for line in lines()][:2]
    [('z1', 1.2, 1.1), ('z2', 2.7, 3.9)]
    >>> [line.symbol for line in lines() if line.holds]
    []
    """
    sums = [
        Line(name, f"{w1} · {x1:g} + {w2} · {x2:g} + {b}", PRINTED[name], w1 * x1 + w2 * x2 + b)
        for name, ((w1, x1), (w2, x2), b) in Z_TERMS.items()
    ]
    activations = [
        Line(f"a{n}", f"σ({PRINTED[f'z{n}']})", PRINTED[f"a{n}"], _sigmoid(PRINTED[f"z{n}"])) for n in (1, 2, 3)
    ]
    a1, a2 = PRINTED["a1"], PRINTED["a2"]
    output = Line("y", f"{a1} · 2.2 + {a2} · 2.3 + 2.3", PRINTED["y"], _output(a1, a2))
    return [*sums, *activations, output]


def consequent() -> dict[str, float]:
    """Return the example computed from its first line on, each line from the true values before it.

    The network stays the article's own: its z₁, no a₃ in the output, 2.3 as a weight and as the bias.

    Examples
    --------
    >>> {name: round(value, 4) for name, value in consequent().items()}
    {'z1': 1.1, 'z2': 3.9, 'z3': 5.0, 'a1': 0.7503, 'a2': 0.9802, 'a3': 0.9933, 'y': 6.2049}
    """
    z = {name: w1 * x1 + w2 * x2 + b for name, ((w1, x1), (w2, x2), b) in Z_TERMS.items()}
    a = {f"a{name[1]}": _sigmoid(value) for name, value in z.items()}
    return {**z, **a, "y": _output(a["a1"], a["a2"])}


def output_range() -> tuple[float, float]:
    """Return the bounds of the article's last line for any activations between 0 and 1; it never reaches them.

    Both weights are positive, so the line is smallest for activations near 0 and largest for activations near 1.

    Examples
    --------
    >>> low, high = output_range()
    >>> low, round(high, 4)
    (2.3, 6.8)
    """
    return _output(0.0, 0.0), _output(1.0, 1.0)


def proper_network() -> tuple[Any, Any, Any, Any]:
    """Return W1 (2, 3), b1 (3,), W2 (3, 1) and b2 (1,): the table read as a 2-3-1 network.

    The hidden layer's three rows are its three neurons, so `W1` is the table turned over. Three weights lead to the
    output and one is printed, so it is used three times. What the table gives the "input layer" is left out: inputs
    are numbers, not neurons.

    Examples
    --------
    >>> W1, b1, W2, b2 = proper_network()
    >>> [part.shape for part in (W1, b1, W2, b2)]
    [(2, 3), (3,), (3, 1), (1,)]
    """
    return (
        np.array(HIDDEN_WEIGHTS).T,
        np.array(HIDDEN_BIASES),
        np.full((3, 1), OUTPUT_WEIGHT),
        np.array([OUTPUT_BIAS]),
    )


def table() -> tuple[Any, Any]:
    """Return the training table as X (4, 2) and y (4, 1).

    Examples
    --------
    >>> X, y = table()
    >>> X[1].tolist(), y[1].tolist()
    ([2.0, 3.0], [1.0])
    """
    return np.array(ROWS), np.array(LABELS, float)[:, None]


def listing_parameters(n_inputs: int) -> int:
    """Return how many weights and biases the 64-64-1 network of the article's listing (section 5.2) has.

    Examples
    --------
    >>> listing_parameters(2)
    4417
    """
    return (n_inputs + 1) * 64 + 65 * 64 + 65


def _sigmoid(z: float) -> float:
    return float(1 / (1 + np.exp(-z)))


def _output(a1: float, a2: float) -> float:
    return a1 * OUTPUT_WEIGHT + a2 * OUTPUT_BIAS + OUTPUT_BIAS
