"""03-3: from a layer's delta to the gradients of its weights and biases."""

from __future__ import annotations

from typing import Any

import numpy as np

from tailrec_course.arrays import same, shape_of, shown_array
from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import call, is_function

# Three rows, two inputs, three neurons.
_X = np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 4.0]])
_DELTA = np.array([[0.5, -0.25, 0.1], [0.2, 0.4, -0.3], [-0.1, 0.3, 0.6]])
_DW, _DB = _X.T @ _DELTA, _DELTA.sum(axis=0)


def _is_a_pair(answer: Any) -> str | None:
    try:
        got = call(answer, _X, _DELTA)
    except ValueError:
        return "NumPy says that the shapes do not fit: `dW` is (n_in, n_out), so `x` (n, n_in) has to be turned over"
    if got is None:
        return "your function returned nothing: `print` shows values, only `return` hands them over"
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        return f"expected two arrays, `dW, db`, received {shown_array(got)}"
    return "the three dots are still there: put an array in the place of each" if any(x is ... for x in got) else None


def _is_the_gradient_of_the_weights(answer: Any) -> str | None:
    dW, db = call(answer, _X, _DELTA)
    if same(dW, _DW):
        return None
    if same(db, _DW):
        return "the two are the other way round: `dW` comes first"
    beliefs = [
        (_DW.T, "that is its transpose: `dW` has the shape of `W`, one column for each neuron"),
        (_DW / 3, "that is the mean over the rows; the loss has averaged already, so here they are added"),
        (-_DW, "the sign is turned round: the gradient points uphill, the minus comes with the step"),
        (np.outer(_X[0], _DELTA[0]), "that is the first row alone; the rows are added up"),
        (
            np.outer(_X.mean(axis=0), _DELTA.mean(axis=0)),
            "the rows were averaged before they were multiplied; an input belongs to the δ of its own row",
        ),
        (np.outer(_X.sum(axis=0), _DELTA.sum(axis=0)), "the rows were added before they were multiplied"),
        (_X[:, :, None] * _DELTA[:, None, :], "one matrix for each row; add them up over the rows"),
        (np.ones_like(_X).T @ _DELTA, "the inputs are missing: a weight's gradient is δ times what came in through it"),
    ]
    why = next((words for value, words in beliefs if same(dW, value)), None)
    if why is None:
        why = (
            f"expected {_DW.round(4).tolist()}"
            if shape_of(dW) == _DW.shape
            else f"expected the shape of `W`, {_DW.shape}"
        )
    return f"for three rows `dW` is {shown_array(dW)}: {why}"


def _is_the_gradient_of_the_biases(answer: Any) -> str | None:
    db = call(answer, _X, _DELTA)[1]
    if same(db, _DB):
        return None
    beliefs = [
        (_DB / 3, "that is the mean over the rows; here they are added, as in `dW`"),
        (_DELTA, "that is δ for each row; the bias is the same in every row, so its gradients are added up"),
        (_DELTA.sum(axis=1), "the sum ran over the neurons; it is the rows that are added up, `axis=0`"),
        (_DELTA.sum(), "that is one number for the whole layer; every neuron has its own bias"),
        (_DB[None], "the values are right, the shape is not: `db` has the shape of `b`, one axis"),
        (-_DB, "the sign is turned round: the gradient points uphill"),
        (_DELTA[0], "that is the first row alone"),
        (np.ones(3), "that is ∂z/∂b, which is 1; times δ, added up over the rows, it is the gradient"),
    ]
    why = next((words for value, words in beliefs if same(db, value)), None)
    if why is None:
        why = f"expected {_DB.round(4).tolist()}" if shape_of(db) == _DB.shape else "expected the shape of `b`, (3,)"
    return f"for three rows `db` is {shown_array(db)}: {why}"


def _wrong(dW: str, db: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def layer_gradients(x, delta):\n    return {dW}, {db}\n", says)


_W_OK, _B_OK = "x.T @ delta", "delta.sum(axis=0)"

LAYER_GRADIENTS = Exercise(
    name="03-3",
    text="""\
Write `layer_gradients(x, delta)`. `x` `(n, n_in)` is what came into a layer, `delta` `(n, n_out)` the derivative of
the loss with respect to its $z$, row by row; the loss has divided by the number of rows already. It returns two
arrays: `dW` in the shape of `W`, `(n_in, n_out)`, and `db` in the shape of `b`, `(n_out,)`.
""",
    stub="""\
def layer_gradients(x, delta):
    dW = ...
    db = ...
    return dW, db
""",
    answer="layer_gradients",
    hint="For one row: $\\partial C/\\partial w_{ij} = x_i \\delta_j$ and $\\partial C/\\partial b_j = \\delta_j$. "
    "All rows share the weights, so their gradients are added up; a matrix product does both at once.",
    solution="""\
def layer_gradients(x, delta):
    dW = x.T @ delta
    db = delta.sum(axis=0)
    return dW, db
""",
    rules=(
        is_function("layer_gradients"),
        _is_a_pair,
        _is_the_gradient_of_the_weights,
        _is_the_gradient_of_the_biases,
    ),
    praise="with 03-2 and this, a network of any depth can be differentiated",
    wrong={
        "print hands values over": WrongAnswer(
            "def layer_gradients(x, delta):\n    print(x.T @ delta, delta.sum(axis=0))\n", "only `return` hands them"
        ),
        "the function is to be called": WrongAnswer("layer_gradients = 1\n", "without parentheses"),
        "the weights are enough": WrongAnswer(
            "def layer_gradients(x, delta):\n    return x.T @ delta\n", "expected two arrays"
        ),
        "x as it stands": _wrong("x @ delta", _B_OK, "(n, n_in) has to be turned over"),
        "db comes first": _wrong(_B_OK, _W_OK, "the other way round"),
        "a row a neuron": _wrong("delta.T @ x", _B_OK, "its transpose"),
        "the mean again": _wrong("x.T @ delta / len(x)", _B_OK, "has averaged already"),
        "downhill already": _wrong("-x.T @ delta", _B_OK, "the minus comes with the step"),
        "the first row": _wrong("np.outer(x[0], delta[0])", _B_OK, "the first row alone; the rows"),
        "averages are multiplied": _wrong(
            "np.outer(x.mean(axis=0), delta.mean(axis=0))", _B_OK, "averaged before they were multiplied"
        ),
        "sums are multiplied": _wrong(
            "np.outer(x.sum(axis=0), delta.sum(axis=0))", _B_OK, "added before they were multiplied"
        ),
        "a matrix a row": _wrong("x[:, :, None] * delta[:, None, :]", _B_OK, "one matrix for each row"),
        "the inputs do not matter": _wrong("np.ones_like(x).T @ delta", _B_OK, "the inputs are missing"),
        "x is squashed": _wrong("np.tanh(x).T @ delta", _B_OK, "expected [["),
        "a vector of weights": _wrong(_B_OK, _B_OK, "expected the shape of `W`"),
        "the mean of the biases": _wrong(_W_OK, "delta.mean(axis=0)", "as in `dW`"),
        "the bias is delta": _wrong(_W_OK, "delta", "δ for each row"),
        "the wrong axis": _wrong(_W_OK, "delta.sum(axis=1)", "`axis=0`"),
        "one bias": _wrong(_W_OK, "delta.sum()", "every neuron has its own bias"),
        "a row of biases": _wrong(_W_OK, "delta.sum(axis=0, keepdims=True)", "one axis"),
        "biases downhill": _wrong(_W_OK, "-delta.sum(axis=0)", "`db` is [-0.6"),
        "the first bias": _wrong(_W_OK, "delta[0]", "`db` is [0.5"),
        "the slope alone": _wrong(_W_OK, "np.ones(3)", "∂z/∂b"),
        "the largest": _wrong(_W_OK, "delta.max(axis=0)", "expected [0.6"),
        "a column": _wrong(_W_OK, "delta.sum(axis=0)[:, None]", "the shape of `b`, (3,)"),
    },
)
