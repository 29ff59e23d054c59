"""04-1: what two losses send back through the same neuron."""

from __future__ import annotations

import math
from typing import Any

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import call, equal, is_function, is_number, shown

_Z, _Y = -2.0, 1.0
_A = 1 / (1 + math.exp(-_Z))
_SLOPE = _A * (1 - _A)
_MSE, _CE = 2 * (_A - _Y) * _SLOPE, _A - _Y


def _is_a_pair_of_numbers(answer: Any) -> str | None:
    got = call(answer, _Z, _Y)
    if got is None:
        return "your function returned nothing: `print` shows values, only `return` hands them over"
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        return f"expected two numbers, `d_mse, d_ce`, received {shown(got)}"
    if any(value is ... for value in got):
        return "the three dots are still there: put a number in the place of each"
    wrong = [value for value in got if not is_number(value)]
    return f"expected two numbers, received {shown(wrong[0])} as one of them" if wrong else None


def _is_the_slope_of_the_squared_error(answer: Any) -> str | None:
    d_mse, d_ce = call(answer, _Z, _Y)
    if equal(d_mse, _MSE):
        return None
    beliefs = [
        (_CE, "that is the slope of the cross-entropy; is it in the first place?"),
        (2 * (_A - _Y), "that is the derivative with respect to ŷ; on to z it is multiplied with ŷ (1 − ŷ)"),
        (_CE * _SLOPE, "that is the slope of half the squared error; the square brings a 2 down"),
        (-_MSE, "the sign is turned round: ŷ is too small here, a larger z lowers the loss, so the slope is negative"),
        ((_A - _Y) ** 2, "that is the loss; asked is its slope"),
        (2 * (_Z - _Y), "the loss compares ŷ = σ(z) with y, here z itself was compared"),
        (2 * (_A - _Y) * _A, "the slope of the sigmoid is ŷ (1 − ŷ); the second factor is missing"),
    ]
    why = next((words for value, words in beliefs if equal(d_mse, value)), "expected 2 (ŷ − y) ŷ (1 − ŷ), −0.1850")
    return f"for z = −2 and y = 1 `d_mse` is {shown(d_mse)}: {why}"


def _is_the_slope_of_the_cross_entropy(answer: Any) -> str | None:
    d_ce = call(answer, _Z, _Y)[1]
    if equal(d_ce, _CE):
        return None
    beliefs = [
        (-1 / _A, "that is the derivative with respect to ŷ; on to z it is multiplied with ŷ (1 − ŷ)"),
        (_CE * _SLOPE, "the slope of the sigmoid has cancelled already; it is not multiplied in again"),
        (-_CE, "the sign is turned round: prediction minus label, not label minus prediction"),
        (-math.log(_A), "that is the loss; asked is its slope"),
        (_A, "that is ŷ; the label has to be taken away"),
        (2 * _CE, "there is no square in this loss, so no 2 comes down"),
        (_MSE, "that is the slope of the squared error again"),
    ]
    why = next((words for value, words in beliefs if equal(d_ce, value)), "expected ŷ − y, −0.8808")
    return f"for z = −2 and y = 1 `d_ce` is {shown(d_ce)}: {why}"


def _also_where_the_label_is_0(answer: Any) -> str | None:
    d_mse, d_ce = call(answer, 3.0, 0.0)
    a = 1 / (1 + math.exp(-3.0))
    if not equal(d_mse, 2 * a * a * (1 - a)):
        return (
            f"for z = 3 and y = 0 `d_mse` is {shown(d_mse)}, expected 0.0861: ŷ is too large, so the slope is positive"
        )
    if not equal(d_ce, a):
        return (
            f"for z = 3 and y = 0 `d_ce` is {shown(d_ce)}, expected 0.9526: "
            "the part with 1 − y belongs to the loss, or nothing holds ŷ down"
        )
    return None


def _wrong(d_mse: str, d_ce: str, says: str) -> WrongAnswer:
    return WrongAnswer(
        "def two_slopes(z, y):\n    y_hat = 1 / (1 + np.exp(-z))\n"
        f"    d_mse = {d_mse}\n    d_ce = {d_ce}\n    return d_mse, d_ce\n",
        says,
    )


_MSE_OK, _CE_OK = "2 * (y_hat - y) * y_hat * (1 - y_hat)", "y_hat - y"

TWO_SLOPES = Exercise(
    name="04-1",
    text="""\
One neuron with a sigmoid, $\\hat y = \\sigma(z)$, and a label $y$ of 0 or 1. Write `two_slopes(z, y)`: the derivative
with respect to $z$ of the squared error $(\\hat y - y)^2$, and that of the cross-entropy
$-y \\log \\hat y - (1 - y) \\log(1 - \\hat y)$.
""",
    stub="""\
def two_slopes(z, y):
    d_mse = ...
    d_ce = ...
    return d_mse, d_ce
""",
    answer="two_slopes",
    hint="Both by the chain rule, $\\partial C/\\partial\\hat y \\cdot \\hat y (1 - \\hat y)$. In the second, write "
    "$\\partial C/\\partial\\hat y$ as one fraction and look what cancels.",
    solution=f"""\
def two_slopes(z, y):
    y_hat = 1 / (1 + np.exp(-z))
    d_mse = {_MSE_OK}
    d_ce = {_CE_OK}
    return d_mse, d_ce
""",
    rules=(
        is_function("two_slopes"),
        _is_a_pair_of_numbers,
        _is_the_slope_of_the_squared_error,
        _is_the_slope_of_the_cross_entropy,
        _also_where_the_label_is_0,
    ),
    praise="the first fades where the neuron is surest, right or wrong; the second is as large as the mistake",
    wrong={
        "print hands values over": WrongAnswer(
            "def two_slopes(z, y):\n    print(0, 0)\n", "only `return` hands them over"
        ),
        "the function is to be called": WrongAnswer("two_slopes = (-0.185, -0.881)\n", "without parentheses"),
        "one is enough": WrongAnswer(
            "def two_slopes(z, y):\n    return 1 / (1 + np.exp(-z)) - y\n", "expected two numbers, `d_mse, d_ce`"
        ),
        "strings": _wrong('"2 (ŷ − y)"', _CE_OK, "as one of them"),
        "the other way round": _wrong(_CE_OK, _MSE_OK, "in the first place"),
        "with respect to ŷ": _wrong("2 * (y_hat - y)", _CE_OK, "`d_mse` is -1.76"),
        "half the square": _wrong("(y_hat - y) * y_hat * (1 - y_hat)", _CE_OK, "a 2 down"),
        "label minus prediction": _wrong("2 * (y - y_hat) * y_hat * (1 - y_hat)", _CE_OK, "so the slope is negative"),
        "the loss is asked for": _wrong("(y_hat - y) ** 2", _CE_OK, "`d_mse` is 0.7"),
        "z is compared": _wrong("2 * (z - y)", _CE_OK, "z itself was compared"),
        "half the slope": _wrong("2 * (y_hat - y) * y_hat", _CE_OK, "the second factor is missing"),
        "the slope of tanh": _wrong("2 * (y_hat - y) * (1 - y_hat**2)", _CE_OK, "expected 2 (ŷ − y)"),
        "cross-entropy by ŷ": _wrong(_MSE_OK, "-1 / y_hat", "`d_ce` is -8.3"),
        "the slope once more": _wrong(_MSE_OK, "(y_hat - y) * y_hat * (1 - y_hat)", "has cancelled already"),
        "cross-entropy turned round": _wrong(_MSE_OK, "y - y_hat", "label minus prediction"),
        "cross-entropy as a loss": _wrong(_MSE_OK, "-np.log(y_hat)", "`d_ce` is 2.1"),
        "no label": _wrong(_MSE_OK, "y_hat", "taken away"),
        "a 2 here too": _wrong(_MSE_OK, "2 * (y_hat - y)", "no 2 comes down"),
        "both the same": _wrong(_MSE_OK, _MSE_OK, "of the squared error again"),
        "by z": _wrong(_MSE_OK, "z - y", "expected ŷ − y"),
        "only ones have a loss": _wrong(_MSE_OK, "y * (y_hat - 1)", "nothing holds ŷ down"),
        "zeros pull down": _wrong("-2 * abs(y_hat - y) * y_hat * (1 - y_hat)", _CE_OK, "the slope is positive"),
    },
)
