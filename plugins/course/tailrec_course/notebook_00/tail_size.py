"""00-2: cutting the tail."""

from __future__ import annotations

from typing import Any

import numpy as np

from tailrec_course.exercise import Exercise, WrongAnswer, gives, is_begun, is_function


def _people(*lengths: int) -> tuple[Any, ...]:
    return (np.array(lengths),)


_PLAIN = _people(10, 50, 40, 20, 30)

TAIL_SIZE = Exercise(
    name="00-2",
    text="""\
The tail is the four fifths of the people with the shortest histories; whoever has as many products as the last of them belongs to
it too. `lengths` is an array with the number of products of each person, in no order; the number of people can be divided by five.
Write `tail_size(lengths)`: how many people are in the tail?
""",
    stub="""\
def tail_size(lengths):
    return ...
""",
    answer="tail_size",
    hint="`np.sort(lengths)` puts the shortest first. Look at the last person of the four fifths, then count everybody up to that length.",
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
                (0, "the tail is cut where four fifths of the people are, wherever that is, not at five products"),
            ],
        ),
        gives(
            _people(8, 1, 8, 2, 40, 8, 3, 8, 1, 1),
            9,
            "expected 9, everybody with at most 8 products",
            instead=[
                (8, "four people have 8 products, and four fifths ends among them; all of them belong to the tail"),
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
        gives(_people(7, 7, 7, 7, 7), 5, "five people who are alike are all in the tail, and the head is empty"),
    ),
    praise="and the rule looks at training histories alone, so nobody is put into a segment by what the test says",
    wrong={
        "print hands a value over": WrongAnswer(
            "def tail_size(lengths):\n    print((lengths <= np.sort(lengths)[len(lengths) * 4 // 5 - 1]).sum())\n",
            "only `return` hands it over",
        ),
        "the function is to be called": WrongAnswer("tail_size = 4\n", "without parentheses"),
        "the cut is asked for": WrongAnswer(
            "def tail_size(lengths):\n    return np.sort(lengths)[len(lengths) * 4 // 5 - 1]\n",
            "that is the length at the cut",
        ),
        "the people are asked for": WrongAnswer(
            "def tail_size(lengths):\n    return lengths <= np.sort(lengths)[len(lengths) * 4 // 5 - 1]\n",
            "expected the number 4",
        ),
        "the share is asked for": WrongAnswer(
            "def tail_size(lengths):\n    return (lengths <= np.sort(lengths)[len(lengths) * 4 // 5 - 1]).mean()\n",
            "that is the share",
        ),
        "the head is asked for": WrongAnswer(
            "def tail_size(lengths):\n    return (lengths > np.sort(lengths)[len(lengths) * 4 // 5 - 1]).sum()\n",
            "that is the head",
        ),
        "the people are sorted already": WrongAnswer(
            "def tail_size(lengths):\n    return (lengths <= lengths[len(lengths) * 4 // 5 - 1]).sum()\n", "sort them"
        ),
        "shorter than the cut": WrongAnswer(
            "def tail_size(lengths):\n    return (lengths < np.sort(lengths)[len(lengths) * 4 // 5 - 1]).sum()\n",
            "compare with `<=`",
        ),
        "the tail has at most five products": WrongAnswer(
            "def tail_size(lengths):\n    return (lengths <= 5).sum()\n", "not at five products"
        ),
        "ties may be split": WrongAnswer("def tail_size(lengths):\n    return len(lengths) * 4 // 5\n", "among them"),
        "the longest four fifths": WrongAnswer(
            "def tail_size(lengths):\n    return (lengths >= np.sort(lengths)[::-1][len(lengths) * 4 // 5 - 1]).sum()\n",
            "not from the longest",
        ),
        "a share of the longest history": WrongAnswer(
            "def tail_size(lengths):\n    return (lengths <= 0.8 * lengths.max()).sum()\n", "of the longest history"
        ),
        "a share of the products": WrongAnswer(
            "def tail_size(lengths):\n    return (np.cumsum(np.sort(lengths)) <= 0.8 * lengths.sum()).sum()\n",
            "not of the products",
        ),
    },
)
