"""The rules that exercises share, and the words in which they speak of an answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from tailrec_course.exercise import Rule


def is_function(name: str) -> Rule:
    """Return a rule: the answer is a function, handed over without being called."""

    def rule(answer: Any) -> str | None:
        if callable(answer):
            return None
        return f"expected the function itself, received {shown(answer)}: write `{name}` without parentheses after it"

    return rule


def is_begun(arguments: tuple[Any, ...]) -> Rule:
    """Return a rule: the function's three dots are gone, and it returns something."""

    def rule(answer: Any) -> str | None:
        got = call(answer, *arguments)
        if got is ...:
            return "the three dots are still there: put in their place what the function is to return"
        if got is None:
            return f"{called(answer, arguments)} returned nothing: `print` shows a value, only `return` hands it over"
        return None

    return rule


def gives(arguments: tuple[Any, ...], expected: Any, because: str, instead: Sequence[tuple[Any, str]] = ()) -> Rule:
    """Return a rule: the function gives `expected` for the arguments.

    Where it does not, the sentence shows the call, what it gave, and why that is wrong: the words that stand
    beside the given value in `instead`, or `because`.
    """

    def rule(answer: Any) -> str | None:
        got = call(answer, *arguments)
        if equal(got, expected):
            return None
        why = next((words for value, words in instead if equal(got, value)), because)
        return f"{called(answer, arguments)} gave {shown(got)}: {why}"

    return rule


def call(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a learner's function on arguments that it may spoil."""
    return function(*deepcopy(arguments))


def called(function: Any, arguments: tuple[Any, ...]) -> str:
    """Return a call as a learner would write it.

    Examples
    --------
    >>> called(max, (1, 2.5))
    'max(1, 2.5)'
    """
    return f"{getattr(function, '__name__', 'your function')}({', '.join(shown(one) for one in arguments)})"


def equal(got: Any, expected: Any, tolerance: float = 1e-9) -> bool:
    """Tell whether a value is the expected word, or within a tolerance of the expected number.

    Examples
    --------
    >>> equal(0.4397, 0.44, tolerance=0.005), equal(True, 1)
    (True, False)
    """
    if isinstance(expected, str):
        return isinstance(got, str) and got == expected
    return is_number(got) and math.isclose(float(got), expected, rel_tol=0, abs_tol=tolerance)


def is_number(value: Any) -> bool:
    """Tell whether a value is one number, from Python or NumPy; True and False are none."""
    if hasattr(value, "dtype"):
        return value.ndim == 0 and value.dtype.kind in "iuf"
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def shown(value: Any) -> str:
    """Return a value on one line, cut where it is long.

    Examples
    --------
    >>> shown(...), shown(0.1 + 0.2)
    ('...', '0.3')
    """
    if value is ...:
        return "..."
    if is_number(value) and isinstance(value, float):
        value = float(f"{value:.8g}")
    text = " ".join(repr(value.tolist() if hasattr(value, "tolist") else value).split())
    return text if len(text) <= 60 else text[:57] + "..."
