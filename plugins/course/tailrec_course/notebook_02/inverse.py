"""02-4: from an activation back to its z."""

from __future__ import annotations

import math

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import gives, is_begun, is_function


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def logit(a):\n    return {body}\n", says)


INVERSE = Exercise(
    name="02-4",
    text="""\
The article prints σ(1.2) = 0.897. Which $z$ would have given 0.897? Write `logit(a)`, the inverse of the
sigmoid: it takes an activation `a` between 0 and 1 and returns the $z$ with σ(z) = a.
""",
    stub="""\
def logit(a):
    return ...
""",
    answer="logit",
    hint="Start from $a = 1 / (1 + e^{-z})$, and bring $e^{-z}$ to one side alone. Then take the logarithm.",
    solution="""\
def logit(a):
    return np.log(a / (1 - a))
""",
    rules=(
        is_function("logit"),
        is_begun((0.897,)),
        gives(
            (0.5,),
            0.0,
            "expected 0, because σ(0) = 0.5",
            instead=[
                (1.0, "that is a / (1 − a), the odds; z is their logarithm"),
                (1 / (1 + math.exp(-0.5)), "that is the sigmoid of a; its inverse is asked for"),
                (math.log(0.5), "that is log a; what is missing is the part with 1 − a"),
                (-math.log(0.5), "that is one side of it: both log a and log (1 − a) belong into z"),
                (0.25, "that is a (1 − a), the slope of the sigmoid; its inverse is asked for"),
                (math.atanh(0.5), "that is the inverse of tanh; the sigmoid is asked for"),
                (2.0, "one over a is where the way back begins; take away one, then the logarithm"),
            ],
        ),
        gives(
            (0.897,),
            math.log(0.897 / 0.103),
            "expected 2.1643, because σ(2.1643) = 0.897",
            instead=[
                (-math.log(0.897 / 0.103), "the sign is turned round: an activation above 0.5 has a positive z"),
                (math.log10(0.897 / 0.103), "the logarithm is the natural one, `np.log`, as e is in the sigmoid"),
                (math.log2(0.897 / 0.103), "the logarithm is the natural one, `np.log`, not the one of base 2"),
                (round(math.log(0.897 / 0.103), 2), "do not round what the function returns"),
                (0.0, "0 is right for 0.5 alone"),
            ],
        ),
    ),
    praise="2.1643 would give 0.897; the article printed 1.2 above it, and its own sum is 1.1",
    wrong={
        "print hands a value over": WrongAnswer(
            "def logit(a):\n    print(np.log(a / (1 - a)))\n", "only `return` hands it over"
        ),
        "the function is to be called": WrongAnswer("logit = 2.1643\n", "without parentheses"),
        "the odds": _wrong("a / (1 - a)", "the odds"),
        "the sigmoid again": _wrong("1 / (1 + np.exp(-a))", "the sigmoid of a"),
        "the logarithm undoes it": _wrong("np.log(a)", "the part with 1 − a"),
        "the logarithm of the rest": _wrong("-np.log(1 - a)", "both log a and log"),
        "the slope": _wrong("a * (1 - a)", "the slope of the sigmoid"),
        "the inverse of tanh": _wrong("np.arctanh(a)", "the inverse of tanh"),
        "one over": _wrong("1 / a", "one over a"),
        "turned round": _wrong("np.log((1 - a) / a)", "the sign is turned round"),
        "base ten": _wrong("np.log10(a / (1 - a))", "as e is in the sigmoid"),
        "base two": _wrong("np.log2(a / (1 - a))", "base 2"),
        "two decimals": _wrong("round(float(np.log(a / (1 - a))), 2)", "do not round"),
        "always in the middle": _wrong("0.0", "0.5 alone"),
        "a straight line": _wrong("(a - 0.5) * 4", "expected 2.1643"),
        "shifted": _wrong("np.log(a / (1 - a)) + 1.2", "expected 0, because"),
    },
)
