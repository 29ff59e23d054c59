"""05-1: what an answer gets that looks at nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import call, called, equal, is_begun, is_function, shown

_MORE_ONES = (np.array([1, 1, 0, 1]),)
_MORE_ZEROS = (np.array([0, 0, 1, 0, 0]),)

_BELIEFS = (
    ((0.75, 0.2), "that is what always answering 1 gets; where 0 is the more frequent label, answer 0"),
    ((0.25, 0.8), "that is what always answering 0 gets; where 1 is the more frequent label, answer 1"),
    ((0.25, 0.2), "that is what the rarer label gets; a constant answer may choose the more frequent one"),
    ((0.5, 0.5), "that is what a coin gets; a constant answer may look at which label is more frequent"),
    ((3, 4), "these are numbers of rows; accuracy is a share of all rows"),
    ((1, 0), "that is the answer to give; asked is the share of the rows for which it is right"),
    ((1.0, 1.0), "nothing that is constant is right for both labels; which share of the rows has the one label?"),
)


def _is_right_for_both(answer: Any) -> str | None:
    got = call(answer, *_MORE_ONES), call(answer, *_MORE_ZEROS)
    if equal(got[0], 0.75) and equal(got[1], 0.8):
        return None
    seen = f"{called(answer, _MORE_ONES)} gave {shown(got[0])} and {called(answer, _MORE_ZEROS)} gave {shown(got[1])}"
    for values, sentence in _BELIEFS:
        if equal(got[0], values[0]) and equal(got[1], values[1]):
            return f"{seen}: {sentence}"
    return f"{seen}: expected 0.75 and 0.8, the share of the more frequent label"


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def constant_accuracy(labels):\n    {body}\n", says)


CONSTANT_ANSWER = Exercise(
    name="05-1",
    text="""\
`labels` is an array of zeros and ones. Write `constant_accuracy(labels)`: the accuracy of the best answer
that is the same for every row, whatever the row holds. No accuracy means anything before you know this one.
""",
    stub="""\
def constant_accuracy(labels):
    return ...
""",
    answer="constant_accuracy",
    hint="`labels.mean()` is the share of the ones. Which two constant answers are there, and what does each get?",
    solution="""\
def constant_accuracy(labels):
    ones = labels.mean()
    return max(ones, 1 - ones)
""",
    rules=(is_function("constant_accuracy"), is_begun(_MORE_ONES), _is_right_for_both),
    praise="put it beside every accuracy that you read or report",
    wrong={
        "print hands a value over": _wrong(
            "print(max(labels.mean(), 1 - labels.mean()))", "only `return` hands it over"
        ),
        "the function is to be called": WrongAnswer("constant_accuracy = 0.75\n", "without parentheses"),
        "always 1": _wrong("return labels.mean()", "always answering 1"),
        "always 0": _wrong("return 1 - labels.mean()", "always answering 0"),
        "the rarer label": _wrong("return min(labels.mean(), 1 - labels.mean())", "the rarer label"),
        "a coin": _wrong("return 0.5", "what a coin gets"),
        "how many rows": _wrong("return max(labels.sum(), (labels == 0).sum())", "numbers of rows"),
        "which answer": _wrong("return np.bincount(labels).argmax()", "the answer to give"),
        "always right": _wrong("return 1.0", "nothing that is constant"),
        "drawn at the share of the ones": _wrong(
            "return labels.mean() ** 2 + (1 - labels.mean()) ** 2", "the share of the more frequent label"
        ),
    },
)
