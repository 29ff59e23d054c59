"""06-2: hits that are worth less the further down they stand."""

from __future__ import annotations

import numpy as np

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import gives, is_begun, is_function

_SECOND = (np.array([0, 1, 0]), 1)
_TWO = (np.array([1, 0, 1]), 2)
_MISSED = (np.array([1, 0, 0]), 2)
_MANY = (np.array([1, 1]), 5)
_DISCOUNT = 1 / np.log2(3)
_FIRST_AND_THIRD = 1.5 / (1 + _DISCOUNT)


def _wrong(body: str, says: str) -> WrongAnswer:
    start = "discounts = 1 / np.log2(np.arange(2, len(hits) + 2))"
    return WrongAnswer(f"def ndcg(hits, n_targets):\n    {start}\n    {body}\n", says)


NDCG = Exercise(
    name="06-2",
    text=r"""
`hits` is an array of zeros and ones: whether the item at each place of the list is a target. The person has
`n_targets` targets, at least one. Write `ndcg(hits, n_targets)`: the sum of $1/\log_2(r + 1)$ over the ranks
$r = 1, 2, \dots$ of the hits, divided by the largest sum that a list of this length can have.
""",
    stub="""\
def ndcg(hits, n_targets):
    return ...
""",
    answer="ndcg",
    hint="With `discounts = 1 / np.log2(np.arange(2, len(hits) + 2))` the upper sum is `hits @ discounts`. The best "
    "list has its hits on top: how many can that be, with `n_targets` targets and `len(hits)` places?",
    solution="""\
def ndcg(hits, n_targets):
    discounts = 1 / np.log2(np.arange(2, len(hits) + 2))
    return hits @ discounts / discounts[:n_targets].sum()
""",
    rules=(
        is_function("ndcg"),
        is_begun(_SECOND),
        gives(
            _SECOND,
            _DISCOUNT,
            "expected 0.6309: the one hit stands second, 1 / log2(3), and the best list has it first, 1",
            instead=[
                (1.0, "a hit at rank 2 is divided by log2(3); rank 1 alone is divided by log2(2) = 1"),
                (0.5, "that is 1/r, the reciprocal rank; here the discount is 1/log2(r + 1)"),
                (1 / np.log(3), "that is the natural logarithm in the discount; with base 2 the first place counts 1"),
                (
                    _DISCOUNT / (1.5 + _DISCOUNT),
                    "that divides by the sum of all three places; a list with one target has one hit at best",
                ),
            ],
        ),
        gives(
            _TWO,
            _FIRST_AND_THIRD,
            "expected 0.9197: 1 + 1/log2(4) = 1.5, and the best list has its two hits on top, 1 + 1/log2(3)",
            instead=[
                (1.5, "that is the DCG; divide it by that of the best list, 1 + 1/log2(3)"),
                (0.75, "divide by the best sum, 1 + 1/log2(3), not by the number of targets"),
            ],
        ),
        gives(
            _MISSED,
            1 / (1 + _DISCOUNT),
            "expected 0.6131: one of two targets is missed, and the best list has both",
        ),
        gives(
            _MANY,
            1.0,
            "two places and two hits: no list of two can be better, however many targets there are",
        ),
    ),
    praise="1 means that no list of this length could be better; it does not mean that everything was found",
    wrong={
        "print hands a value over": _wrong("print(hits @ discounts)", "only `return` hands it over"),
        "the function is to be called": WrongAnswer("ndcg = 0.63\n", "without parentheses"),
        "the first two places count alike": _wrong(
            "discounts = 1 / np.maximum(1, np.log2(np.arange(1, len(hits) + 1)))\n"
            "    return hits @ discounts / discounts[:n_targets].sum()",
            "rank 1 alone is divided",
        ),
        "one over the rank": _wrong(
            "discounts = 1 / np.arange(1, len(hits) + 1)\n    return hits @ discounts / discounts[:n_targets].sum()",
            "the reciprocal rank",
        ),
        "another logarithm": _wrong(
            "return hits @ (1 / np.log(np.arange(2, len(hits) + 2))) / discounts[:n_targets].sum()",
            "the natural logarithm",
        ),
        "all places": _wrong("return hits @ discounts / discounts.sum()", "one hit at best"),
        "not divided": _wrong("return hits @ discounts", "that is the DCG"),
        "by the number of targets": _wrong("return hits @ discounts / n_targets", "not by the number of targets"),
        "by the hits": _wrong("return hits.mean()", "the one hit stands second"),
        "the best order of what was found": _wrong(
            "return hits @ discounts / max(1, discounts[: hits.sum()].sum())", "one of two targets is missed"
        ),
        "every target has a place": _wrong(
            "best = 1 / np.log2(np.arange(2, n_targets + 2))\n    return hits @ discounts / best.sum()",
            "no list of two can be better",
        ),
    },
)
