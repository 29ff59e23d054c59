"""03-1: the slope of the sigmoid, from its own value."""

from __future__ import annotations

import math

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import gives, is_begun, is_function

_A = 0.8
_S = 1 / (1 + math.exp(-_A))


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def slope(a):\n    return {body}\n", says)


SLOPE = Exercise(
    name="03-1",
    text="""\
On the way forward a neuron has stored its activation $a = \\sigma(z)$. On the way back its slope $\\sigma'(z)$ is
wanted, and no second exponential is needed for it. Write `slope(a)`: it takes the **activation** and returns
$\\sigma'(z)$.
""",
    stub="""\
def slope(a):
    return ...
""",
    answer="slope",
    hint="The derivative of $1 / (1 + e^{-z})$ is $e^{-z} / (1 + e^{-z})^2$. Write it as a product of two fractions "
    "and look for $a$ in each.",
    solution="""\
def slope(a):
    return a * (1 - a)
""",
    rules=(
        is_function("slope"),
        is_begun((_A,)),
        gives(
            (_A,),
            0.16,
            "expected 0.16 = 0.8 · 0.2",
            instead=[
                (_S * (1 - _S), "the sigmoid was taken a second time; `a` is its value already"),
                (-0.16, "the sign is turned round: the sigmoid rises everywhere, so no slope is negative"),
                (0.36, "that is 1 − a², the slope of the tanh"),
                (1.0, "that is the slope of ReLU where it is active"),
                (0.2, "that is 1 − a, one of two factors"),
                (0.8, "that is `a` itself, one of two factors"),
                (0.64, "that is a², and the second factor is 1 − a"),
                (math.log(4), "that is z, the way back through the sigmoid; its slope is asked for"),
                (0.25, "0.25 is the slope at z = 0, the largest there is"),
                (0.04, "that is (1 − a)², and one of the two factors is `a`"),
                (_S, "that is the sigmoid of `a`; `a` is a sigmoid already, and its slope is asked for"),
                (0.24, "both factors are there, and a third: (1 + a) has no place in it"),
            ],
        ),
        gives((0.5,), 0.25, "expected 0.25 in the middle, where the sigmoid is steepest"),
        gives((0.9999,), 0.00009999, "expected 0.0001: a saturated neuron has almost no slope left, but some"),
    ),
    praise="the slope is at most 0.25, so each sigmoid layer shrinks what comes back to a quarter or less",
    wrong={
        "print hands a value over": WrongAnswer(
            "def slope(a):\n    print(a * (1 - a))\n", "only `return` hands it over"
        ),
        "the function is to be called": WrongAnswer("slope = 0.25\n", "without parentheses"),
        "a is z": _wrong("1 / (1 + np.exp(-a)) * (1 - 1 / (1 + np.exp(-a)))", "a second time"),
        "turned round": _wrong("a * (a - 1)", "rises everywhere"),
        "the slope of tanh": _wrong("1 - a**2", "the slope of the tanh"),
        "the slope of ReLU": _wrong("1.0 if a > 0 else 0.0", "the slope of ReLU"),
        "one factor": _wrong("1 - a", "that is 1 − a"),
        "the other factor": _wrong("a", "`a` itself"),
        "squared": _wrong("a**2", "the second factor"),
        "the rest squared": _wrong("(1 - a) ** 2", "one of the two factors is `a`"),
        "the sigmoid": _wrong("1 / (1 + np.exp(-a))", "the sigmoid of `a`"),
        "the way back": _wrong("np.log(a / (1 - a))", "the way back through"),
        "always a quarter": _wrong("0.25", "the slope at z = 0"),
        "a straight piece": _wrong("max(0.0, 0.8 * (1 - a))", "in the middle"),
        "saturated is flat": _wrong("0.0 if a > 0.999 else a * (1 - a)", "but some"),
        "half of it": _wrong("a * (1 - a) / 2", "expected 0.16"),
    },
)
