"""02-1: one neuron."""

from __future__ import annotations

import numpy as np

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import gives, is_begun, is_function


def _sigmoid(z: float) -> float:
    return float(1 / (1 + np.exp(-z)))


# Inputs, weights and bias are all different, so no two beliefs give the same number.
_X, _W, _B = np.array([1.0, 2.0]), np.array([0.4, -0.3]), 0.5
_CASE = (_X, _W, _B)
_Z = 0.4 - 0.6 + 0.5


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def neuron(x, w, b):\n    {body}\n", says)


NEURON = Exercise(
    name="02-1",
    text="""\
Write `neuron(x, w, b)`: the activation of one neuron with the sigmoid. `x` holds the inputs and `w` the
weights, both of shape `(n_in,)`; `b` is one number, the bias. It returns one number.
""",
    stub="""\
def neuron(x, w, b):
    return ...
""",
    answer="neuron",
    hint="Two steps: first $z$, the weighted sum of the inputs plus the bias, then the sigmoid of $z$. "
    "`x @ w` multiplies element by element and adds up.",
    solution="""\
def neuron(x, w, b):
    z = x @ w + b
    return 1 / (1 + np.exp(-z))
""",
    rules=(
        is_function("neuron"),
        is_begun(_CASE),
        gives(
            _CASE,
            _sigmoid(_Z),
            f"expected {_sigmoid(_Z):.4f}, the sigmoid of 1·0.4 + 2·(−0.3) + 0.5 = 0.3",
            instead=[
                (_Z, "that is z, the weighted sum; the activation is its sigmoid"),
                (_sigmoid(-0.2), "the bias is missing from z"),
                (_sigmoid(-0.2) + _B, "the bias belongs into z, before the sigmoid, not after it"),
                (_sigmoid(-0.2 * _B), "the bias is added to the weighted sum, not multiplied with it"),
                (_sigmoid(-_Z), "that is the sigmoid of −z; the exponent holds −z, not z"),
                (_sigmoid(3.0 + _B), "the inputs were added without their weights"),
                (_sigmoid(_Z - 2 * _B), "the bias is added, here it was subtracted"),
                (_sigmoid(0.4 + 0.5 - 0.6 + 0.5), "the bias was added once for each input; a neuron has one bias"),
                (float(np.tanh(_Z)), "that is the tanh of z; the sigmoid is asked for"),
                (float(np.exp(-_Z)), "that is e to the −z alone; the sigmoid is one over one plus it"),
            ],
        ),
        gives(
            (np.array([1.0, 2.0, 4.0]), np.array([0.5, 0.5, -1.0]), 0.5),
            _sigmoid(-2.0),
            f"expected {_sigmoid(-2.0):.4f}, the sigmoid of −2",
            instead=[
                (_sigmoid(2.0), "only the first two inputs were used; `x @ w` takes as many as there are"),
                (0.0, "nothing is cut off at zero: that is ReLU's way, not the sigmoid's"),
            ],
        ),
    ),
    praise="a weighted sum, a bias, a squashing; every neuron of every network below is this line",
    wrong={
        "print hands a value over": _wrong("print(1 / (1 + np.exp(-(x @ w + b))))", "only `return` hands it over"),
        "the function is to be called": WrongAnswer("neuron = 0.5744\n", "without parentheses"),
        "z is the output": _wrong("return x @ w + b", "that is z"),
        "there is no bias": _wrong("return 1 / (1 + np.exp(-(x @ w)))", "the bias is missing"),
        "the bias comes after the sigmoid": _wrong("return 1 / (1 + np.exp(-(x @ w))) + b", "not after it"),
        "the bias scales": _wrong("return 1 / (1 + np.exp(-(x @ w) * b))", "not multiplied"),
        "the exponent holds z": _wrong("return 1 / (1 + np.exp(x @ w + b))", "the sigmoid of −z"),
        "the minus takes the sum only": _wrong("return 1 / (1 + np.exp(-(x @ w) + b))", "was subtracted"),
        "inputs count alike": _wrong("return 1 / (1 + np.exp(-(x.sum() + b)))", "without their weights"),
        "a bias an input": _wrong("return 1 / (1 + np.exp(-(x * w + b).sum()))", "once for each input"),
        "the products stay apart": _wrong("return 1 / (1 + np.exp(-(x * w + b)))", "expected 0.5744"),
        "any squashing does": _wrong("return np.tanh(x @ w + b)", "the tanh of z"),
        "the exponential is the sigmoid": _wrong("return np.exp(-(x @ w + b))", "one over one plus it"),
        "a neuron has two inputs": _wrong(
            "return 1 / (1 + np.exp(-(x[0] * w[0] + x[1] * w[1] + b)))", "as many as there are"
        ),
        "what is negative is cut": _wrong(
            "z = x @ w + b\n    return 1 / (1 + np.exp(-z)) if z > 0 else 0.0", "nothing is cut off"
        ),
    },
)
