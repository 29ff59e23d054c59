"""Data × models × seeds, run and resumed: from an `Experiment` to a `Result`."""

from __future__ import annotations

import contextlib
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from joblib.externals.loky.process_executor import TerminatedWorkerError
from tqdm.auto import tqdm

from tailrec.errors import InputError, PluginError
from tailrec.evaluation import label, unmet
from tailrec.experiments import Experiment, default_experiment
from tailrec.interfaces import ModelPlugin, depth_of
from tailrec.pieces import Failure, Task, Window, work
from tailrec.preparing import removal_table
from tailrec.results import Measured, Result
from tailrec.runs import RunStore, digest
from tailrec.segments import segments

__all__ = ["Result", "compare", "run"]


def compare(
    scenarios: Any = None,
    models: Any = None,
    metrics: Any = None,
    *,
    baseline: str | ModelPlugin | None = None,
    seeds: int | None = None,
    segments: Any = None,
    weights: str | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    jobs: int = 1,
    progress: bool | None = None,
) -> Result:
    """Compare models on scenarios, user by user, with a baseline.

    With no argument it runs the main job on the two data sets that work offline.

    Parameters
    ----------
    scenarios
        Scenarios, names of scenarios or data sets, data plugins, or interactions; one or several.
    models
        Models, their names or spellings; the baseline is added where it is missing.
    metrics
        Metrics, their names or spellings.
    baseline
        The model that every other is compared with; by default popularity.
    seeds
        With how many seeds to fit each model that has a parameter ``seed``; values are averaged over them
        within a user.
    segments
        The rule that names groups of users: `activity`, `events`, `length:cuts=[5,20]`, or a function of the
        history lengths.
    weights
        A weighting scheme for the models that accept weights; for the others that is said.
    out
        The folder that keeps every finished piece; by default a temporary one.
    resume
        Whether to use the pieces that the folder already holds.
    jobs
        How many pieces to work on side by side, through joblib.
    progress
        Whether to show a progress bar; by default on a terminal.

    Raises
    ------
    InputError
        Where something that was given cannot be used.
    PluginError
        Where the baseline itself fails.

    Examples
    --------
    >>> result = compare("synthetic:n_users=60,n_items=40", ["popularity", "item-knn"], "ndcg", resume=False)
    >>> result.differences()["model"].unique().tolist()
    ['item-knn']
    """
    changes: dict[str, Any] = {"baseline": baseline, "seeds": seeds, "segments": segments, "weights": weights}
    what = default_experiment(scenarios=scenarios, models=models, metrics=metrics, **changes)
    return run(what, out=out, resume=resume, jobs=jobs, progress=progress)


def run(
    what: Experiment,
    *,
    out: str | Path | None = None,
    resume: bool = False,
    jobs: int = 1,
    progress: bool | None = None,
) -> Result:
    """Run an experiment; parameters as in `compare`."""
    if not isinstance(jobs, int) or jobs < 1:
        raise InputError(f"expected `jobs` to be a positive integer, received {jobs!r}")
    with _folder(out) as folder:
        store = RunStore(folder)
        windows, notes = _windows(what)
        tasks, failures = _tasks(what, windows)
        todo = _to_do(tasks, store, resume)
        if resume and len(todo) < len(tasks):
            notes.append(f"resumed: {len(tasks) - len(todo)} of {len(tasks)} pieces were there already")
        notes += _unweighted(what)
        failures += _work_off(todo, store, jobs, sys.stderr.isatty() if progress is None else progress)
        measured = _collect(tasks, failures, store)
        _require_baseline(what, measured, failures)
        removed = {(w.scenario, w.name): removal_table(w.split, what.segments) for w in windows if w.split.removed}
        return Result(what, windows, measured, failures, [*what.notes, *notes], removed)


@contextlib.contextmanager
def _folder(out: str | Path | None) -> Iterator[Path]:
    if out is not None:
        yield Path(out)
        return
    with tempfile.TemporaryDirectory(prefix="tailrec-") as folder:
        yield Path(folder)


def _windows(what: Experiment) -> tuple[list[Window], list[str]]:
    windows, notes = [], []
    depth = max(depth_of(metric) for metric in what.metrics)
    for scenario in what.scenarios:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for name, split in scenario.splits():
                where = f"scenario `{scenario.name}`" + ("" if name == "all" else f", window {name}")
                users = np.flatnonzero(np.diff(split.test.targets.indptr))
                if split.train.n_items < 2:
                    raise InputError(f"{where}: expected at least two items to rank, received {split.train.n_items}")
                if len(users) < 2:
                    raise InputError(
                        f"{where}: expected at least two users with something to recommend in the test, found {len(users)} "
                        f"of {split.train.n_users}; an interval needs more"
                    )
                if depth > split.train.n_items:
                    raise InputError(
                        f"{where}: expected `k` to be at most the number of items, {split.train.n_items}, received {depth}; "
                        f"ask for a shorter list, as in `ndcg:k={min(10, split.train.n_items)}`"
                    )
                masks = segments(split.train, what.segments)
                fit_key = digest(split.train, split.validation)
                window = Window(
                    scenario.name, name, split, users, {segment: mask[users] for segment, mask in masks.items()}, fit_key,
                    digest(split.test, fit_key),
                )
                windows.append(window)
                notes += [f"{where}: nobody in segment `{s}` is measured" for s, m in window.segments.items() if not m.any() and s != "new"]
            terms = " ".join(text for text in (scenario.interactions.title, scenario.interactions.licence) if text)
        notes += [f"{scenario.name}: {terms}"] if terms else []
        notes += [f"scenario `{scenario.name}`: {warning.message}" for warning in caught]
    return windows, list(dict.fromkeys(notes))


def _tasks(what: Experiment, windows: list[Window]) -> tuple[list[Task], list[Failure]]:
    places = {scenario.name: scenario for scenario in what.scenarios}
    tasks, failures = [], []
    for window in windows:
        for model in what.models_for(places[window.scenario]):
            lacking = unmet(model, window.split)
            if lacking:
                reason = f"it needs data with {', '.join(lacking)}, which this has not"
                failures.append(Failure(window.scenario, window.name, label(model), 0, "requires", reason))
                continue
            for shift in range(what.seeds if "seed" in model.parameter_names() else 1):
                values = model.parameters()
                if shift:
                    values["seed"] += shift
                seeded = type(model)(**values)
                tasks.append(Task(window, seeded, label(model), shift, what.metrics, what.weights, what.threads))
    return tasks, failures


def _unweighted(what: Experiment) -> list[str]:
    unable = [label(model) for model in what.models if not model.uses_weights]
    if what.weights is None or not unable:
        return []
    return [f"the weights {what.weights} are not used by {', '.join(unable)}, which cannot use any"]


def _to_do(tasks: list[Task], store: RunStore, resume: bool) -> list[Task]:
    if not resume:
        pieces = {("measure", task.measure_key(metric)) for task in tasks for metric in task.metrics}
        pieces |= {("rank", task.rank_key()) for task in tasks} | {("fit", task.fit_key) for task in tasks}
        store.forget(pieces)
    unfinished = [task for task in tasks if task.unfinished(store)]
    # Scenarios may share a window: the same work is done once. The slow models come last in most lists, and start first.
    once = {(task.fit_key, task.rank_key()): task for task in reversed(unfinished)}
    return list(once.values())


def _work_off(todo: list[Task], store: RunStore, jobs: int, progress: bool) -> list[Failure]:
    bar = tqdm(total=len(todo), disable=not progress, leave=False, unit="piece")
    failures = []
    # No backend is named, so that `joblib.parallel_config` can put a cluster behind the same door.
    workers = Parallel(n_jobs=jobs, return_as="generator_unordered")
    try:
        with bar:
            for failure in workers(delayed(work)(task, store) for task in todo):
                bar.update()
                if failure is not None:
                    failures.append(failure)
    except TerminatedWorkerError:
        raise PluginError(
            "a worker process died, most likely for lack of memory; the finished pieces are kept: "
            "run again with --resume, and with fewer --jobs"
        ) from None
    return sorted(failures, key=lambda f: (f.scenario, f.window, f.model, f.seed))


def _collect(tasks: list[Task], failures: list[Failure], store: RunStore) -> list[Measured]:
    failed = {(f.scenario, f.window, f.model) for f in failures}
    found = []
    for task in tasks:
        if (task.window.scenario, task.window.name, task.label) in failed:
            continue
        for metric in task.metrics:
            values = task.values(store, metric)
            if values is None:  # the same work failed under another scenario's name
                failures.append(Failure(task.window.scenario, task.window.name, task.label, task.seed, "fit", "it failed on the same data above"))
                failed.add((task.window.scenario, task.window.name, task.label))
                break
            found.append(Measured(task.window.scenario, task.window.name, task.label, task.seed, label(metric), values))
    return [m for m in found if (m.scenario, m.window, m.model) not in failed]


def _require_baseline(what: Experiment, measured: list[Measured], failures: list[Failure]) -> None:
    for failure in failures:
        if failure.model == what.baseline:
            raise PluginError(
                f"the baseline {failure.model} failed in `{failure.call}` on {failure.scenario} (window {failure.window}), "
                f"and there is nothing to compare with: {failure.reason}"
            )
