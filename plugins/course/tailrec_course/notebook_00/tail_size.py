"""00-2: cutting the tail."""

from __future__ import annotations

from typing import Any

import numpy as np

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import gives, is_begun, is_function


def _people(*lengths: int) -> tuple[Any, ...]:
    return (np.array(lengths),)


_PLAIN = _people(10, 50, 40, 20, 30)


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def tail_size(lengths):\n    {body}\n", says)


TAIL_SIZE = Exercise(
    name="00-2",
    text="""\
The tail is the four fifths of the people with the shortest histories; whoever has as many products as the
last of them belongs to it too. `lengths` is an array with the number of products of each person, in no order;
the number of people can be divided by five. Write `tail_size(lengths)`: how many people are in the tail?
""",
    stub="""\
def tail_size(lengths):
    return ...
""",
    answer="tail_size",
    hint="`np.sort(lengths)` puts the shortest first. Look at the last person of the four fifths, "
    "then count everybody up to that length.",
    solution="""\
def tail_size(lengths):
    last = len(lengths) * 4 // 5 - 1
    cut = np.sort(lengths)[last]
    return (lengths <= cut).sum()
""",
    rules=(
        is_function("tail_size"),
        is_begun(_PLAIN),
        gives(
            _PLAIN,
            4,
            "expected the number 4, the four shortest of five people",
            instead=[
                (40, "that is the length at the cut, asked is how many people have at most that"),
                (0.8, "that is the share of the people, asked is their number"),
                (1, "that is the head, the tail is everybody else"),
                (2, "the people stand in no order; sort them before you look for the cut"),
                (3, "the person at the cut is one of the four fifths; compare with `<=`"),
                (5, "positions begin at 0, so the last of the first four people stands at position 3"),
                (0, "the tail is cut where four fifths of the people are, wherever that is, not at five products"),
            ],
        ),
        gives(
            _people(8, 1, 8, 2, 40, 8, 3, 8, 1, 1),
            9,
            "expected 9, everybody with at most 8 products",
            instead=[
                (8, "four people have 8 products, and four fifths ends among them; all of them belong to the tail"),
                (5, "compare with the last of the four fifths, not with the first after them: both have 8 products"),
                (10, "the four fifths are counted from the shortest history, not from the longest"),
            ],
        ),
        gives(
            _people(10, 12, 11, 13, 14),
            4,
            "expected 4, the four shortest of five people",
            instead=[(2, "four fifths of the people, not four fifths of the longest history")],
        ),
        gives(
            _people(1, 45, 1, 1, 2, 1, 46, 1, 1, 1),
            8,
            "expected 8, everybody with at most 2 products",
            instead=[(9, "four fifths of the people, not of the products")],
        ),
    ),
    praise="the rule looks at training histories alone, so nobody is put into a segment by what the test says",
    wrong={
        "print hands a value over": _wrong(
            "print((lengths <= np.sort(lengths)[len(lengths) * 4 // 5 - 1]).sum())", "only `return` hands it over"
        ),
        "the function is to be called": WrongAnswer("tail_size = 4\n", "without parentheses"),
        "the cut is asked for": _wrong(
            "return np.sort(lengths)[len(lengths) * 4 // 5 - 1]", "that is the length at the cut"
        ),
        "the people are asked for": _wrong(
            "return lengths <= np.sort(lengths)[len(lengths) * 4 // 5 - 1]", "expected the number 4"
        ),
        "the share is asked for": _wrong(
            "return (lengths <= np.sort(lengths)[len(lengths) * 4 // 5 - 1]).mean()", "that is the share"
        ),
        "the head is asked for": _wrong(
            "return (lengths > np.sort(lengths)[len(lengths) * 4 // 5 - 1]).sum()", "that is the head"
        ),
        "the people are sorted already": _wrong(
            "return (lengths <= lengths[len(lengths) * 4 // 5 - 1]).sum()", "sort them"
        ),
        "shorter than the cut": _wrong(
            "return (lengths < np.sort(lengths)[len(lengths) * 4 // 5 - 1]).sum()", "compare with `<=`"
        ),
        "the tail has at most five products": _wrong("return (lengths <= 5).sum()", "not at five products"),
        "positions begin at 1": _wrong(
            "return (lengths <= np.sort(lengths)[len(lengths) * 4 // 5]).sum()", "positions begin at 0"
        ),
        "shorter than the first of the head": _wrong(
            "return (lengths < np.sort(lengths)[len(lengths) * 4 // 5]).sum()", "the last of the four fifths"
        ),
        "ties may be split": _wrong("return len(lengths) * 4 // 5", "among them"),
        "the longest four fifths": _wrong(
            "return (lengths >= -np.sort(-lengths)[len(lengths) * 4 // 5 - 1]).sum()", "not from the longest"
        ),
        "a share of the longest history": _wrong(
            "return (lengths <= 0.8 * lengths.max()).sum()", "of the longest history"
        ),
        "a share of the products": _wrong(
            "return (np.cumsum(np.sort(lengths)) <= 0.8 * lengths.sum()).sum()", "not of the products"
        ),
    },
)
