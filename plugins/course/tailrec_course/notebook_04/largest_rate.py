"""04-4: how long a step may be."""

from __future__ import annotations

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import gives, is_begun, is_function


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def largest_rate(c):\n    return {body}\n", says)


LARGEST_RATE = Exercise(
    name="04-4",
    text="""\
Gradient descent on the bowl $C(w) = \\frac{c}{2} w^2$ with curvature $c > 0$: the gradient is $c\\,w$, so a step makes
$w - \\alpha c w = (1 - \\alpha c) w$. Below which learning rate $\\alpha$ does $w$ come closer to 0 with every step?
Write `largest_rate(c)`, the limit above which the steps grow.
""",
    stub="""\
def largest_rate(c):
    return ...
""",
    answer="largest_rate",
    hint="The steps shrink while $|1 - \\alpha c| < 1$. The absolute value has two sides; which of them sets a limit "
    "for $\\alpha > 0$?",
    solution="""\
def largest_rate(c):
    return 2 / c
""",
    rules=(
        is_function("largest_rate"),
        is_begun((4.0,)),
        gives(
            (4.0,),
            0.5,
            "expected 0.5: there 1 − αc is −1, and w jumps to the other side, as far away as before",
            instead=[
                (0.25, "with α = 1/c the first step lands on 0; up to twice that it still comes closer"),
                (2.0, "that is c / 2; the steeper the bowl, the shorter the step must be"),
                (8.0, "that is 2c; the steeper the bowl, the shorter the step must be"),
                (1.0, "at α = 1 this w is thrown from 1 to −3: the limit depends on c"),
                (0.0, "any α above 0 goes downhill; it is too long a step that fails"),
                (4.0, "that is c itself; the steeper the bowl, the shorter the step must be"),
                (0.125, "that is 1 / (2c), where a step goes half the way"),
                (0.75, "with α = 3/c the factor is −2, and every step doubles the distance"),
                (0.1, "0.1 may do here, but the limit depends on c"),
            ],
        ),
        gives((0.5,), 4.0, "expected 4: a flat bowl allows long steps"),
    ),
    praise="in many directions at once the steepest sets the limit, and the flattest the number of steps",
    wrong={
        "print hands a value over": WrongAnswer(
            "def largest_rate(c):\n    print(2 / c)\n", "only `return` hands it over"
        ),
        "the function is to be called": WrongAnswer("largest_rate = 0.5\n", "without parentheses"),
        "the best rate": _wrong("1 / c", "lands on 0"),
        "half the curvature": _wrong("c / 2", "that is c / 2"),
        "twice the curvature": _wrong("2 * c", "that is 2c"),
        "always one": _wrong("1.0", "at α = 1"),
        "no step is safe": _wrong("0.0", "too long a step"),
        "the curvature": _wrong("c", "that is c itself"),
        "half the way": _wrong("1 / (2 * c)", "half the way"),
        "three": _wrong("3 / c", "doubles the distance"),
        "a usual rate": _wrong("0.1", "0.1 may do here"),
        "the root": _wrong("1 / c**0.5", "a flat bowl allows"),
        "squared": _wrong("1 / c**2", "expected 0.5"),
    },
)
