"""01-1: a point of the Lorenz curve."""

from __future__ import annotations

from typing import Any

import numpy as np

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import gives, is_begun, is_function


def _case(lengths: Any, share: float) -> tuple[Any, ...]:
    return (np.asarray(lengths), share)


_PLAIN = _case([10, 90, 80, 20, 75], 0.8)
#: 100 people, of whom 0.29 are 29, although 0.29 * 100 is 28.999999999999996.
_HUNDRED = _case([1] * 50 + [2] * 50, 0.29)


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def owned(lengths, share):\n    {body}\n", says)


OWNED = Exercise(
    name="01-1",
    text="""\
`lengths` is an array with the length of each person's history, in no order. Write `owned(lengths, share)`:
take that share of the people, those with the shortest histories; which share of all events is theirs? The
share of the people is a whole number of people.
""",
    stub="""\
def owned(lengths, share):
    return ...
""",
    answer="owned",
    hint="Sort, take the first so many, and divide two sums. How many people are `share * len(lengths)`, "
    "when a computer holds 0.29 as something a little below it?",
    solution="""\
def owned(lengths, share):
    n = round(share * len(lengths))
    return np.sort(lengths)[:n].sum() / lengths.sum()
""",
    rules=(
        is_function("owned"),
        is_begun(_PLAIN),
        gives(
            _PLAIN,
            185 / 275,
            "expected 0.6727: the four with the shortest histories have 185 of 275 events",
            instead=[
                (200 / 275, "the people stand in no order; sort them first"),
                (265 / 275, "these are the people with the longest histories"),
                (185, "that is the number of their events; divide it by all events"),
                (90 / 275, "that is what the others have"),
                (185 / 4 / 55, "that compares means: an average history of theirs with an average history of all"),
                (30 / 275, "these are the people below that share of the longest history, not that share of people"),
                (105 / 275, "one person is missing: the first `n` are `[:n]`"),
            ],
        ),
        gives(
            _HUNDRED,
            29 / 150,
            "expected 0.1933: 29 of 100 people with one event each, of 150 events",
            instead=[(28 / 150, "0.29 * 100 is 28.999999999999996 for a computer, and `int` cuts it: use `round`")],
        ),
    ),
    praise="the pairs (share, owned) are the points of the Lorenz curve, from (0, 0) to (1, 1)",
    wrong={
        "print hands a value over": _wrong(
            "print(np.sort(lengths)[: round(share * len(lengths))].sum() / lengths.sum())", "only `return`"
        ),
        "the function is to be called": WrongAnswer("owned = 185 / 275\n", "without parentheses"),
        "the people are sorted already": _wrong(
            "return lengths[: round(share * len(lengths))].sum() / lengths.sum()", "sort them first"
        ),
        "the longest first": _wrong(
            "return np.sort(lengths)[::-1][: round(share * len(lengths))].sum() / lengths.sum()", "the longest"
        ),
        "a number of events": _wrong(
            "return np.sort(lengths)[: round(share * len(lengths))].sum()", "divide it by all events"
        ),
        "what the head has": _wrong(
            "return np.sort(lengths)[round(share * len(lengths)) :].sum() / lengths.sum()", "what the others have"
        ),
        "means instead of sums": _wrong(
            "return np.sort(lengths)[: round(share * len(lengths))].mean() / lengths.mean()", "compares means"
        ),
        "a share of the longest history": _wrong(
            "return lengths[lengths <= share * lengths.max()].sum() / lengths.sum()", "not that share of people"
        ),
        "the last is not counted": _wrong(
            "return np.sort(lengths)[: round(share * len(lengths)) - 1].sum() / lengths.sum()", "one person is missing"
        ),
        "int rounds": _wrong(
            "return np.sort(lengths)[: int(share * len(lengths))].sum() / lengths.sum()", "use `round`"
        ),
        "it is the share itself": _wrong("return share", "expected 0.6727"),
    },
)
