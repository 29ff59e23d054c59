"""05-2: precision and recall in one number."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import call, gives, is_begun, is_function, is_number

_LABELS = np.array([1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
_SAID = np.array([1, 1, 0, 1, 1, 0, 0, 0, 0, 0])
_PLAIN = (_LABELS, _SAID)


def _is_zero(labels: list[int], said: list[int], because: str) -> Any:
    def rule(answer: Any) -> str | None:
        try:
            with np.errstate(all="ignore"):
                got = call(answer, np.array(labels), np.array(said))
        except ArithmeticError:
            got = math.nan
        return None if is_number(got) and got == 0 else because

    return rule


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def f1(labels, said):\n    found = (labels * said).sum()\n    {body}\n", says)


F1_SCORE = Exercise(
    name="05-2",
    text="""\
`labels` and `said` are arrays of zeros and ones: what is true, and what a model claims. Write `f1(labels,
said)` = 2 TP / (2 TP + FP + FN), and 0 where TP is zero, even if the model claims nothing at all.
""",
    stub="""\
def f1(labels, said):
    return ...
""",
    answer="f1",
    hint="`(labels * said).sum()` is TP. FP are those that are said and not true, FN those that are true and not said. "
    "What is TP + FP, in one word of NumPy?",
    solution="""\
def f1(labels, said):
    found = (labels * said).sum()
    return 2 * found / (labels.sum() + said.sum()) if found else 0.0
""",
    rules=(
        is_function("f1"),
        is_begun(_PLAIN),
        gives(
            _PLAIN,
            4 / 7,
            "expected 0.5714: TP = 2, FP = 2, FN = 1",
            instead=[
                (0.5, "that is the precision, TP / (TP + FP)"),
                (2 / 3, "that is the recall, TP / (TP + FN)"),
                (0.7, "that is the accuracy; TN has no place in F1"),
                (7 / 12, "that is the arithmetic mean of precision and recall, F1 is the harmonic one"),
                (2 / 5, "that is TP / (TP + FP + FN); in F1 each TP counts twice, above and below"),
                (4 / 5, "that is 2 TP / (TP + FP + FN); each TP counts twice below as well"),
                (1 / 3, "that is precision × recall; divide it by their mean"),
                (10 / 13, "that is the F1 of the label 0; count the ones"),
                (2, "that is TP, a number of rows"),
            ],
        ),
        _is_zero([1, 0], [0, 0], "where nothing is claimed your answer divides zero by zero; F1 is 0 there"),
        _is_zero([1, 0], [0, 1], "where everything claimed is wrong, precision and recall are both 0, and so is F1"),
    ),
    praise="TN has no place in it, so F1 changes when you swap the names of the two labels, and accuracy does not",
    wrong={
        "print hands a value over": _wrong("print(2 * found / (labels.sum() + said.sum()))", "only `return`"),
        "the function is to be called": WrongAnswer("f1 = 4 / 7\n", "without parentheses"),
        "precision": _wrong("return found / said.sum()", "that is the precision"),
        "recall": _wrong("return found / labels.sum()", "that is the recall"),
        "accuracy": _wrong("return (labels == said).mean()", "that is the accuracy"),
        "the arithmetic mean": _wrong("return (found / said.sum() + found / labels.sum()) / 2", "arithmetic mean"),
        "a TP counts once": _wrong("return found / (labels.sum() + said.sum() - found)", "counts twice, above and"),
        "a TP counts once below": _wrong("return 2 * found / (labels.sum() + said.sum() - found)", "below as well"),
        "the product": _wrong("return found / said.sum() * found / labels.sum()", "divide it by their mean"),
        "the zeros": _wrong(
            "none = ((1 - labels) * (1 - said)).sum()\n    return 2 * none / (20 - labels.sum() - said.sum())",
            "the F1 of the label 0",
        ),
        "a count": _wrong("return found", "a number of rows"),
        "the count by all rows": _wrong("return found / len(labels)", "TP = 2, FP = 2, FN = 1"),
        "something is always claimed": _wrong(
            "if said.sum() and not found:\n        return 0.0\n"
            "    p, r = found / said.sum(), found / labels.sum()\n    return 2 * p * r / (p + r)",
            "divides zero by zero",
        ),
        "something claimed is always right": _wrong(
            "if not said.sum():\n        return 0.0\n"
            "    p, r = found / said.sum(), found / labels.sum()\n    return 2 * p * r / (p + r)",
            "and so is F1",
        ),
    },
)
