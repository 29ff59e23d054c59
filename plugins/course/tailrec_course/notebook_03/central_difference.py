"""03-4: a gradient without any calculus, to check one that has it."""

from __future__ import annotations

from typing import Any

import numpy as np

from tailrec_course.arrays import gives_array, is_begun_on_arrays, shown_array
from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import is_function

_EPSILON = 0.1
_AT = np.array([2.0, -1.0, 0.5])


def _cubes(w: np.ndarray) -> float:
    return float((w**3).sum())


def _nudged(w: np.ndarray, epsilon: float) -> np.ndarray:
    """Return what a step of one epsilon to each side gives on cubes, worked out by hand: 3 w² + ε²."""
    return 3 * w**2 + epsilon**2


_EXACT = _nudged(_AT, _EPSILON)
_FORWARD = 3 * _AT**2 + 3 * _AT * _EPSILON + _EPSILON**2
_BACKWARD = 3 * _AT**2 - 3 * _AT * _EPSILON + _EPSILON**2
_TOGETHER = (_cubes(_AT + _EPSILON) - _cubes(_AT - _EPSILON)) / (2 * _EPSILON)


def _leaves_the_weights_alone(answer: Any) -> str | None:
    w = np.array(_AT)
    answer(_cubes, w, _EPSILON)
    if np.allclose(w, _AT, atol=1e-12):
        return None
    return f"`w` was {_AT.tolist()} before and is {shown_array(w)} after: put back what you moved, or move a copy"


_SOLUTION = """\
def central_difference(f, w, epsilon):
    gradient = np.zeros_like(w)
    for i in range(len(w)):
        up, down = w.copy(), w.copy()
        up[i] += epsilon
        down[i] -= epsilon
        gradient[i] = (f(up) - f(down)) / (2 * epsilon)
    return gradient
"""


def _instead(old: str, new: str, says: str) -> WrongAnswer:
    assert old in _SOLUTION
    return WrongAnswer(_SOLUTION.replace(old, new), says)


CENTRAL_DIFFERENCE = Exercise(
    name="03-4",
    text="""\
Write `central_difference(f, w, epsilon)`. `f` is a function of the weights `w` `(n,)` and returns one number.
Move one weight at a time by `epsilon` up and by `epsilon` down, and return the slopes
$(f(w + \\epsilon e_i) - f(w - \\epsilon e_i)) / 2\\epsilon$ in an array of shape `(n,)`; $e_i$ is 1 at place $i$ and 0
elsewhere. `w` stays as it was.
""",
    stub="""\
def central_difference(f, w, epsilon):
    return ...
""",
    answer="central_difference",
    hint="Make two copies of `w` in the loop, change place `i` of each, and call `f` on both. How far apart are they?",
    solution=_SOLUTION,
    rules=(
        is_function("central_difference"),
        is_begun_on_arrays((_cubes, _AT, _EPSILON)),
        gives_array(
            (_cubes, _AT, _EPSILON),
            _EXACT,
            where="for the sum of cubes at (2, −1, 0.5) with epsilon 0.1",
            because=f"expected {_EXACT.round(4).tolist()}, 3 w² + ε² by hand",
            instead=[
                (_FORWARD, "that goes up only; its error shrinks like ε, the one of both sides like ε²"),
                (_BACKWARD, "that goes down only; its error shrinks like ε, the one of both sides like ε²"),
                (2 * _EXACT, "the two points lie 2 · epsilon apart; here it was divided by one epsilon"),
                (_EXACT * 2 * _EPSILON, "the difference is not divided yet; slope is difference over distance"),
                (_EXACT / 2, "each point is one epsilon away, and the two lie 2 · epsilon apart, not 4"),
                (-_EXACT, "up and down have changed places"),
                (3 * _AT**2, "that is what a far smaller step gives; take the `epsilon` that is handed over"),
                (_nudged(_AT, _EPSILON / 2), "half an epsilon was taken to each side; take a whole one"),
                (np.full(3, _TOGETHER), "all weights were moved at once; one at a time, the others stay"),
                (_TOGETHER, "one slope for all weights moved at once; one for each weight is asked for"),
                (np.zeros(3), "the loop stores no slope in `gradient`"),
                (_EXACT * [1, 0, 0], "only the first weight has its slope; look where the `return` stands"),
                (_EXACT[-1], "that is the slope of the last weight alone; store each at its place"),
            ],
        ),
        _leaves_the_weights_alone,
    ),
    praise="13 parameters cost 26 forward passes; back-propagation gets all slopes in one pass back",
    wrong={
        "print hands a value over": _instead("return gradient", "print(gradient)", "only `return` hands it over"),
        "the function is to be called": WrongAnswer("central_difference = 0.0\n", "without parentheses"),
        "up alone": _instead("f(down)) / (2 * epsilon)", "f(w)) / epsilon", "that goes up only"),
        "down alone": _instead("f(up) - f(down)) / (2 * epsilon)", "f(w) - f(down)) / epsilon", "goes down only"),
        "one epsilon apart": _instead("/ (2 * epsilon)", "/ epsilon", "by one epsilon"),
        "the difference is the slope": _instead(" / (2 * epsilon)", "", "not divided yet"),
        "four epsilon apart": _instead("(2 * epsilon)", "(4 * epsilon)", "not 4"),
        "precedence": _instead("(2 * epsilon)", "2 * epsilon", "expected [12.01"),
        "down minus up": _instead("f(up) - f(down)", "f(down) - f(up)", "have changed places"),
        "an epsilon of one's own": _instead(
            "    gradient = np", "    epsilon = 1e-6\n    gradient = np", "a far smaller step"
        ),
        "half a step": _instead("    gradient = np", "    epsilon = epsilon / 2\n    gradient = np", "half an epsilon"),
        "all at once": WrongAnswer(
            _SOLUTION.replace("up[i] +=", "up +=").replace("down[i] -=", "down -="), "were moved at once; one at"
        ),
        "without a loop": WrongAnswer(
            "def central_difference(f, w, epsilon):\n    return (f(w + epsilon) - f(w - epsilon)) / (2 * epsilon)\n",
            "one slope for all weights",
        ),
        "the loop is empty": WrongAnswer(
            "def central_difference(f, w, epsilon):\n    return np.zeros_like(w)\n", "stores no slope"
        ),
        "the return is in the loop": _instead("    return gradient", "        return gradient", "the `return` stands"),
        "the last one": _instead("return gradient", "return gradient[-1]", "store each at its place"),
        "a list of pairs": _instead("return gradient", "return [(i, g) for i, g in enumerate(gradient)]", "shape (3,)"),
        "w is moved and left there": _instead(
            "gradient[i] = (f(up) - f(down)) / (2 * epsilon)",
            "gradient[i] = (f(up) - f(down)) / (2 * epsilon)\n    w += epsilon",
            "put back",
        ),
    },
)
