"""`tune`: the parameters of a model that serve a segment of the validation best; the test is never read."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm.auto import tqdm

from tailrec import names, registry, scenarios
from tailrec.errors import InputError, nearest
from tailrec.evaluation import label, metrics_of, unmet
from tailrec.interfaces import CatalogueMetric, MetricPlugin, ModelPlugin
from tailrec.runs import RunStore
from tailrec.search_space import search_space
from tailrec.suggesting import Tried, require_optuna, suggest
from tailrec.trials import Objective, run_trial, validation_of
from tailrec.tuned import Tuned
from tailrec.weighting import SCHEMES
from tailrec.windows import check_depth

__all__ = ["Tuned", "tune"]


def tune(
    model: str | ModelPlugin,
    scenario: Any,
    search: Mapping[str, Any] | Iterable[str] | None = None,
    *,
    metric: str | MetricPlugin = "ndcg",
    segment: str = "tail",
    segments: Any = "activity",
    weights: str | None = None,
    trials: int = 20,
    seed: int = 0,
    out: str | Path | None = None,
    resume: bool = False,
    progress: bool | None = None,
) -> Tuned:
    """Search the parameters of a model for the best mean of a metric over a segment of the validation.

    The first trial is the model as it was given; optuna proposes the others. The test is never read. The windows of a
    scenario are pooled: the mean runs over the users of all of them. Trials that differ by their parameters alone share
    the seed of the model.

    Parameters
    ----------
    model
        A model, its name or its spelling; what is not searched stays as it is.
    scenario
        A scenario, the name of one or of a data set, a data plugin, or interactions.
    search
        What to try, such as ``{"dim": [16, 32], "l2": "0.001..1:log"}`` or ``["k=10..500"]``; by default what the
        model's class declares as ``search``, else what the bounds of its parameters tell.
    metric
        One that has a value for every user.
    segment
        The segment to serve best.
    segments
        The rule that names groups of users.
    weights
        A weighting scheme for the fit.
    trials
        How many trials there are in all.
    seed
        Of the search; the model keeps its own.
    out
        The folder that keeps every trial, and ``trials.json`` and ``trials.csv``; by default a temporary one.
    resume
        Whether to use the trials that the folder already holds.
    progress
        Whether to show a progress bar; by default on a terminal.

    Raises
    ------
    InputError
        Where optuna is missing, or something that was given cannot be used.
    PluginError
        Where every trial failed.

    Examples
    --------
    >>> found = tune("item-knn:k=5", "synthetic:n_users=60,n_items=40", {"k": [2, 10]}, trials=9)
    >>> sorted(trial.parameters["k"] for trial in found.trials)  # as it is given, and both that were to be tried
    [2, 5, 10]
    """
    for name, number, least in (("trials", trials, 2), ("seed", seed, 0)):
        if not isinstance(number, int) or isinstance(number, bool) or number < least:
            raise InputError(f"expected `{name}` to be an integer of at least {least}, received {number!r}")
    given, measured = registry.make("model", model), _metric(metric)
    space, place = search_space(given, search), scenarios.scenario(scenario)
    require_optuna()
    asked = validation_of(place, segments)
    what = Objective(given, asked, measured, segment, weights)
    _require_possible(what)
    found = Tuned(place, what, space, seed, notes=tuple(asked.notes))
    with ExitStack() as stack:
        store = RunStore(out or stack.enter_context(tempfile.TemporaryDirectory(prefix="tailrec-")))
        wanted = sys.stderr.isatty() if progress is None else progress
        bar = stack.enter_context(tqdm(total=trials, disable=not wanted, leave=False, unit="trial"))
        values: dict[str, Any] | None = {key: getattr(given, key) for key in space}
        while values is not None and len(found.trials) < trials:
            trial = run_trial(len(found.trials), values, what, store, resume)
            found = replace(found, trials=(*found.trials, trial))
            found.write(store, finished=False)
            bar.update()
            tried = [Tried(dict(one.parameters), one.segments.get(segment)) for one in found.trials]
            values = suggest(space, tried, seed, higher_is_better=measured.higher_is_better)
        if values is None:
            found = replace(found, notes=(*found.notes, "every combination was tried"))
        damaged = [f"the piece {name} was damaged and has been made anew" for name in dict.fromkeys(store.damaged)]
        found = replace(found, notes=(*found.notes, *damaged))
        found.write(store, finished=True)
    return found.checked()


def _metric(metric: str | MetricPlugin) -> MetricPlugin:
    (measured,) = metrics_of([metric])
    if isinstance(measured, CatalogueMetric):
        raise InputError(
            f"{label(measured)} has no value for a single user, so a segment has no mean of it; "
            "choose a metric such as `ndcg`"
        )
    return measured


def _require_possible(what: Objective) -> None:
    """Refuse what would make every trial fail."""
    model, asked = what.given, what.asked
    if what.segment not in asked.masks:
        raise InputError(f"no segment is named `{what.segment}`; {nearest(what.segment, asked.masks)}")
    if not asked.masks[what.segment].any():
        raise InputError(
            f"expected somebody in segment `{what.segment}` of whom the validation asks something, found nobody; "
            "choose another segment, or more data"
        )
    for split in asked.splits.values():
        check_depth([what.metric], split.train.n_items)
        lacking = unmet(model, split)
        if lacking:
            raise InputError(f"{label(model)}: expected data with {', '.join(lacking)}, received {split.train!r}")
    if what.weights is not None:
        names.build(what.weights, SCHEMES, "weighting scheme")
        if not model.uses_weights:
            raise InputError(f"{label(model)} makes no use of weights; leave them out, or choose a model that does")
