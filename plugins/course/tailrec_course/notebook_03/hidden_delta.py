"""03-2: the step that the article leaves out, from a layer's delta to the one before."""

from __future__ import annotations

import numpy as np

from tailrec_course.arrays import gives_array, is_begun_on_arrays
from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import is_function

# Two rows, three hidden neurons, two outputs.
_DELTA = np.array([[0.4, -0.2], [0.1, 0.3]])
_W = np.array([[0.5, 1.0], [-1.0, 2.0], [0.25, -0.5]])
_A = np.array([[0.6, 0.9, 0.5], [0.2, 0.7, 0.4]])
_CASE = (_DELTA, _W, _A)
_BACK = _DELTA @ _W.T
_RIGHT = _BACK * _A * (1 - _A)
# As many hidden neurons as outputs: here a matrix that is not transposed fits as well.
_SQUARE = (_DELTA, _W[:2], _A[:, :2])


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def hidden_delta(delta_out, W, a):\n    {body}\n", says)


HIDDEN_DELTA = Exercise(
    name="03-2",
    text="""\
Write `hidden_delta(delta_out, W, a)`, the recursion $\\delta_j = \\sigma'(z_j) \\sum_k w_{jk} \\delta_k$ for all
hidden neurons $j$ and all rows at once. Shapes: `delta_out` `(n, n_out)`, the weights of the layer above `W`
`(n_hidden, n_out)`, the hidden layer's activations `a` `(n, n_hidden)`. It returns `(n, n_hidden)`.
""",
    stub="""\
def hidden_delta(delta_out, W, a):
    return ...
""",
    answer="hidden_delta",
    hint="The sum over $k$ runs over the columns of `W`, so `W` has to be turned over. "
    "Which shape has `delta_out @ W.T`? Then each neuron's own slope, from its activation (03-1).",
    solution="""\
def hidden_delta(delta_out, W, a):
    return delta_out @ W.T * a * (1 - a)
""",
    rules=(
        is_function("hidden_delta"),
        is_begun_on_arrays(_CASE),
        gives_array(
            _CASE,
            _RIGHT,
            where="for two rows, three hidden neurons and two outputs",
            because=f"expected {_RIGHT.round(4).tolist()}",
            instead=[
                (_BACK, "that is the derivative with respect to the activation; times σ′(z) it is δ"),
                (_BACK * _A, "the slope is a (1 − a), here only `a` is there"),
                (_BACK * (1 - _A), "the slope is a (1 − a), here only 1 − a is there"),
                (_BACK * (1 - _A**2), "that is the slope of the tanh; these neurons are sigmoids"),
                (_DELTA, "the delta of the output came back unchanged; it has to go through the weights"),
                (-_RIGHT, "the sign is turned round; nothing in the recursion is subtracted"),
                (_RIGHT.sum(axis=0), "the rows were added up; every row keeps its own δ"),
                (_RIGHT.mean(axis=0), "the rows were averaged; every row keeps its own δ"),
                (_RIGHT.T, "rows and columns have changed places: a row of δ belongs to a row of `a`"),
                (
                    _DELTA.sum(axis=1, keepdims=True) * _A * (1 - _A),
                    "the weights are missing: the outputs' deltas were added up as if each w were 1",
                ),
                (_DELTA[:, :1] @ _W[:, :1].T * _A * (1 - _A), "only the first output sends its error back; add all k"),
                (
                    (_A - _DELTA.sum(axis=1, keepdims=True)) * _A * (1 - _A),
                    "something was subtracted from `a`; a hidden neuron has no label",
                ),
            ],
            misfit="`delta_out` is (n, n_out) and `W` (n_hidden, n_out), so it is `W.T` that fits behind `delta_out @`",
        ),
        gives_array(
            _SQUARE,
            _DELTA @ _W[:2].T * _A[:, :2] * (1 - _A[:, :2]),
            where="for as many hidden neurons as outputs",
            because="here `W` fits without a transpose as well, and sends the error to the wrong neurons",
        ),
    ),
    praise="this line is back-propagation; the article has every formula around it and not this one",
    wrong={
        "print hands a value over": _wrong("print(delta_out @ W.T * a * (1 - a))", "only `return` hands it over"),
        "the function is to be called": WrongAnswer("hidden_delta = np.zeros((2, 3))\n", "without parentheses"),
        "with respect to a": _wrong("return delta_out @ W.T", "with respect to the activation"),
        "a is the slope": _wrong("return delta_out @ W.T * a", "only `a` is there"),
        "1 − a is the slope": _wrong("return delta_out @ W.T * (1 - a)", "only 1 − a is there"),
        "the slope of tanh": _wrong("return delta_out @ W.T * (1 - a**2)", "the slope of the tanh"),
        "delta is delta": _wrong("return delta_out", "came back unchanged"),
        "downhill already": _wrong("return -delta_out @ W.T * a * (1 - a)", "nothing in the recursion"),
        "one delta for all rows": _wrong("return (delta_out @ W.T * a * (1 - a)).sum(axis=0)", "were added up; every"),
        "the mean over rows": _wrong("return (delta_out @ W.T * a * (1 - a)).mean(axis=0)", "were averaged"),
        "columns are rows": _wrong("return (delta_out @ W.T * a * (1 - a)).T", "have changed places"),
        "all errors count alike": _wrong(
            "return delta_out.sum(axis=1, keepdims=True) * a * (1 - a)", "the weights are missing"
        ),
        "the first output alone": _wrong("return delta_out[:, :1] @ W[:, :1].T * a * (1 - a)", "only the first output"),
        "a hidden label": _wrong("return (a - delta_out.sum(axis=1, keepdims=True)) * a * (1 - a)", "has no label"),
        "W as it stands": _wrong("return delta_out @ W * a * (1 - a)", "it is `W.T` that fits"),
        "W as it stands, where it fits": _wrong(
            "V = W if W.shape[0] == W.shape[1] else W.T\n    return delta_out @ V * a * (1 - a)",
            "fits without a transpose",
        ),
        "the sigmoid again": _wrong(
            "s = 1 / (1 + np.exp(-a))\n    return delta_out @ W.T * s * (1 - s)", "expected [["
        ),
        "one number": _wrong("return (delta_out @ W.T * a * (1 - a)).sum()", "expected an array"),
    },
)
