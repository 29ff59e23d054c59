"""00-3: two averages of one result."""

from __future__ import annotations

from typing import Any

import numpy as np

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import equal, is_number, shown

_PER_PURCHASE, _PER_PERSON = 32.1 / 73, 0.2


def _is_a_pair_of_numbers(answer: Any) -> str | None:
    pair = list(answer) if isinstance(answer, (tuple, list, np.ndarray)) else []
    if len(pair) != 2:
        return f"expected two numbers, `(per_purchase, per_person)`, received {shown(answer)}"
    if any(value is ... for value in pair):
        return "the three dots are still there: put a number in the place of each"
    wrong = [value for value in pair if not is_number(value)]
    return f"expected two numbers, received {shown(wrong[0])} as one of them" if wrong else None


def _near(pair: Any, per_purchase: float | None, per_person: float | None) -> bool:
    wanted = (per_purchase, per_person)
    return all(one is None or equal(got, one, tolerance=0.005) for got, one in zip(pair, wanted, strict=True))


def _is_the_two_means(answer: Any) -> str | None:
    if _near(answer, _PER_PURCHASE, _PER_PERSON):
        return None
    if _near(answer, _PER_PERSON, _PER_PURCHASE):
        return "the two are the other way round: `per_purchase` comes first"
    if equal(answer[0], 100 * _PER_PURCHASE, 0.5) and equal(answer[1], 100 * _PER_PERSON, 0.5):
        return "these are per cent, asked are shares: 44 % is 0.44"
    beliefs = [
        ((32.1, None), "`per_purchase` is the number of purchases that were hit; divide it by the number of purchases"),
        ((None, 0.8), "`per_person` is the sum over the people; divide it by their number"),
        (
            (_PER_PERSON, _PER_PERSON),
            "`per_purchase` counts every person once; a person with 60 purchases counts 60 times in it",
        ),
        ((_PER_PURCHASE, _PER_PURCHASE), "`per_person` counts every purchase once; here every person counts once"),
        (
            (0.0437, None),
            "`per_purchase` weighs by one over the purchases, favouring short histories; weigh by the purchases",
        ),
        (
            (60 / 73, None),
            "`per_purchase` is the share of the purchases that one person owns; multiply each share by its hit rate",
        ),
        ((None, 0.15), "`per_person` is the median; the mean is asked for"),
    ]
    for pair, sentence in beliefs:
        if _near(answer, *pair):
            return sentence
    name, got = ("per_purchase", answer[0]) if not _near(answer, _PER_PURCHASE, None) else ("per_person", answer[1])
    how = (
        "weigh each hit rate by its purchases"
        if name == "per_purchase"
        else "add the four hit rates and divide by four"
    )
    return f"`{name}` is {shown(got)}, which is not the mean that is asked for: {how}"


_GIVEN = """\
purchases = np.array([1, 3, 9, 60])
hit_rate = np.array([0.0, 0.1, 0.2, 0.5])
"""


def _wrong(per_purchase: str, per_person: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"{_GIVEN}per_purchase = {per_purchase}\nper_person = {per_person}\n", says)


TWO_MEANS = Exercise(
    name="00-3",
    text="""\
Four people made 1, 3, 9 and 60 purchases; of these the recommender had foreseen a share of 0.0, 0.1, 0.2 and
0.5. What does the shop report, which counts every purchase once, and what does the average person get? Two
numbers between 0 and 1; two decimals are enough.
""",
    stub=_GIVEN + "per_purchase = ...\nper_person = ...\n",
    answer="(per_purchase, per_person)",
    hint="How many purchases were foreseen, of how many? And if each of the four had one vote?",
    solution=_GIVEN + "per_purchase = (hit_rate * purchases).sum() / purchases.sum()\nper_person = hit_rate.mean()\n",
    rules=(_is_a_pair_of_numbers, _is_the_two_means),
    praise="the shop reports 44 %, the average person gets 20 %, and both are true",
    wrong={
        "the hit rates are asked for": _wrong("hit_rate", "0.2", "expected two numbers, received"),
        "the person comes first": _wrong("0.2", "32.1 / 73", "the other way round"),
        "per cent": _wrong("44", "20", "these are per cent"),
        "a sum over purchases": _wrong("(hit_rate * purchases).sum()", "0.2", "divide it by the number of purchases"),
        "a sum over people": _wrong("32.1 / 73", "hit_rate.sum()", "divide it by their number"),
        "every average is over people": _wrong("0.2", "0.2", "counts 60 times"),
        "every average is over purchases": _wrong("32.1 / 73", "32.1 / 73", "here every person counts once"),
        "weights upside down": _wrong("np.average(hit_rate, weights=1 / purchases)", "0.2", "one over the purchases"),
        "the largest share": _wrong("purchases.max() / purchases.sum()", "0.2", "that one person owns"),
        "the person in the middle": _wrong("32.1 / 73", "np.median(hit_rate)", "is the median"),
        "the best hit rate": _wrong("hit_rate.max()", "0.2", "weigh each hit rate by its purchases"),
        "only those who were served at all": _wrong("32.1 / 73", "hit_rate[1:].mean()", "divide by four"),
    },
)
