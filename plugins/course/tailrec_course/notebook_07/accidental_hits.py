"""07-2: another pair of the same item is no negative."""

from __future__ import annotations

import numpy as np

from tailrec_course.arrays import gives_array, is_begun_on_arrays
from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import is_function

_ITEMS = np.array([7, 9, 7, 7])
_SAME = _ITEMS[:, None] == _ITEMS
_HITS = _SAME & ~np.eye(4, dtype=bool)


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def hits(items):\n    {body}\n", says)


_NUMBERS = _HITS.astype(float)
ACCIDENTAL_HITS = Exercise(
    name="07-2",
    text="""\
`items` is the (B,) array of the item codes of a batch's pairs. Write `hits(items)`: a (B, B) array that is 1
where pair c is an accidental hit for pair b (another pair, the same item), and 0 elsewhere.
""",
    stub="""\
def hits(items):
    return ...
""",
    answer="hits",
    hint="`items[:, None] == items` compares every pair with every other, and with itself. `np.eye(len(items))` is "
    "1 where a pair meets itself.",
    solution="""\
def hits(items):
    same = items[:, None] == items
    return same * 1 - np.eye(len(items))
""",
    rules=(
        is_function("hits"),
        is_begun_on_arrays((_ITEMS,)),
        gives_array(
            (_ITEMS,),
            _NUMBERS,
            "for the items 7, 9, 7, 7",
            "pairs 0, 2 and 3 are hits of each other, and of themselves none",
            instead=[
                (_SAME * 1, "a pair is no accidental hit of itself: the diagonal is 0"),
                (1 - _SAME, "these are the true negatives; asked for are those that are none"),
                (1 - _NUMBERS, "0 and 1 are the other way round"),
                (np.eye(4), "that is the diagonal alone: each pair's own item"),
                (np.triu(_NUMBERS), "only half of it: if c is a hit for b, then b is one for c"),
                (_NUMBERS.sum(axis=1), "that is how many hits each pair has; which ones is asked"),
                (_NUMBERS.sum(), "that is how many there are; which ones is asked"),
            ],
        ),
        gives_array(
            (np.array([3, 1, 2]),), np.zeros((3, 3)), "where no item comes twice", "nothing is to be left out there"
        ),
    ),
    praise="without it the model is told, in one row, that the same film is liked and not liked",
    wrong={
        "print hands a value over": _wrong("print(items)", "only `return` hands it over"),
        "called": WrongAnswer("hits = [[0, 1], [1, 0]]\n", "without parentheses"),
        "itself": _wrong("return (items[:, None] == items) * 1", "no accidental hit of itself"),
        "negatives": _wrong("return (items[:, None] != items) * 1", "true negatives"),
        "the other way round": _wrong(
            "return 1 - ((items[:, None] == items) * 1 - np.eye(len(items)))", "other way round"
        ),
        "diagonal": _wrong("return np.eye(len(items))", "diagonal alone"),
        "half": _wrong("return np.triu((items[:, None] == items) * 1, k=1)", "only half"),
        "how many of each": _wrong(
            "return ((items[:, None] == items) * 1 - np.eye(len(items))).sum(axis=1)", "how many hits each pair has"
        ),
        "how many": _wrong("return ((items[:, None] == items) * 1 - np.eye(len(items))).sum()", "how many there are"),
        "always the first": _wrong(
            "same = items[:, None] == items\n    out = same * 1 - np.eye(len(items))\n"
            "    return out if out.any() else np.ones((len(items), len(items)))",
            "nothing is to be left out",
        ),
    },
)
