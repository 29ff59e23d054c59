"""One piece of work of a comparison: fit, rank, measure, each kept in the run store and not done twice."""

from __future__ import annotations

import contextlib
import copy
import os
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from tailrec.evaluation import fit, group_value, label, per_user_values
from tailrec.failures import Failed, Failure, calling, said_of_train
from tailrec.interfaces import CatalogueMetric, MetricPlugin, ModelPlugin, depth_of
from tailrec.keys import digest
from tailrec.ranking import Ranking, has_own_recommend, rank, ranking_of
from tailrec.runs import RunStore
from tailrec.windows import Window

#: The name of the thread that lets a worker end with its run.
_WATCH = "tailrec-watch"


@dataclass(frozen=True)
class Task:
    """One model with one seed on one window, and all its metrics.

    Attributes
    ----------
    reuse
        Whether what the store holds is used; else everything is made anew.
    fit_key, rank_key, measure_keys
        The keys of the fitted model, of its lists and of each metric's values. They are made once, because a
        class from a cell has no text to make them from in another process.
    parent
        The process that the task was made in.
    """

    window: Window
    model: ModelPlugin
    label: str
    seed: int
    metrics: Sequence[MetricPlugin]
    weights: str | None
    threads: int
    reuse: bool
    fit_key: str = field(init=False)
    rank_key: str = field(init=False)
    measure_keys: tuple[str, ...] = field(init=False)
    parent: int = field(init=False)

    def __post_init__(self) -> None:
        fit_key = digest(self.window.fit_key, self.model, self.weights, self.threads)
        keys = {
            "fit_key": fit_key,
            "rank_key": digest(fit_key, self.window.rank_key, self.depth, self.needs_ranks),
            "measure_keys": tuple(self._measure_key(fit_key, metric) for metric in self.metrics),
            "parent": os.getpid(),
        }
        for name, key in keys.items():
            object.__setattr__(self, name, key)

    def _measure_key(self, fit_key: str, metric: MetricPlugin) -> str:
        groups = self.window.groups if isinstance(metric, CatalogueMetric) else None
        return digest(fit_key, self.window.rank_key, metric, groups)

    @property
    def place(self) -> tuple[str, str, str, int]:
        """The names of scenario, window and model, and the number of the seed."""
        return self.window.scenario, self.window.name, self.label, self.seed

    @property
    def depth(self) -> int:
        """How long the lists must be."""
        return max(depth_of(metric) for metric in self.metrics)

    @property
    def needs_ranks(self) -> bool:
        """Whether a metric reads the rank of every target."""
        return any(metric.needs_target_ranks for metric in self.metrics)

    def unfinished(self, store: RunStore) -> list[tuple[MetricPlugin, str]]:
        """Return the metrics, with their keys, whose values are still to be found."""
        pairs = zip(self.metrics, self.measure_keys, strict=True)
        return [(metric, key) for metric, key in pairs if not (self.reuse and store.has("measure", key))]


class Outcome(NamedTuple):
    """What a task leaves beside its pieces: what failed, and which pieces were found damaged."""

    key: str
    failures: list[Failure]
    damaged: list[str]


def work(task: Task, store: RunStore) -> Outcome:
    """Do what is still to be done of a task; a plugin's exception comes back as a `Failure`."""
    failures = []
    _end_with(task.parent)
    # The lock between processes of a library's hidden progress bar would outlive a worker that is killed.
    tqdm.set_lock(threading.RLock())
    with limited_to(task.threads):
        missing = task.unfinished(store)
        if not missing:
            return Outcome(task.rank_key, [], store.damaged)
        try:
            ranking = _ranking(task, store)
        except Failed as failed:
            return Outcome(task.rank_key, [failed.failure], store.damaged)
        for metric, key in missing:
            try:
                with calling(task.place, _call_of(metric), _given_to(metric, task, ranking), label(metric)):
                    values = _measured(task, metric, ranking)
            except Failed as failed:
                failures.append(failed.failure)
            else:
                store.put("measure", key, values)
    return Outcome(task.rank_key, failures, store.damaged)


def _ranking(task: Task, store: RunStore) -> Ranking:
    holdout = task.window.split.test
    stored = store.get("rank", task.rank_key) if task.reuse else None
    if stored is None:
        model = store.get("fit", task.fit_key) if task.reuse else None
        if model is None:
            with calling(task.place, "fit", _given_to_fit(task)):
                model = _fitted(task)
            with calling(task.place, "pickle", "the fitted model, to be kept among the pieces"):
                store.put("fit", task.fit_key, model)
        given = f"batches of {len(task.window.users):,} users, {holdout.targets.shape[1]:,} items"
        with calling(task.place, "recommend" if has_own_recommend(model) else "score", given):
            ranking = rank(model, holdout, task.depth, users=task.window.users, target_ranks=task.needs_ranks)
        store.put("rank", task.rank_key, (ranking.items, ranking.target_ranks))
        return ranking
    items, target_ranks = stored
    return ranking_of(items, target_ranks, holdout, task.window.users)


def _fitted(task: Task) -> ModelPlugin:
    # A plugin may be an object of the user's: what it learns here must not be left in it.
    # Nor may it change what the others are given.
    return fit(copy.deepcopy(task.model), copy.deepcopy(task.window.split), task.weights)


def _given_to_fit(task: Task) -> str:
    asked = int((np.diff(task.window.split.validation.targets.indptr) > 0).sum())
    weights = f"the weights {task.weights}" if task.weights else "no weights"
    validation = f"a validation of {asked:,} users" if asked else "no validation"
    return f"{said_of_train(task.window.split.train)}, {weights}, {validation}"


def _given_to(metric: MetricPlugin, task: Task, ranking: Ranking) -> str:
    if isinstance(metric, CatalogueMetric):
        return f"lists of {depth_of(metric)} for groups of {task.window.group_size:,} users"
    return f"lists of {depth_of(metric)} for {len(ranking.items):,} users"


def _call_of(metric: MetricPlugin) -> str:
    return "over_users" if isinstance(metric, CatalogueMetric) else "per_user"


def _measured(task: Task, metric: MetricPlugin, ranking: Ranking) -> Any:
    if not isinstance(metric, CatalogueMetric):
        return per_user_values(metric, ranking)
    ranking = copy.deepcopy(ranking)
    return {
        name: np.array([group_value(metric, ranking.rows(group)) for group in groups])
        for name, groups in task.window.groups.items()
    }


def _end_with(parent: int) -> None:
    """Let a worker end soon after the run that started it, also where that was killed and could not say so."""
    if os.getpid() == parent or any(thread.name == _WATCH for thread in threading.enumerate()):
        return
    above = os.getppid()

    def watch() -> None:
        while os.getppid() == above:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, name=_WATCH, daemon=True).start()


@contextlib.contextmanager
def limited_to(threads: int) -> Iterator[None]:
    """Run a piece of work on a fixed number of threads, so that it gives the same bytes in any worker."""
    before = os.environ.get("TAILREC_THREADS")
    os.environ["TAILREC_THREADS"] = str(threads)
    try:
        with threadpool_limits(limits=threads):
            yield
    finally:
        if before is None:
            os.environ.pop("TAILREC_THREADS", None)
        else:
            os.environ["TAILREC_THREADS"] = before
