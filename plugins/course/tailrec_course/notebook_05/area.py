"""05-3: the area under the ROC curve, without a curve."""

from __future__ import annotations

import numpy as np

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import gives, is_begun, is_function

_PLAIN = (np.array([1, 0, 1, 0, 1]), np.array([0.9, 0.4, 0.4, 0.1, 0.6]))
_LOW = (np.array([0, 1, 0]), np.array([-4.0, -3.0, -6.0]))


def _wrong(body: str, says: str) -> WrongAnswer:
    start = "ones, zeros = scores[labels == 1], scores[labels == 0]"
    return WrongAnswer(f"def area(labels, scores):\n    {start}\n    {body}\n", says)


AREA = Exercise(
    name="05-3",
    text="""\
Take every pair of a row with label 1 and a row with label 0. The area under the ROC curve is the share of
these pairs in which the row with label 1 has the higher score; a pair with equal scores counts one half.
Write `area(labels, scores)`; both are arrays, with at least one row of each label.
""",
    stub="""\
def area(labels, scores):
    return ...
""",
    answer="area",
    hint="With `ones = scores[labels == 1]` and `zeros = scores[labels == 0]`, `ones[:, None] > zeros` is a table of "
    "all pairs, and `.mean()` of a table of True and False is a share. What is missing are the ties.",
    solution="""\
def area(labels, scores):
    ones, zeros = scores[labels == 1][:, None], scores[labels == 0]
    return (ones > zeros).mean() + (ones == zeros).mean() / 2
""",
    rules=(
        is_function("area"),
        is_begun(_PLAIN),
        gives(
            _PLAIN,
            5.5 / 6,
            "expected 0.9167: of six pairs five are in order, and one is a tie",
            instead=[
                (5 / 6, "the pair with 0.4 on both sides counts one half"),
                (1.0, "the pair with 0.4 on both sides counts one half, not one"),
                (0.5 / 6, "these are the pairs in which the 0 has the higher score"),
                (5.5, "that is the number of pairs; divide it by how many there are"),
                (5.5 / 25, "divide by the pairs of a 1 and a 0, here six, not by all pairs of rows"),
                (0.8, "that is the accuracy at the threshold 0.5; the area has no threshold"),
                (0.6, "that is the share of the ones"),
            ],
        ),
        gives(_LOW, 1.0, "expected 1.0: the order of the scores counts, they need not be probabilities"),
    ),
    praise="it has no threshold and no base rate in it, and it does not say whether a probability is to be believed",
    wrong={
        "print hands a value over": _wrong("print((ones[:, None] > zeros).mean())", "only `return` hands it over"),
        "the function is to be called": WrongAnswer("area = 5.5 / 6\n", "without parentheses"),
        "a tie is lost": _wrong("return (ones[:, None] > zeros).mean()", "counts one half"),
        "a tie is won": _wrong("return (ones[:, None] >= zeros).mean()", "one half, not one"),
        "the wrong way round": _wrong(
            "return (ones[:, None] < zeros).mean() + (ones[:, None] == zeros).mean() / 2",
            "the 0 has the higher score",
        ),
        "a number": _wrong(
            "return (ones[:, None] > zeros).sum() + (ones[:, None] == zeros).sum() / 2", "the number of pairs"
        ),
        "all pairs of rows": _wrong(
            "return ((ones[:, None] > zeros).sum() + (ones[:, None] == zeros).sum() / 2) / len(labels) ** 2",
            "here six",
        ),
        "accuracy": _wrong("return ((scores > 0.5) == labels).mean()", "the area has no threshold"),
        "the share of the ones": _wrong("return labels.mean()", "the share of the ones"),
        "the distance of the means": _wrong("return ones.mean() - zeros.mean()", "five are in order"),
        "scores are probabilities": _wrong(
            "x = np.clip(ones, 0, 1)[:, None]\n    y = np.clip(zeros, 0, 1)\n"
            "    return (x > y).mean() + (x == y).mean() / 2",
            "need not be probabilities",
        ),
    },
)
