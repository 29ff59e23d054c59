"""Data × models × seeds, run and resumed: from an `Experiment` to a `Result`."""

from __future__ import annotations

import contextlib
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed
from joblib.externals.loky.process_executor import TerminatedWorkerError
from tqdm.auto import tqdm

from tailrec.errors import InputError, PluginError, StoreError
from tailrec.evaluation import label, unmet
from tailrec.experiments import Experiment, default_experiment
from tailrec.failures import Failure
from tailrec.interfaces import ModelPlugin
from tailrec.pieces import Outcome, Task, work
from tailrec.preparing import removal_table
from tailrec.results import Measured, Result
from tailrec.runs import RunStore
from tailrec.windows import Window, windows_of

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
    if not isinstance(jobs, int) or isinstance(jobs, bool) or jobs < 1:
        raise InputError(f"expected `jobs` to be a positive integer, received {jobs!r}")
    with _folder(out) as folder:
        store = RunStore(folder)
        windows, notes = windows_of(what)
        tasks, failures = _tasks(what, windows, resume)
        todo = _to_do(tasks, store)
        if resume:
            left = {task.rank_key for task in todo}
            n_there = sum(task.rank_key not in left for task in tasks)
            notes.append(f"resumed: of {len(tasks)} fits, {n_there} were there already with all their values")
        notes += _unweighted(what)
        bar = tqdm(total=len(todo), disable=not _wanted(progress), leave=False, unit="fit")
        outcomes = _work_off(todo, store, jobs, bar)
        measured = _collect(tasks, outcomes, store)
        failures += [failure for task in tasks for failure in _failures_of(task, outcomes)]
        damaged = sorted({name for outcome in outcomes.values() for name in outcome.damaged} | set(store.damaged))
        notes += [f"the piece {name} was damaged and has been made anew" for name in damaged]
        _require_baseline(what, measured, failures)
        removed = {(w.scenario, w.name): removal_table(w.split, what.segments) for w in windows if w.split.removed}
        return Result(what, windows, measured, failures, [*what.notes, *notes], removed)


def _wanted(progress: bool | None) -> bool:
    return sys.stderr.isatty() if progress is None else progress


@contextlib.contextmanager
def _folder(out: str | Path | None) -> Iterator[Path]:
    if out is not None:
        yield Path(out)
        return
    with tempfile.TemporaryDirectory(prefix="tailrec-") as folder:
        yield Path(folder)


def _tasks(what: Experiment, windows: list[Window], reuse: bool) -> tuple[list[Task], list[Failure]]:
    places = {scenario.name: scenario for scenario in what.scenarios}
    tasks, failures = [], []
    for window in windows:
        for model in what.models_for(places[window.scenario]):
            lacking = unmet(model, window.split)
            if lacking:
                reason = f"it needs data with {', '.join(lacking)}, which this has not"
                failures.append(Failure(window.scenario, window.name, label(model), 0, "requires", reason))
                continue
            weights = what.weights if model.uses_weights else None
            for shift in range(what.seeds if "seed" in model.parameter_names() else 1):
                values = model.parameters()
                if shift:
                    values["seed"] += shift
                seeded = type(model)(**values)
                tasks.append(Task(window, seeded, label(model), shift, what.metrics, weights, what.threads, reuse))
    return tasks, failures


def _unweighted(what: Experiment) -> list[str]:
    unable = [label(model) for model in what.models if not model.uses_weights]
    if what.weights is None or not unable:
        return []
    return [f"the weights {what.weights} are not used by {', '.join(unable)}, which cannot use any"]


def _to_do(tasks: list[Task], store: RunStore) -> list[Task]:
    unfinished = [task for task in tasks if task.unfinished(store)]
    # Scenarios may share a window: the same work is done once. Most lists end with the slow models: they start first.
    return list({task.rank_key: task for task in reversed(unfinished)}.values())


def _work_off(todo: list[Task], store: RunStore, jobs: int, bar: Any) -> dict[str, Outcome]:
    """Return what became of every task, by its key."""
    outcomes = {}
    # No backend is named, so that `joblib.parallel_config` can put a cluster behind the same door.
    workers = Parallel(n_jobs=jobs, return_as="generator_unordered")
    try:
        with bar, warnings.catch_warnings():
            # loky takes the import of TensorFlow for a leak and replaces the worker; no work is lost.
            warnings.filterwarnings("ignore", "A worker stopped while some jobs were given")
            for outcome in workers(delayed(work)(task, store) for task in todo):
                bar.update()
                outcomes[outcome.key] = outcome
    except TerminatedWorkerError:
        raise PluginError(
            "a worker process died, most likely for lack of memory; the finished pieces are kept: "
            "run again with --resume, and with fewer --jobs"
        ) from None
    return outcomes


def _failures_of(task: Task, outcomes: Mapping[str, Outcome]) -> list[Failure]:
    """Return what failed, under the task's own names: another may have done its work."""
    failures = outcomes[task.rank_key].failures if task.rank_key in outcomes else []
    scenario, window, model, seed = task.place
    return [replace(failure, scenario=scenario, window=window, model=model, seed=seed) for failure in failures]


def _collect(tasks: list[Task], outcomes: dict[str, Outcome], store: RunStore) -> list[Measured]:
    measured, failed = [], set()
    for task in tasks:
        values = _values(task, outcomes, store)
        measured += [Measured(*task.place, name, found) for name, found in values.items() if found is not None]
        failed |= {(*task.place[:3], name) for name, found in values.items() if found is None}
    # A model that failed with one seed is not measured with the others alone.
    return [m for m in measured if (m.scenario, m.window, m.model, m.metric) not in failed]


def _values(task: Task, outcomes: dict[str, Outcome], store: RunStore) -> dict[str, Any]:
    """Return the values of every metric, None where it or the model failed."""
    for again in (False, True):
        failures = _failures_of(task, outcomes)
        without = {failure.metric for failure in failures}
        found = {
            label(metric): None if without & {"", label(metric)} else store.get("measure", key)
            for metric, key in zip(task.metrics, task.measure_keys, strict=True)
        }
        lost = [name for name, values in found.items() if values is None and not without & {"", name}]
        if not lost or again:
            break
        # Damaged between being finished and being read, or taken away by somebody.
        outcomes[task.rank_key] = work(replace(task, reuse=True), store)
    if lost:
        raise StoreError(f"the pieces in {store.pieces} do not stay there; choose another folder with --out")
    return found


def _require_baseline(what: Experiment, measured: list[Measured], failures: list[Failure]) -> None:
    if any(m.model == what.baseline for m in measured):
        return
    # A baseline that fails on one scenario alone leaves the others something to compare with.
    fatal = [f for f in failures if f.model == what.baseline] or failures
    why = "the baseline failed, and there is nothing to compare with" if measured else "nothing could be measured"
    error = PluginError(f"{why}: {fatal[0]}")
    error.add_note(fatal[0].trace)
    raise error
