"""02-3: a whole network, several rows at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from tailrec_course.arrays import gives_array, is_begun_on_arrays
from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import is_function


def _s(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


_X = np.array([[1.0, 0.0], [0.5, 2.0]])
_W1 = np.array([[0.5, -0.4, 0.3], [0.2, 0.1, -0.6]])
_B1 = np.array([0.1, 0.2, -0.3])
_W2 = np.array([[0.7], [-0.8], [0.9]])
_B2 = np.array([-0.2])
_CASE = (_X, _W1, _B1, _W2, _B2)
_HIDDEN = _s(_X @ _W1 + _B1)
_OUT = _s(_HIDDEN @ _W2 + _B2)
# As many hidden neurons as inputs: here a transposed matrix still fits.
_SQUARE = (_X, _W1[:, :2], _B1[:2], _W2[:2], _B2)
_HIDDEN_2 = _s(_X @ _W1[:, :2] + _B1[:2])


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(
        f"def sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n\n\ndef forward(X, W1, b1, W2, b2):\n    {body}\n", says
    )


FORWARD = Exercise(
    name="02-3",
    text="""\
Write `forward(X, W1, b1, W2, b2)`: the output of a network with one hidden layer, sigmoid in both layers, for
all rows of `X` at once. Shapes: `X` `(n, n_in)`, `W1` `(n_in, n_hidden)`, `b1` `(n_hidden,)`, `W2`
`(n_hidden, n_out)`, `b2` `(n_out,)`. It returns `(n, n_out)`.
""",
    stub="""\
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(X, W1, b1, W2, b2):
    return ...
""",
    answer="forward",
    hint="Two lines of the same form. The activations of the first are the inputs of the second.",
    solution="""\
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(X, W1, b1, W2, b2):
    hidden = sigmoid(X @ W1 + b1)
    return sigmoid(hidden @ W2 + b2)
""",
    rules=(
        is_function("forward"),
        is_begun_on_arrays(_CASE),
        gives_array(
            _CASE,
            _OUT,
            where="for two rows and three hidden neurons",
            because=f"expected {_OUT.round(4).tolist()}",
            instead=[
                (_HIDDEN, "those are the activations of the hidden layer; the output layer takes them as its inputs"),
                (_HIDDEN @ _W2 + _B2, "that is the z of the output; its sigmoid is missing"),
                (_s((_X @ _W1 + _B1) @ _W2 + _B2), "the hidden layer has no activation: two matrices make one"),
                (_s(_s(_X @ _W1) @ _W2), "both biases are missing"),
                (_s(_HIDDEN @ _W2), "the bias of the output is missing"),
                (_s(_s(_X @ _W1) @ _W2 + _B2), "the biases of the hidden layer are missing"),
                (
                    _OUT[:, 0],
                    "the values are right, the shape is not: one column for each output, also where it is one",
                ),
                (_OUT[0], "that is the first row alone; `X @ W1` takes all rows at once"),
                (_OUT.T, "rows and columns have changed places: a row of the output belongs to a row of X"),
                ((_OUT > 0.5).astype(float), "those are decisions; the output is the number they are made from"),
            ],
            misfit="`X` is (n, n_in) and `W1` (n_in, n_hidden), so `X @ W1` fits as it stands, without a transpose",
        ),
        gives_array(
            _SQUARE,
            _s(_HIDDEN_2 @ _W2[:2] + _B2),
            where="for as many hidden neurons as inputs",
            because="here a transposed `W1` fits as well, and gives another network; column j of `W1` is neuron j",
        ),
    ),
    praise="two lines, and nothing in them depends on the number of rows",
    wrong={
        "print hands a value over": _wrong(
            "print(sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2))", "only `return` hands it over"
        ),
        "the function is to be called": WrongAnswer("forward = np.zeros((2, 1))\n", "without parentheses"),
        "the hidden layer is the output": _wrong("return sigmoid(X @ W1 + b1)", "of the hidden layer; the output"),
        "the output has no activation": _wrong("return sigmoid(X @ W1 + b1) @ W2 + b2", "its sigmoid is missing"),
        "one activation at the end": _wrong("return sigmoid((X @ W1 + b1) @ W2 + b2)", "two matrices make one"),
        "no biases": _wrong("return sigmoid(sigmoid(X @ W1) @ W2)", "both biases"),
        "no bias at the output": _wrong("return sigmoid(sigmoid(X @ W1 + b1) @ W2)", "the bias of the output"),
        "no bias in the hidden layer": _wrong("return sigmoid(sigmoid(X @ W1) @ W2 + b2)", "of the hidden layer are"),
        "one output is a flat array": _wrong(
            "return sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2).ravel()", "the shape is not"
        ),
        "one row": _wrong("return sigmoid(sigmoid(X[0] @ W1 + b1) @ W2 + b2)", "the first row alone"),
        "columns are rows": _wrong("return sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2).T", "have changed places"),
        "the answer is a decision": _wrong(
            "return (sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) > 0.5).astype(float)", "those are decisions"
        ),
        "a row of W1 is a neuron": _wrong("return sigmoid(sigmoid(X @ W1.T + b1) @ W2 + b2)", "without a transpose"),
        "transposed where it fits": _wrong(
            "W = W1.T if W1.shape[0] == W1.shape[1] else W1\n    return sigmoid(sigmoid(X @ W + b1) @ W2 + b2)",
            "a transposed `W1` fits",
        ),
        "any activation does": _wrong("return np.tanh(np.tanh(X @ W1 + b1) @ W2 + b2)", "expected [["),
        "one number for all": _wrong("return sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2).mean()", "expected an array"),
    },
)
