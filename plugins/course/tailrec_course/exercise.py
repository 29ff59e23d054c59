"""An exercise as data: its text, its stub and solution, and the ordered rules that judge an answer."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

#: Looks at an answer and returns the one sentence that says what is wrong with it, or None.
Rule = Callable[[Any], str | None]


@dataclass(frozen=True)
class WrongAnswer:
    """An answer that a learner is likely to give.

    Attributes
    ----------
    source
        The learner's code, written where the stub stands.
    says
        A part of the sentence that this answer gets, and no other.
    """

    source: str
    says: str


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes
    ----------
    name
        The notebook and the number: ``00-1``.
    text
        What is asked, in Markdown.
    stub, solution
        Code of one cell, before and after.
    answer
        The expression whose value is handed to the check after that cell has run.
    hint
        What to look at, without the answer.
    rules
        Tried in their order; the sentence of the first that fails is shown.
    praise
        What is shown when none fails.
    wrong
        Likely wrong answers, by what their author believed.
    """

    name: str
    text: str
    stub: str
    solution: str
    answer: str
    hint: str
    rules: tuple[Rule, ...]
    praise: str
    wrong: Mapping[str, WrongAnswer]

    @property
    def call(self) -> str:
        """Return the line that a learner runs to be told."""
        return f'check("{self.name}", {self.answer})'


def judge(exercise: Exercise, answer: Any) -> str | None:
    """Return the sentence of the first rule that an answer fails, or None where it fails none.

    What the answer prints is swallowed, and what it raises becomes the sentence.

    Examples
    --------
    >>> from tailrec_course import EXERCISES
    >>> judge(EXERCISES["00-3"], (0.2, 0.44))
    'the two are the other way round: `per_purchase` comes first'
    """
    for rule in exercise.rules:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                sentence = rule(answer)
        except (Exception, SystemExit) as error:
            # The learner's own code runs inside the rule, so anything can come out of it.
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            return f"your answer raised {reason[:200]}; run it on an example of your own first"
        if sentence:
            return sentence
    return None
