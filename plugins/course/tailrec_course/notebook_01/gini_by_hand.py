"""01-2: the Gini coefficient of activity."""

from __future__ import annotations

from typing import Any

import numpy as np

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import gives, is_begun, is_function


def _case(*lengths: int) -> tuple[Any, ...]:
    return (np.array(lengths),)


_PLAIN, _MIXED, _EQUAL = _case(1, 1, 2, 4), _case(4, 1, 2, 1), _case(7, 7, 7)


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def gini(lengths):\n    x, n = np.sort(lengths), len(lengths)\n    {body}\n", says)


GINI_BY_HAND = Exercise(
    name="01-2",
    text="""\
With the $n$ lengths sorted, $x_1 \\le x_2 \\le \\dots \\le x_n$, the Gini coefficient is

$$G = \\frac{\\sum_{i=1}^{n} (2i - n - 1)\\, x_i}{n \\sum_{i=1}^{n} x_i}$$

Write `gini(lengths)`; `lengths` is an array in no order.
""",
    stub="""\
def gini(lengths):
    return ...
""",
    answer="gini",
    hint="`i = np.arange(1, n + 1)` counts as the formula does. For four people, what are the four factors 2i - n - 1, "
    "and what do they add up to?",
    solution="""\
def gini(lengths):
    x, n = np.sort(lengths), len(lengths)
    i = np.arange(1, n + 1)
    return ((2 * i - n - 1) * x).sum() / (n * x.sum())
""",
    rules=(
        is_function("gini"),
        is_begun(_PLAIN),
        gives(
            _PLAIN,
            0.3125,
            "expected 0.3125: the factors are -3, -1, 1, 3, the sum is 10, and 10 is divided by 4 times 8",
            instead=[
                (-0.1875, "the formula counts from 1 and `np.arange(n)` from 0"),
                (1.25, "the sum of the lengths is there; the factor n in the denominator is missing"),
                (2.5, "the factor n is there; divide by the sum of the lengths as well"),
                (10.0, "that is the numerator; divide it by n times the sum of the lengths"),
                (0.6875, "that is one minus the coefficient, what is equal and not what is unequal"),
                (0.15625, "that is the area between the curve and the diagonal; the coefficient is twice that"),
                (0.625, "that is twice the coefficient; `2 * i - n - 1` has the two already"),
                (-0.3125, "the sign is turned round: sort from the shortest to the longest"),
                (10 / 24, "the denominator has n, not n - 1"),
            ],
        ),
        gives(
            _MIXED,
            0.3125,
            "expected 0.3125 again: these are the same four people",
            instead=[(-0.25, "the people stand in no order; sort them first")],
        ),
        gives(_EQUAL, 0.0, "expected 0: three people with 7 items each are equal"),
    ),
    praise="0 is equality, and near 1 one person has everything; it counts people, so the many with little weigh much",
    wrong={
        "print hands a value over": _wrong("print(n)", "only `return` hands it over"),
        "the function is to be called": WrongAnswer("gini = 0.3125\n", "without parentheses"),
        "counting from zero": _wrong(
            "return ((2 * np.arange(n) - n - 1) * x).sum() / (n * x.sum())", "counts from 1 and"
        ),
        "divided by the sum alone": _wrong(
            "return ((2 * np.arange(1, n + 1) - n - 1) * x).sum() / x.sum()", "factor n in the denominator is missing"
        ),
        "divided by n alone": _wrong(
            "return ((2 * np.arange(1, n + 1) - n - 1) * x).sum() / n", "by the sum of the lengths as well"
        ),
        "the numerator": _wrong("return ((2 * np.arange(1, n + 1) - n - 1) * x).sum()", "that is the numerator"),
        "what is equal": _wrong(
            "return 1 - ((2 * np.arange(1, n + 1) - n - 1) * x).sum() / (n * x.sum())", "one minus the coefficient"
        ),
        "the area": _wrong(
            "return ((np.arange(1, n + 1) - (n + 1) / 2) * x).sum() / (n * x.sum())", "that is the area"
        ),
        "twice": _wrong(
            "return 2 * ((2 * np.arange(1, n + 1) - n - 1) * x).sum() / (n * x.sum())", "twice the coefficient"
        ),
        "the longest first": _wrong(
            "return ((2 * np.arange(1, n + 1) - n - 1) * x[::-1]).sum() / (n * x.sum())", "the sign is turned round"
        ),
        "n minus one": _wrong(
            "return ((2 * np.arange(1, n + 1) - n - 1) * x).sum() / ((n - 1) * x.sum())", "not n - 1"
        ),
        "the spread over the mean": _wrong("return x.std() / x.mean()", "the factors are -3, -1, 1, 3"),
        "the people are sorted already": _wrong(
            "return ((2 * np.arange(1, n + 1) - n - 1) * lengths).sum() / (n * x.sum())", "sort them first"
        ),
        "only different lengths count": _wrong(
            "x, n = (x, n) if len(np.unique(x)) > 1 else (np.array([1, 2]), 2)\n    "
            "return ((2 * np.arange(1, n + 1) - n - 1) * x).sum() / (n * x.sum())",
            "are equal",
        ),
    },
)
