"""One trial of a search: a model fitted and measured on the validation of every window, kept in the run store."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec.errors import InputError
from tailrec.evaluation import fit, label, per_user_values
from tailrec.failures import Failed, calling, said_of_train
from tailrec.holdout import Split
from tailrec.interfaces import MetricPlugin, ModelPlugin, depth_of
from tailrec.keys import digest
from tailrec.pieces import limited_to
from tailrec.ranking import has_own_recommend, rank
from tailrec.runs import RunStore
from tailrec.segments import segment_users
from tailrec.windows import splits_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec.interactions import FloatArray, IntArray
    from tailrec.scenarios import Scenario

#: As many threads as the pieces of a comparison have by default, so that it finds the values of the trial.
_THREADS = 1


@dataclass(frozen=True)
class Trial:
    """One trial of a search.

    Attributes
    ----------
    number
        Its place in the search; number 0 is the model as it was given.
    parameters
        The values of what is searched.
    segments
        The mean of the metric for every segment; empty where the trial failed.
    seconds
        How long fitting and ranking took.
    reason
        Why it failed; empty where it did not.
    values
        (n,) the metric of every user who is asked something, one window after another; None where the trial failed.
    trace
        The traceback of a plugin that failed, for whoever wrote it.
    """

    number: int
    parameters: Mapping[str, Any]
    segments: Mapping[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    reason: str = ""
    values: FloatArray | None = field(default=None, repr=False, compare=False)
    trace: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True)
class Validation:
    """What every trial is asked: the validation of every window of a scenario.

    Attributes
    ----------
    scenario
        Its name.
    splits
        By the name of the window a split whose test is the validation: there is no test to read.
    people, masks
        (n,) the codes of the users who are asked something, one window after another, and for every segment a mask
        over them.
    notes
        What a reader should know of the data.
    segments
        The rule that named the segments.
    """

    scenario: str
    splits: Mapping[str, Split]
    people: IntArray
    masks: Mapping[str, NDArray[np.bool_]]
    notes: Sequence[str] = ()
    segments: Any = "activity"


@dataclass(frozen=True)
class Objective:
    """What is made as good as can be: the mean of a metric over a segment of a validation, for a model with weights."""

    given: ModelPlugin
    asked: Validation
    metric: MetricPlugin
    segment: str
    weights: str | None

    @property
    def sign(self) -> int:
        """1 where a larger value is a better one, else -1."""
        return 1 if self.metric.higher_is_better else -1


def validation_of(scenario: Scenario, segments: Any) -> Validation:
    """Return what a scenario's validation asks, and of whom.

    Raises
    ------
    InputError
        Where nothing is asked, or the segments cannot be cut.
    """
    found, notes = splits_of(scenario)
    splits = {name: Split(split.train, split.validation, split.validation) for name, split in found}
    asked = [np.flatnonzero(np.diff(split.validation.targets.indptr)) for split in splits.values()]
    if not sum(map(len, asked)):
        raise InputError(
            f"scenario `{scenario.name}`: expected a validation with something to find, received none; "
            "split with a validation part, as in `last-fraction:validation=0.1`"
        )
    masks = [segment_users(split.train, segments) for split in splits.values()]
    return Validation(
        scenario.name,
        splits,
        np.concatenate(asked),
        {name: np.concatenate([of[name][users] for of, users in zip(masks, asked, strict=True)]) for name in masks[0]},
        notes,
        segments,
    )


def run_trial(number: int, parameters: Mapping[str, Any], what: Objective, store: RunStore, reuse: bool) -> Trial:
    """Fit the model with these parameters on every train, and measure it on every validation; keep what came of it.

    What a plugin raises becomes the reason of a trial that failed. That is not kept: it is tried again.
    """
    started = time.perf_counter()
    try:
        model = with_parameters(what.given, parameters)
        parts = [(split.train, split.validation) for split in what.asked.splits.values()]
        key = digest("trial", parts, model, what.weights, what.metric, _THREADS)
        kept = store.get("trial", key) if reuse else None
        if kept is None:
            with limited_to(_THREADS):
                found = [_measured(model, name, what) for name in what.asked.splits]
            kept = np.concatenate(found), time.perf_counter() - started
            store.put("trial", key, kept)
        values, seconds = kept
        segments = {name: _mean(values[mask]) for name, mask in what.asked.masks.items()}
        if math.isnan(segments[what.segment]):
            raise InputError(f"{label(what.metric)} has no value for anybody in segment `{what.segment}`")
    except (InputError, Failed) as error:
        trace = error.failure.trace if isinstance(error, Failed) else ""
        return Trial(number, parameters, seconds=time.perf_counter() - started, reason=str(error), trace=trace)
    return Trial(number, parameters, segments, seconds, values=values)


def with_parameters(model: ModelPlugin, parameters: Mapping[str, Any]) -> ModelPlugin:
    """Return a new model of the same class, with other values of some parameters."""
    return type(model)(**(model.parameters(changed_only=True) | dict(parameters)))


def _mean(values: FloatArray) -> float:
    there = values[~np.isnan(values)]
    return float(there.mean()) if len(there) else math.nan


def _measured(model: ModelPlugin, window: str, what: Objective) -> FloatArray:
    place = (what.asked.scenario, window, label(model), 0)
    # A plugin may write into what it is given; the next trial must not see that.
    split = copy.deepcopy(what.asked.splits[window])
    with calling(place, "fit", said_of_train(split.train)):
        fitted = fit(copy.deepcopy(model), split, what.weights)
    with calling(place, "recommend" if has_own_recommend(fitted) else "score"):
        holdout = what.asked.splits[window].validation
        ranking = rank(fitted, holdout, depth_of(what.metric), target_ranks=what.metric.needs_target_ranks)
    with calling(place, "per_user", metric=label(what.metric)):
        return per_user_values(what.metric, ranking)
