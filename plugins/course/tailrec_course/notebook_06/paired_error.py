"""06-4: the error of a difference when both values belong to the same person."""

from __future__ import annotations

import numpy as np

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import gives, is_begun, is_function

_A = np.array([0.9, 0.1, 0.5, 0.3])
_B = np.array([0.8, 0.2, 0.3, 0.3])
_PLAIN = (_A, _B)
_SHIFTED = (np.array([0.2, 0.9, 0.4]), np.array([0.1, 0.8, 0.3]))
_EXPECTED = float((_A - _B).std(ddof=1) / 2)


def _se(values: np.ndarray) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def paired_error(a, b):\n    n = len(a)\n    return {body}\n", says)


PAIRED_ERROR = Exercise(
    name="06-4",
    text=r"""
`a` and `b` are arrays: the NDCG of two models for the same people, in the same order. Write
`paired_error(a, b)`: the standard error of the mean difference, $s / \sqrt{n}$ with $s$ the standard deviation
of the $n$ differences (`ddof=1`).
""",
    stub="""\
def paired_error(a, b):
    return ...
""",
    answer="paired_error",
    hint="Take the difference of each person first, `a - b`; then there is one column of numbers, and "
    "`.std(ddof=1)` is its standard deviation.",
    solution="""\
def paired_error(a, b):
    return (a - b).std(ddof=1) / np.sqrt(len(a))
""",
    rules=(
        is_function("paired_error"),
        is_begun(_PLAIN),
        gives(
            _PLAIN,
            _EXPECTED,
            "expected 0.0645: the differences are 0.1, -0.1, 0.2 and 0, their standard deviation is 0.1291",
            instead=[
                (
                    float(np.hypot(_se(_A), _se(_B))),
                    "that is the error where `a` and `b` are of different people; here they are the same, pair by pair",
                ),
                (_EXPECTED * 2, "that is the standard deviation of the differences; divide it by the root of n"),
                (_EXPECTED / 2, "divide by the root of n, not by n"),
                (float((_A - _B).std() / 2), "NumPy divides by n unless you say `ddof=1`, which divides by n - 1"),
                (float((_A - _B).mean()), "that is the mean difference itself; asked is its error"),
                (abs(_se(_A) - _se(_B)), "the error of a difference is not the difference of two errors"),
                (_se(_A) + _se(_B), "the error of a difference is not the sum of two errors"),
                (float(np.abs(_A - _B).std(ddof=1) / 2), "keep the signs: gains and losses are far apart"),
            ],
        ),
        gives(_SHIFTED, 0.0, "every person gains 0.1: there is nothing uncertain about the mean"),
    ),
    praise="a paired error is small where both models do well for the same people, which is nearly always so",
    wrong={
        "print hands a value over": WrongAnswer(
            "def paired_error(a, b):\n    print((a - b).std())\n", "only `return` hands it over"
        ),
        "the function is to be called": WrongAnswer("paired_error = 0.06\n", "without parentheses"),
        "different people": _wrong("np.sqrt(a.var(ddof=1) / n + b.var(ddof=1) / n)", "of different people"),
        "the standard deviation": _wrong("(a - b).std(ddof=1)", "divide it by the root of n"),
        "by n": _wrong("(a - b).std(ddof=1) / n", "not by n"),
        "by n where n - 1 is meant": _wrong("(a - b).std() / np.sqrt(n)", "unless you say"),
        "the mean": _wrong("(a - b).mean()", "the mean difference itself"),
        "the difference of the errors": _wrong(
            "abs(a.std(ddof=1) - b.std(ddof=1)) / np.sqrt(n)", "not the difference of two errors"
        ),
        "the sum of the errors": _wrong("(a.std(ddof=1) + b.std(ddof=1)) / np.sqrt(n)", "not the sum of two errors"),
        "without signs": _wrong("np.abs(a - b).std(ddof=1) / np.sqrt(n)", "keep the signs"),
        "the largest difference": _wrong("np.abs(a - b).max()", "expected 0.0645"),
        "around zero": _wrong(
            "(a - b).std(ddof=1) / np.sqrt(n) if n > 3 else np.sqrt(((a - b) ** 2).mean() / n)",
            "nothing uncertain about the mean",
        ),
    },
)
