"""04-3: one step of Adam."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import call, equal, is_function, is_number, shown

# A first step, a later one whose numbers are all different, and a weight that has never had a gradient.
_FIRST = (1.0, 0.5, 0.0, 0.0, 1)
_LATER = (1.0, 0.5, -0.2, 0.04, 3)
_M, _V = 0.9 * -0.2 + 0.1 * 0.5, 0.999 * 0.04 + 0.001 * 0.25
_M_HAT, _V_HAT = _M / (1 - 0.9**3), _V / (1 - 0.999**3)
_W = 1.0 - 0.1 * _M_HAT / np.sqrt(_V_HAT)


def _near(got: Any, expected: float) -> bool:
    return equal(got, expected, tolerance=1e-5)


def _is_a_triple(answer: Any) -> str | None:
    try:
        got = call(answer, *_FIRST)
    except ZeroDivisionError:
        return "at t = 1 something is divided by 0: t counts from 1, and 1 − β₁ᵗ is 0.1 there"
    if got is None:
        return "your function returned nothing: `print` shows values, only `return` hands them over"
    if got is ... or (isinstance(got, (tuple, list)) and any(value is ... for value in got)):
        return "the three dots are still there: put a number in the place of each"
    if not isinstance(got, (tuple, list)) or len(got) != 3 or not all(is_number(value) for value in got):
        return f"expected three numbers, `w, m, v`, received {shown(got)}: the next step needs m and v again"
    return None


def _has_the_means(answer: Any) -> str | None:
    _, m, v = call(answer, *_LATER)
    m_beliefs = [
        (_M_HAT, "that is m̂; what is kept for the next step is m, before the correction"),
        (0.9 * 0.5 + 0.1 * -0.2, "0.9 belongs to the old m, 0.1 to the new gradient"),
        (0.9 * -0.2 + 0.5, "the gradient comes in with 1 − β₁ = 0.1"),
        (0.1 * 0.5, "the old m is forgotten; 0.9 of it stays"),
        (0.999 * -0.2 + 0.001 * 0.5, "β₂ belongs to v; m has β₁ = 0.9"),
    ]
    v_beliefs = [
        (_V_HAT, "that is v̂; what is kept for the next step is v, before the correction"),
        (0.999 * 0.04 + 0.001 * 0.5, "v is the mean of the squared gradients"),
        (0.9 * 0.04 + 0.1 * 0.25, "β₁ belongs to m; v has β₂ = 0.999"),
        (0.999 * 0.04 + 0.001 * _M**2, "the gradient is squared, not m"),
        (0.999 * 0.04, "the new gradient is missing in it"),
    ]
    for name, got, right, beliefs in [("m", m, _M, m_beliefs), ("v", v, _V, v_beliefs)]:
        if not equal(got, right, tolerance=1e-9):
            otherwise = f"expected {right:.5g}"
            why = next((words for value, words in beliefs if equal(got, value, tolerance=1e-9)), otherwise)
            return f"with w 1, g 0.5, m −0.2, v 0.04 and t 3 the new `{name}` is {shown(got)}: {why}"
    return None


def _moves_the_weight(answer: Any) -> str | None:
    w = call(answer, *_LATER)[0]
    if _near(w, _W):
        return None
    step = 0.1
    beliefs = [
        (1 - step * _M / np.sqrt(_V), "neither mean is corrected; divide by 1 − β₁ᵗ and 1 − β₂ᵗ"),
        (1 - step * _M / np.sqrt(_V_HAT), "m is not corrected; at the beginning it is too small"),
        (1 - step * _M_HAT / np.sqrt(_V), "v is not corrected; at the beginning it is too small"),
        (1 - step * (_M / 0.1) / np.sqrt(_V / 0.001), "the correction has β to the power t, t counts the steps"),
        (1 - step * (_M / (1 - 0.9**4)) / np.sqrt(_V / (1 - 0.999**4)), "t counts from 1; here one was added"),
        (1 + step * _M_HAT / np.sqrt(_V_HAT), "the step goes downhill: it is subtracted"),
        (1 - step * _M_HAT / _V_HAT, "the root of v̂ is missing"),
        (1 - step * _M_HAT, "m̂ is not divided by √v̂, so every weight has its own step length no more"),
        (1 - step * 0.5 / np.sqrt(_V_HAT), "the gradient itself is there where m̂ belongs"),
        (1 - 0.001 * _M_HAT / np.sqrt(_V_HAT), "the learning rate is 0.1 here"),
        (-step * _M_HAT / np.sqrt(_V_HAT), "that is the step; the new weight is the old one plus it"),
    ]
    why = next((words for value, words in beliefs if _near(w, value)), f"expected {_W:.5f}")
    return f"with w 1, g 0.5, m −0.2, v 0.04 and t 3 the new `w` is {shown(w)}: {why}"


def _stays_where_there_is_no_gradient(answer: Any) -> str | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            w = call(answer, np.float64(1.0), np.float64(0.0), np.float64(0.0), np.float64(0.0), 1)[0]
        except ZeroDivisionError:
            w = np.nan
    if equal(w, 1.0):
        return None
    return f"a weight that never had a gradient became {shown(w)}: 0 is divided by 0 there unless ε is added below"


def _wrong(says: str, **lines: str) -> WrongAnswer:
    """Replace lines of the solution, each by its name."""
    right = {
        "m": "0.9 * m + 0.1 * g",
        "v": "0.999 * v + 0.001 * g**2",
        "m_hat": "m / (1 - 0.9**t)",
        "v_hat": "v / (1 - 0.999**t)",
        "w": "w - 0.1 * m_hat / (np.sqrt(v_hat) + 1e-7)",
        "out": "w, m, v",
    }
    parts = right | lines
    body = "".join(f"    {name} = {code}\n" for name, code in parts.items() if name != "out")
    return WrongAnswer(f"def adam_step(w, g, m, v, t):\n{body}    return {parts['out']}\n", says)


ADAM_STEP = Exercise(
    name="04-3",
    text="""\
Write `adam_step(w, g, m, v, t)`: step `t` (1, 2, 3, ...) of Adam for one weight `w` with gradient `g`; `m` and `v` are
the means as the last step left them, both 0 before the first. Learning rate 0.1, $\\beta_1 = 0.9$, $\\beta_2 = 0.999$,
$\\epsilon = 10^{-7}$. It returns the new `w`, `m` and `v`.
""",
    stub="""\
def adam_step(w, g, m, v, t):
    m = ...
    v = ...
    w = ...
    return w, m, v
""",
    answer="adam_step",
    hint="Five lines: m, v, the two corrected ones, w. Keep the corrected ones under names of their own.",
    solution=_wrong("").source,
    rules=(
        is_function("adam_step"),
        _is_a_triple,
        _has_the_means,
        _moves_the_weight,
        _stays_where_there_is_no_gradient,
    ),
    praise="in the first step m̂ / √v̂ is ±1 whatever the gradient, so each weight moves by the learning rate",
    wrong={
        "print hands values over": WrongAnswer(
            "def adam_step(w, g, m, v, t):\n    print(w, m, v)\n", "only `return` hands them over"
        ),
        "the function is to be called": WrongAnswer("adam_step = (1.0, 0.0, 0.0)\n", "without parentheses"),
        "the weight is enough": _wrong("the next step needs", out="w"),
        "the corrected m is kept": _wrong("that is m̂;", out="w, m_hat, v"),
        "the corrected v is kept": _wrong("that is v̂;", out="w, m, v_hat"),
        "mostly the new gradient": _wrong("0.9 belongs to the old m", m="0.1 * m + 0.9 * g"),
        "momentum": _wrong("comes in with 1 − β₁", m="0.9 * m + g"),
        "no memory": _wrong("is forgotten", m="0.1 * g"),
        "one beta": _wrong("β₂ belongs to v", m="0.999 * m + 0.001 * g"),
        "the other beta": _wrong("β₁ belongs to m", v="0.9 * v + 0.1 * g**2"),
        "a sum": _wrong("expected -0.13", m="m + g"),
        "v without a square": _wrong("squared gradients", v="0.999 * v + 0.001 * g"),
        "the square of m": _wrong("not m", v="0.999 * v + 0.001 * m**2"),
        "v without the gradient": _wrong("is missing in it", v="0.999 * v"),
        "v is a sum": _wrong("expected 0.04021", v="v + g**2"),
        "no correction": _wrong("neither mean", m_hat="m", v_hat="v"),
        "m uncorrected": _wrong("m is not corrected", m_hat="m"),
        "v uncorrected": _wrong("v is not corrected", v_hat="v"),
        "beta without t": _wrong("to the power t", m_hat="m / (1 - 0.9)", v_hat="v / (1 - 0.999)"),
        "t from 0": _wrong(
            "something is divided by 0", m_hat="m / (1 - 0.9**(t - 1))", v_hat="v / (1 - 0.999**(t - 1))"
        ),
        "t from 2": _wrong("was added", m_hat="m / (1 - 0.9**(t + 1))", v_hat="v / (1 - 0.999**(t + 1))"),
        "uphill": _wrong("goes downhill", w="w + 0.1 * m_hat / (np.sqrt(v_hat) + 1e-7)"),
        "no root": _wrong("the root of v̂", w="w - 0.1 * m_hat / (v_hat + 1e-7)"),
        "no v": _wrong("its own step length no more", w="w - 0.1 * m_hat"),
        "the plain gradient": _wrong("where m̂ belongs", w="w - 0.1 * g / (np.sqrt(v_hat) + 1e-7)"),
        "Keras's default rate": _wrong("is 0.1 here", w="w - 0.001 * m_hat / (np.sqrt(v_hat) + 1e-7)"),
        "the step is returned": _wrong("that is the step", w="-0.1 * m_hat / (np.sqrt(v_hat) + 1e-7)"),
        "both rates": _wrong("expected 1.0", w="w - 0.01 * m_hat / (np.sqrt(v_hat) + 1e-7)"),
        "no epsilon": _wrong("unless ε is added", w="w - 0.1 * m_hat / np.sqrt(v_hat)"),
    },
)
