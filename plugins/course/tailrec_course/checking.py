"""`check`: tell a learner at once what is wrong with an answer."""

from __future__ import annotations

import os
import pkgutil
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

from tailrec_course.exercise import Exercise, judge

_FOLDERS = [one.name for one in pkgutil.iter_modules([str(Path(__file__).parent)]) if one.name.startswith("notebook_")]

#: Every exercise, by its name: those of each folder ``notebook_NN`` beside this file.
EXERCISES: dict[str, Exercise] = {
    exercise.name: exercise for folder in _FOLDERS for exercise in import_module(f"tailrec_course.{folder}").EXERCISES
}


def check(name: str, answer: Any) -> None:
    """Print one sentence: what is wrong with the answer to an exercise, or that it is right.

    It never raises, unless the environment has ``TAILREC_STRICT=1``, as a test or a grader wants it.

    Parameters
    ----------
    name
        The exercise, such as ``00-1``.
    answer
        What the exercise asks for: a function, a number, a tuple.

    Raises
    ------
    AssertionError
        With the same sentence, where ``TAILREC_STRICT=1`` and the answer is wrong or the exercise unknown.

    Examples
    --------
    >>> check("00-3", (0.4397, 0.2))
    00-3 is right: the shop reports 44 %, the average person gets 20 %, and both are true.
    >>> check("00-9", 1)
    No exercise is named 00-9: did you mean 00-1, 00-2 or 00-3?
    """
    exercise = EXERCISES.get(name) if isinstance(name, str) else None
    if exercise is None:
        right, sentence = False, _unknown(name, answer)
    else:
        wrong = judge(exercise, answer)
        right = wrong is None
        sentence = f"{name} is right: {exercise.praise}." if right else f"{name} is not there yet: {wrong}."
    if not right and os.environ.get("TAILREC_STRICT") == "1":
        raise AssertionError(sentence)
    print(sentence)


def _unknown(name: Any, answer: Any) -> str:
    if isinstance(answer, str) and answer in EXERCISES:
        return f'The name of the exercise comes first: check("{answer}", ...).'
    if not isinstance(name, str):
        return f'Expected the name of an exercise first, as in check("00-1", ...), received {type(name).__name__}.'
    near = sorted(get_close_matches(name, EXERCISES, n=3, cutoff=0.7))
    if near:
        others = ", ".join(near[:-1])
        return f"No exercise is named {name}: did you mean {f'{others} or ' if others else ''}{near[-1]}?"
    return f"No exercise is named {name}: there are {', '.join(sorted(EXERCISES))}."
