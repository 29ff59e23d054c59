"""01-3: how many kinds one expects to see in a few items of a history."""

from __future__ import annotations

from typing import Any

import numpy as np

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import gives, is_begun, is_function


def _case(counts: list[int], n: int) -> tuple[Any, ...]:
    return (np.array(counts), n)


_PLAIN, _ABSENT, _ALL = _case([3, 1], 2), _case([2, 0, 2], 2), _case([5, 2, 1], 8)


def _wrong(body: str, says: str) -> WrongAnswer:
    start = "from math import comb\n\n\ndef kinds_seen(counts, n):\n    N = int(counts.sum())\n    "
    return WrongAnswer(f"{start}{body}\n", says)


KINDS_SEEN = Exercise(
    name="01-3",
    text="""\
Somebody has $c_1, \\dots, c_m$ items of $m$ kinds, $N$ items in all; an item is of one kind. Draw $n$ of them without
putting any back. Kind $j$ is missed with probability $\\binom{N - c_j}{n} / \\binom{N}{n}$: all $n$ come from the
other items. Write `kinds_seen(counts, n)`, the number of different kinds that one expects to see. It is an exact
rarefaction, without drawing. After `from math import comb`, `comb(a, b)` is $\\binom{a}{b}$.
""",
    stub="""\
def kinds_seen(counts, n):
    return ...
""",
    answer="kinds_seen",
    hint="The expected number of kinds seen is the sum over the kinds of the probability to see each. For counts 3 and "
    "1 and two draws: with what probability is the rare kind among the two?",
    solution="""\
from math import comb


def kinds_seen(counts, n):
    N = int(counts.sum())
    return sum(1 - comb(N - int(c), n) / comb(N, n) for c in counts)
""",
    rules=(
        is_function("kinds_seen"),
        is_begun(_PLAIN),
        gives(
            _PLAIN,
            1.5,
            "expected 1.5: the common kind is always seen, the rare one in half of the draws",
            instead=[
                (1.375, "that is drawing with replacement; an item that was drawn is not there any more"),
                (0.5, "these are the kinds that are missed; a kind is seen with one minus that probability"),
                (2, "that is the number of kinds of the whole history, or of items drawn"),
                (0.75, "that is the mean over the kinds; add the probabilities up"),
                (1.0, "here nothing depends on `n` any more; the bigger the draw, the more kinds are seen"),
            ],
        ),
        gives(
            _ABSENT,
            2 * (1 - 1 / 6),
            "expected 1.667: two kinds of two items each; a kind with a count of 0 is never seen",
            instead=[(2 * (1 - 1 / 6) + 1, "a kind with a count of 0 cannot be seen")],
        ),
        gives(_ALL, 3.0, "expected 3: whoever draws all items sees every kind"),
    ),
    praise="drawn down to equal length, two histories can be compared; as they are, the longer one looks broader",
    wrong={
        "print hands a value over": _wrong("print(N)", "only `return` hands it over"),
        "the function is to be called": WrongAnswer("kinds_seen = 1.5\n", "without parentheses"),
        "an item can be drawn twice": _wrong("return (1 - (1 - counts / N) ** n).sum()", "with replacement"),
        "what is missed": _wrong("return sum(comb(N - int(c), n) / comb(N, n) for c in counts)", "that are missed"),
        "all of them": _wrong("return (counts > 0).sum()", "of the whole history"),
        "the mean": _wrong(
            "return sum(1 - comb(N - int(c), n) / comb(N, n) for c in counts) / len(counts)", "the mean over the kinds"
        ),
        "shares add up": _wrong("return (counts / N).sum()", "nothing depends on `n`"),
        "another formula": _wrong("return 1 / ((counts / N) ** 2).sum()", "the rare one in half of the draws"),
        "an empty kind is seen": _wrong(
            "return sum(1 - comb(N - int(c), n) / comb(N, n) if c else 1 for c in counts)", "cannot be seen"
        ),
        "a pair at most": _wrong(
            "return sum(1 - comb(N - int(c), 2) / comb(N, 2) for c in counts)", "whoever draws all items"
        ),
    },
)
