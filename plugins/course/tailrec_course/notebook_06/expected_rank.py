"""06-3: the rank that a sample shows."""

from __future__ import annotations

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import gives, is_begun, is_function

_MIDDLE = (51, 1001, 100)
_FIRST = (1, 1001, 100)
_ALL = (30, 101, 100)


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def expected_rank(rank, n_items, n_sampled):\n    return {body}\n", says)


EXPECTED_RANK = Exercise(
    name="06-3",
    text="""\
A target has rank `rank` among all `n_items` items, itself included. Somebody draws `n_sampled` of the *other*
items at random and ranks the target among these. Write `expected_rank(rank, n_items, n_sampled)`: the rank
that is seen there, in the mean.
""",
    stub="""\
def expected_rank(rank, n_items, n_sampled):
    return ...
""",
    answer="expected_rank",
    hint="`rank - 1` of the `n_items - 1` others stand before the target. Which share of the sample do you expect to? "
    "And what rank has a target with nobody before it?",
    solution="""\
def expected_rank(rank, n_items, n_sampled):
    return 1 + n_sampled * (rank - 1) / (n_items - 1)
""",
    rules=(
        is_function("expected_rank"),
        is_begun(_MIDDLE),
        gives(
            _MIDDLE,
            6.0,
            "expected 6: 50 of the 1,000 others stand before it, so 5 of 100 are expected to",
            instead=[
                (5.0, "that is how many are expected before it; the target stands behind them"),
                (51 * 100 / 1001, "of the others, 50 of 1,000 stand before it; the target itself is never drawn"),
                (51 * 100 / 1000, "50 of the others stand before a target with rank 51, not 51"),
                (51.0, "that is the rank among all; of those before it only some are drawn"),
                (50 * 100 / 1001, "the target is one of the 1,001 and is not drawn: there are 1,000 others"),
                (1 + 50 * 100 / 1001, "the target is one of the 1,001 and is not drawn: there are 1,000 others"),
                (1 + 51 * 100 / 1000, "50 of the others stand before a target with rank 51, not 51"),
                (501.0, "that blows the rank up; a tenth of the others is drawn, so a tenth of those before it"),
            ],
        ),
        gives(_FIRST, 1.0, "nobody stands before the first, whoever is drawn"),
        gives(_ALL, 30.0, "where all 100 others are drawn, the rank is the one that it is, 30"),
    ),
    praise="rank 51 of 1,001 is on no list of ten, and its expected rank among 101 is 6: a sample makes a hit of it",
    wrong={
        "print hands a value over": WrongAnswer(
            "def expected_rank(rank, n_items, n_sampled):\n    print(1)\n", "only `return` hands it over"
        ),
        "the function is to be called": WrongAnswer("expected_rank = 6\n", "without parentheses"),
        "how many before it": _wrong("n_sampled * (rank - 1) / (n_items - 1)", "stands behind them"),
        "a share of all": _wrong("n_sampled * rank / n_items", "never drawn"),
        "one too many": _wrong("n_sampled * rank / (n_items - 1)", "with rank 51, not 51"),
        "nothing changes": _wrong("float(rank)", "the rank among all"),
        "the target is drawn too": _wrong("1 + n_sampled * (rank - 1) / n_items", "there are 1,000 others"),
        "the other way round": _wrong("1 + (rank - 1) * (n_items - 1) / n_sampled", "blows the rank up"),
        "upside down": _wrong("n_sampled / rank", "expected 6"),
        "at least two": _wrong("max(2, 1 + n_sampled * (rank - 1) / (n_items - 1))", "nobody stands before the first"),
        "always of a thousand": _wrong("1 + n_sampled * (rank - 1) / 1000", "where all 100 others are drawn"),
    },
)
