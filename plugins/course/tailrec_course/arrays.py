"""The rule of exercises whose answer returns an array, or several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tailrec_course.exercise import Rule
from tailrec_course.rules import call

#: A value that a wrong belief leads to, and the words for it.
Belief = tuple[Any, str]


def is_begun_on_arrays(arguments: tuple[Any, ...]) -> Rule:
    """Return a rule: the function's three dots are gone, and it returns something."""

    def rule(answer: Any) -> str | None:
        try:
            got = call(answer, *arguments)
        except ValueError:  # shapes that do not fit; the rule about values has the words for it
            return None
        if got is ... or (isinstance(got, tuple) and any(one is ... for one in got)):
            return "the three dots are still there: put in their place what the function is to return"
        if got is None:
            return "your function returned nothing: `print` shows a value, only `return` hands it over"
        return None

    return rule


def gives_array(
    arguments: tuple[Any, ...],
    expected: Any,
    where: str,
    because: str,
    instead: Sequence[Belief] = (),
    misfit: str = "print the `shape` of each array before the line that raised",
    tolerance: float = 1e-9,
) -> Rule:
    """Return a rule: the function gives `expected`, an array, within a tolerance and in its shape.

    Parameters
    ----------
    arguments, expected
        What it is called with, and what it has to give.
    where
        The case in words, as they stand after "your function gave ...".
    because
        Why another value of the right shape is wrong.
    instead
        Values of any shape that a wrong belief leads to, and the words for each.
    misfit
        What is said where the learner's arrays do not fit together.
    """
    wanted = np.asarray(expected, float)

    def rule(answer: Any) -> str | None:
        try:
            got = call(answer, *arguments)
        except ValueError:
            return f"{where}, NumPy says that the shapes do not fit: {misfit}"
        if same(got, wanted, tolerance):
            return None
        why = next((words for value, words in instead if same(got, np.asarray(value, float), tolerance)), None)
        if why is None:
            why = because if shape_of(got) == wanted.shape else f"expected {kind(wanted.shape)}"
        return f"{where}, your function gave {shown_array(got)}: {why}"

    return rule


def same(got: Any, wanted: np.ndarray, tolerance: float = 1e-9) -> bool:
    """Tell whether a value is an array of the wanted shape and numbers."""
    shape = shape_of(got)
    if shape != wanted.shape:
        return False
    return bool(np.allclose(np.asarray(got, float), wanted, rtol=tolerance, atol=tolerance, equal_nan=True))


def shape_of(value: Any) -> tuple[int, ...] | None:
    """Return the shape of numbers, or None where the value is something else.

    Examples
    --------
    >>> shape_of([[1, 2]]), shape_of("1"), shape_of(None)
    ((1, 2), None, None)
    """
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different length
        return None
    return array.shape if array.dtype.kind in "iuf" else None


def kind(shape: tuple[int, ...]) -> str:
    """Return a shape in words.

    Examples
    --------
    >>> kind(()), kind((3,)), kind((4, 1))
    ('one number', 'an array of shape (3,)', 'an array of shape (4, 1)')
    """
    return f"an array of shape {shape}" if shape else "one number"


def shown_array(value: Any) -> str:
    """Return numbers with four decimals on one line, with their shape; cut where they are long.

    Examples
    --------
    >>> shown_array([[0.12346, 1]]), shown_array(2.0)
    ('[[0.1235, 1.0]] of shape (1, 2)', '2.0')
    """
    shape = shape_of(value)
    if shape is None:
        text = " ".join(repr(value).split())
        return text if len(text) <= 60 else text[:57] + "..."
    text = repr((np.round(np.asarray(value, float), 4) + 0.0).tolist())
    text = text if len(text) <= 60 else text[:57] + "..."
    return f"{text} of shape {shape}" if shape else text
