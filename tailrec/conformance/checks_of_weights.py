"""Checks of models: training weights are honoured, or declared unused."""

# ruff: noqa: D401 (the docstring of a check says what holds)

from __future__ import annotations

import numpy as np

from tailrec.conformance.checks import Fault, NotApplicable, check
from tailrec.conformance.comparing import same
from tailrec.conformance.model_subject import HEAVIER, ModelSubject


@check(
    "model",
    mend="multiply what an event counts for by its weight, or declare `uses_weights = False`",
    after=("score-finite",),
)
def weights_honoured(subject: ModelSubject) -> None:
    """A model that declares `uses_weights` gives other scores where one group of users weighs more."""
    if not subject.model.uses_weights:
        raise NotApplicable("it declares that it makes no use of weights")
    first, second = subject.scores_of_camps
    if np.abs(first - second).max() <= 1e-6 * np.abs(first).max(initial=1e-9):
        raise Fault(
            f"`uses_weights` is True, and no score moved when one of two groups weighed {HEAVIER:g} times the other"
        )


@check(
    "model", mend="weights are one a row of `train.frame`; more weight must count for more", after=("weights-honoured",)
)
def weights_lead_their_way(subject: ModelSubject) -> None:
    """Users without a side are led to the items of the group that weighs more."""
    if not subject.model.uses_weights:
        raise NotApplicable("it declares that it makes no use of weights")
    camps = subject.camps
    margins = [
        (scores[:, camps.of_first].mean(axis=1) - scores[:, camps.of_second].mean(axis=1))[camps.undecided].mean()
        for scores in subject.scores_of_camps
    ]
    if not margins[0] > margins[1]:
        raise Fault(
            f"with the first group {HEAVIER:g} times as heavy, its items lead for users without a side by "
            f"{margins[0]:.3g}, and with the second group as heavy by {margins[1]:.3g}, which should be less"
        )


@check(
    "model",
    mend="multiply by the weight, whose mean is one, and take `weights=None` for ones",
    after=("weights-honoured", "same-seed-same-scores"),
)
def equal_weights_change_nothing(subject: ModelSubject) -> None:
    """Weights that are all one give what no weights give."""
    if not subject.model.uses_weights:
        raise NotApplicable("it declares that it makes no use of weights")
    said = "`score` changed when every event weighed one"
    same(subject.scores, subject.scores_of_equal_weights, said, 1e-3)


@check("model", mend="declare `uses_weights: ClassVar[bool] = True`", after=("score-finite",))
def weights_declared(subject: ModelSubject) -> None:
    """A model that declares no use of weights makes none."""
    if subject.model.uses_weights not in (True, False):
        raise Fault(f"`uses_weights` is {subject.model.uses_weights!r}, expected True or False")
    if subject.model.uses_weights:
        raise NotApplicable("it declares that it uses weights")
    try:
        first, second = subject.scores_of_camps
    except Fault as fault:
        raise NotApplicable("it refuses weights") from fault
    if np.abs(first - second).max() > 1e-6 * np.abs(first).max(initial=1e-9):
        raise Fault("`uses_weights` is False, and weights moved the scores; so nobody is ever given them")
