"""06-1: what a list holds of what was wanted, and who is left out of the mean."""

from __future__ import annotations

import math
from typing import Any

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import call, called, gives, is_begun, is_function, is_number, shown

_PLAIN = ([7, 2, 9, 4, 5], {2, 5, 8}, 4)
_MANY = ([1, 2], {1, 2, 3, 4}, 2)
_NOTHING = ([3, 1], set(), 2)


def _nobody_asked(answer: Any) -> str | None:
    try:
        got = call(answer, *_NOTHING)
    except ZeroDivisionError:
        return "who wants nothing has no recall: zero divided by zero; return `np.nan`, which a mean can leave out"
    if is_number(got) and math.isnan(got):
        return None
    why = "a zero would count against a list that nobody could have got right"
    if is_number(got) and got == 1:
        why = "a one would count in favour of a list of which nothing was asked"
    return f"{called(answer, _NOTHING)} gave {shown(got)}: {why}; return `np.nan`, which a mean can leave out"


def _wrong(body: str, says: str) -> WrongAnswer:
    start = "if not targets:\n        return np.nan\n    hits = [item in targets for item in listed[:k]]"
    return WrongAnswer(f"def recall(listed, targets, k):\n    {start}\n    {body}\n", says)


def _empty(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(
        f"def recall(listed, targets, k):\n    {body}sum(item in targets for item in listed[:k]) / len(targets)\n", says
    )


RECALL = Exercise(
    name="06-1",
    text="""\
`listed` is a list of items, best first, `targets` the set of those that the person took. Write
`recall(listed, targets, k)`: the share of the targets that stand among the first k. For somebody without a
target return `np.nan`.
""",
    stub="""\
def recall(listed, targets, k):
    return ...
""",
    answer="recall",
    hint="`listed[:k]` are the first k, and `sum(item in targets for item in ...)` counts. By what is it divided?",
    solution="""\
def recall(listed, targets, k):
    if not targets:
        return np.nan
    return sum(item in targets for item in listed[:k]) / len(targets)
""",
    rules=(
        is_function("recall"),
        is_begun(_PLAIN),
        gives(
            _PLAIN,
            1 / 3,
            "expected 0.3333: of the three targets 2, 5 and 8 only 2 stands among the first four",
            instead=[
                (2 / 3, "5 stands at the fifth place, beyond k = 4"),
                (1 / 4, "that is the precision, a share of the four places; recall is a share of the three targets"),
                (1, "that is a number of hits (or whether there is one); recall is a share"),
                (1 / 5, "the list has five items, and recall is a share of the three targets"),
                (1 / 2, "the target stands second, and its reciprocal rank is 1/2; recall doesn't look at the place"),
            ],
        ),
        gives(
            _MANY,
            0.5,
            "two of four targets are found",
            instead=[
                (1.0, "that divides by min(k, number of targets): a usual choice, and another metric; here by all four")
            ],
        ),
        _nobody_asked,
    ),
    praise="with more targets than k it can't reach 1, which is why heavy users look badly served by it",
    wrong={
        "print hands a value over": WrongAnswer(
            "def recall(listed, targets, k):\n    print(len(targets))\n", "only `return` hands it over"
        ),
        "the function is to be called": WrongAnswer("recall = 1 / 3\n", "without parentheses"),
        "the whole list": _wrong("return sum(item in targets for item in listed) / len(targets)", "beyond k = 4"),
        "precision": _wrong("return sum(hits) / k", "that is the precision"),
        "a count": _wrong("return sum(hits)", "a number of hits"),
        "by the list": _wrong("return sum(hits) / len(listed)", "the list has five items"),
        "reciprocal rank": _wrong("return 1 / (hits.index(True) + 1)", "doesn't look at the place"),
        "by what is possible": _wrong("return sum(hits) / min(k, len(targets))", "another metric"),
        "the misses": _wrong("return sum(not hit for hit in hits) / k", "only 2 stands among"),
        "capped": _wrong(
            "return sum(hits) / len(targets) if len(targets) <= k else sum(hits) / 3", "two of four targets"
        ),
        "nothing is asked, nothing is divided": _empty("return ", "zero divided by zero"),
        "nothing found is zero": _empty("if not targets:\n        return 0.0\n    return ", "a zero would count"),
        "nothing missed is one": _empty("if not targets:\n        return 1.0\n    return ", "a one would count"),
    },
)
