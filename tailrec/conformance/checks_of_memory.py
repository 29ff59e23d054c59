"""A check of models: the memory that a score takes does not grow with the number of other users."""

# ruff: noqa: D401 (the docstring of a check says what holds)

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np

from tailrec.conformance import planted
from tailrec.conformance.checks import Fault, check
from tailrec.conformance.model_subject import ModelSubject

#: Users of the smaller and of the larger train, and items of both: few of the pairs have an event.
_FEW, _MANY, _ITEMS = 60, 240, 160


@check("model", mend="compute the rows of `users` only, not everybody's and then some of them", after=("score-finite",))
def score_memory_bounded(subject: ModelSubject) -> None:
    """The memory that one user's scores take does not grow by a row of scores for each user of the train."""
    splits = [planted.planted_taste(subject.columns, n_users, _ITEMS, seed=6) for n_users in (_FEW, _MANY)]
    few, many = (_peak(subject, subject.fit_split(split)) for split in splits)
    dense = (_MANY - _FEW) * _ITEMS * 4
    if many - few > dense / 2:
        raise Fault(
            f"`score` of one user took {few / 1e3:.0f} kB with {_FEW} users and {many / 1e3:.0f} kB with {_MANY}, "
            f"where the scores of those in between are {dense / 1e3:.0f} kB"
        )


def _peak(subject: ModelSubject, model: Any) -> int:
    subject.score(model, [3])  # what is imported or made at the first call is not counted
    tracing = tracemalloc.is_tracing()
    if not tracing:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        subject.score(model, np.array([3]))
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        if not tracing:
            tracemalloc.stop()
