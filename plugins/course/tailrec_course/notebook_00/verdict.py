"""00-1: reading an interval."""

from __future__ import annotations

from typing import Any

import numpy as np

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import call, called, equal, gives, is_begun, is_function, shown

BETTER, WORSE, OPEN = "better", "worse", "no difference shown"


def _says_one_of_three(verdict: Any) -> str | None:
    for interval in [(0.01, 0.03), (-0.03, -0.01), (-0.01, 0.03), (-0.03, 0.01)]:
        got = call(verdict, *interval)
        if isinstance(got, (bool, np.bool_)):
            return f"{called(verdict, interval)} gave {got}: a yes or no has no room for the third case, `{OPEN}`"
        if got is not None and not any(equal(got, word) for word in (BETTER, WORSE, OPEN)):
            words = f"`{BETTER}`, `{WORSE}` or `{OPEN}`"
            return f"{called(verdict, interval)} gave {shown(got)}: use {words}, letter for letter"
    return None


def _is_not_turned_round(verdict: Any) -> str | None:
    if call(verdict, 0.01, 0.03) == WORSE and call(verdict, -0.03, -0.01) == BETTER:
        return (
            "better and worse have changed places: the difference is the model minus the baseline, and more is better"
        )
    return None


def _leaves_open_what_holds_zero(verdict: Any) -> str | None:
    mostly_above, mostly_below = (-0.01, 0.03), (-0.03, 0.01)
    got = call(verdict, *mostly_above), call(verdict, *mostly_below)
    if got == (OPEN, OPEN):
        return None
    seen = (
        f"{called(verdict, mostly_above)} gave {shown(got[0])} and {called(verdict, mostly_below)} gave {shown(got[1])}"
    )
    why = {
        (BETTER, WORSE): "that is the sign of the middle, and both intervals hold zero as well",
        (BETTER, BETTER): "`high` alone can't tell, `better` needs `low` above zero",
        (WORSE, WORSE): "`low` alone can't tell, `worse` needs `high` below zero",
        (None, None): "the third case is missing, so the function ends without a `return`",
    }
    return f"{seen}: {why.get(got, 'both intervals hold zero, so neither side is shown')}"


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def verdict(low, high):\n    {body}\n", says)


VERDICT = Exercise(
    name="00-1",
    text="""\
A row of `result.differences()` gives the difference between a model and the baseline for one segment, and
with `low` and `high` the interval of the differences that the data do not rule out. Write `verdict(low,
high)`. It returns `"better"` where every difference of the interval is above zero, `"worse"` where every one
is below, and `"no difference shown"` where the interval holds zero; its ends belong to it.
""",
    stub="""\
def verdict(low, high):
    return ...
""",
    answer="verdict",
    hint=f'Two comparisons with zero are enough. Which of the two ends decides about `"{BETTER}"`?',
    solution="""\
def verdict(low, high):
    if low > 0:
        return "better"
    if high < 0:
        return "worse"
    return "no difference shown"
""",
    rules=(
        is_function("verdict"),
        is_begun((0.01, 0.03)),
        _says_one_of_three,
        _is_not_turned_round,
        gives((0.01, 0.03), BETTER, "every difference of this interval is above zero"),
        gives((-0.03, -0.01), WORSE, "every difference of this interval is below zero"),
        _leaves_open_what_holds_zero,
        gives((0.0, 0.02), OPEN, "an interval that begins at zero still holds zero"),
        gives((-0.02, 0.0), OPEN, "an interval that ends at zero still holds zero"),
        gives((0.0001, 0.0002), BETTER, "a small gain is a gain; whether it matters is another question"),
        gives((-0.0002, -0.0001), WORSE, "a small loss is a loss; whether it matters is another question"),
    ),
    praise=f"`{OPEN}` does not say `no difference`, only that these people are too few to tell",
    wrong={
        "print hands a value over": _wrong(
            'print("better" if low > 0 else "worse" if high < 0 else "no difference shown")',
            "only `return` hands it over",
        ),
        "the function is to be called": WrongAnswer('verdict = "better"\n', "without parentheses"),
        "yes or no is enough": _wrong("return low > 0 or high < 0", "a yes or no"),
        "any word does": _wrong(
            'return "gains" if low > 0 else "pays" if high < 0 else "unclear"', "letter for letter"
        ),
        "baseline minus model": _wrong(
            'return "worse" if low > 0 else "better" if high < 0 else "no difference shown"', "changed places"
        ),
        "0.05 is the limit": _wrong(
            'return "better" if low > 0.05 else "worse" if high < 0 else "no difference shown"', "is above zero"
        ),
        "only a gain counts": _wrong('return "better" if low > 0 else "no difference shown"', "is below zero"),
        "the middle decides": _wrong('return "better" if (low + high) / 2 > 0 else "worse"', "the sign of the middle"),
        "the upper end decides": _wrong('return "better" if high > 0 else "worse"', "`high` alone"),
        "the lower end decides": _wrong('return "better" if low > 0 else "worse"', "`low` alone"),
        "there is no third case": _wrong(
            'if low > 0:\n        return "better"\n    if high < 0:\n        return "worse"',
            "the third case is missing",
        ),
        "beginning at zero is above it": _wrong(
            'return "better" if low >= 0 else "worse" if high < 0 else "no difference shown"', "begins at zero"
        ),
        "ending at zero is below it": _wrong(
            'return "better" if low > 0 else "worse" if high <= 0 else "no difference shown"', "ends at zero"
        ),
        "a small gain is none": _wrong(
            'return "better" if low > 0.001 else "worse" if high < 0 else "no difference shown"',
            "a small gain is a gain",
        ),
        "a small loss is none": _wrong(
            'return "better" if low > 0 else "worse" if high < -0.001 else "no difference shown"',
            "a small loss is a loss",
        ),
    },
)
