"""Checks of what a model finds: more than chance where there is a taste, no more where there is none."""

# ruff: noqa: D401 (the docstring of a check says what holds)

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailrec.conformance.checks import Fault, check
from tailrec.conformance.comparing import auc
from tailrec.conformance.model_subject import ModelSubject

#: A mean counts as off chance beyond so many standard errors: by chance once in 4,000 times ...
_ERRORS = 3.5
#: ... and only this far from it, for choosing on the validation gains a little there.
_LEAK = 0.07


@check(
    "model",
    mend="a higher score must mean a better item; see that codes, rows and columns are not mixed up",
    after=("score-finite",),
)
def beats_chance(subject: ModelSubject) -> None:
    """Where tastes are planted, it puts a held-out item above another more often than chance does."""
    test = subject.split.test
    mean, error = _mean(auc(subject.scores, test.targets, test.masked))
    if mean < 0.5 - _ERRORS * error:
        raise Fault(f"it puts held-out items below the others: AUC {mean:.2f}, by chance 0.50", "turn the scores round")
    if mean < 0.5 + _ERRORS * error:
        raise Fault(f"it finds nothing where tastes are planted: AUC {mean:.2f} ± {error:.2f}, by chance 0.50")


@check(
    "model",
    mend="learn from `train` alone; choose on `validation` with tailrec.rank, and learn nothing from it",
    after=("score-finite",),
)
def no_leak(subject: ModelSubject) -> None:
    """Where the train says nothing of the tastes, it does no better than chance on validation and test."""
    split, _, scores = subject.leak
    for name, asked in (("the test's", split.test), ("the validation's", split.validation)):
        mean, error = _mean(auc(scores, asked.targets, asked.masked))
        if mean > 0.5 + max(_LEAK, _ERRORS * error):
            raise Fault(
                f"it finds {name} targets where the train says nothing of them: AUC {mean:.2f} ± {error:.2f}, by "
                "chance 0.50; it has read the validation's targets, or what is masked, as training events"
            )


def _mean(values: NDArray[Any]) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))
