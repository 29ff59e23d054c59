"""One piece of work of a comparison: fit, rank, measure, each kept in the run store and not done twice."""

from __future__ import annotations

import contextlib
import os
import traceback
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

from tailrec.errors import StoreError
from tailrec.evaluation import fit, group_value, per_user_values
from tailrec.interfaces import CatalogueMetric, MetricPlugin, ModelPlugin, depth_of
from tailrec.ranking import Ranking, rank
from tailrec.runs import RunStore, digest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec.splitting import Split

#: How many random groups of users a catalogue metric is measured on.
N_GROUPS = 50


@dataclass(frozen=True)
class Window:
    """One split of one scenario, ready to be measured.

    Attributes
    ----------
    scenario, name
        The scenario's name and the window's.
    split
        The prepared split.
    users
        (n,) codes of the users with a test target, in the order of every row of values.
    segments
        For every segment a mask (n,) over them.
    fit_key, rank_key
        Digests of what a model learns from, and of what is asked of it.
    """

    scenario: str
    name: str
    split: Split
    users: NDArray[Any]
    segments: dict[str, NDArray[np.bool_]]
    fit_key: str
    rank_key: str

    def groups(self) -> dict[str, NDArray[Any]]:
        """Return for every segment (N_GROUPS, size) positions of users: equally large random groups."""
        sizes = [int(mask.sum()) for mask in self.segments.values() if mask.any()]
        size = max(1, min(100, min(sizes, default=1) // 2))
        rng = np.random.default_rng(0)
        return {
            name: np.array([rng.permutation(np.flatnonzero(mask))[:size] for _ in range(N_GROUPS)])
            for name, mask in self.segments.items()
            if mask.any()
        }


@dataclass(frozen=True)
class Failure:
    """A model that could not take part, and why.

    Attributes
    ----------
    scenario, window, model, seed
        Which piece of work it was.
    call
        What was being done: ``fit``, ``rank`` or ``measure``.
    reason
        One sentence.
    trace
        The traceback, for whoever wrote the plugin.
    """

    scenario: str
    window: str
    model: str
    seed: int
    call: str
    reason: str
    trace: str = field(default="", repr=False)


@dataclass(frozen=True)
class Task:
    """One model with one seed on one window, and all its metrics."""

    window: Window
    model: ModelPlugin
    label: str
    seed: int
    metrics: Sequence[MetricPlugin]
    weights: str | None
    threads: int

    @property
    def fit_key(self) -> str:
        """The key of the fitted model."""
        return digest(self.window.fit_key, self.model, self.weights, self.threads)

    @property
    def depth(self) -> int:
        """How long the lists must be."""
        return max(depth_of(metric) for metric in self.metrics)

    @property
    def needs_ranks(self) -> bool:
        """Whether a metric reads the rank of every target."""
        return any(metric.needs_target_ranks for metric in self.metrics)

    def rank_key(self) -> str:
        """The key of the lists."""
        return digest(self.fit_key, self.window.rank_key, self.depth, self.needs_ranks)

    def measure_key(self, metric: MetricPlugin) -> str:
        """The key of a metric's values."""
        groups = self.window.groups() if isinstance(metric, CatalogueMetric) else None
        return digest(self.fit_key, self.window.rank_key, metric, groups)

    def unfinished(self, store: RunStore) -> list[MetricPlugin]:
        """Return the metrics whose values are not in the store."""
        return [metric for metric in self.metrics if not store.has("measure", self.measure_key(metric))]

    def values(self, store: RunStore, metric: MetricPlugin) -> Any:
        """Return (n,) values of a metric, or for a catalogue metric (N_GROUPS,) for every segment."""
        return store.get("measure", self.measure_key(metric))


def work(task: Task, store: RunStore) -> Failure | None:
    """Do what the store does not hold yet of a task; a plugin's exception comes back as a `Failure`."""
    call = "fit"
    try:
        with limited_to(task.threads), warnings.catch_warnings():
            missing = task.unfinished(store)
            if not missing:
                return None
            call = "rank"
            ranking = _ranking(task, store)
            call = "measure"
            for metric in missing:
                store.put("measure", task.measure_key(metric), _measured(task, metric, ranking))
    except (StoreError, KeyboardInterrupt):
        raise
    except _FitFailed as failed:
        return _failure(task, "fit", failed.__cause__ or failed)
    except Exception as error:
        return _failure(task, call, error)
    return None


class _FitFailed(Exception):
    """Carries the exception that `fit` raised."""


def _ranking(task: Task, store: RunStore) -> Ranking:
    key = task.rank_key()
    holdout = task.window.split.test
    stored = store.get("rank", key)
    if stored is None:
        model = store.get("fit", task.fit_key)
        if model is None:
            model = _fitted(task)
            store.put("fit", task.fit_key, model)
        ranking = rank(model, holdout, task.depth, users=task.window.users, target_ranks=task.needs_ranks)
        store.put("rank", key, (ranking.items, ranking.target_ranks))
        return ranking
    items, ranks = stored
    targets = holdout.targets[task.window.users].tocsr()
    targets.sort_indices()
    candidates = holdout.targets.shape[1] - np.diff(holdout.masked.indptr)[task.window.users]
    return Ranking(items, targets, candidates, holdout.train, ranks, task.window.users)


def _fitted(task: Task) -> ModelPlugin:
    # A plugin may be an object of the user's: what it learns here must not be left in it.
    model = type(task.model)(**task.model.parameters())
    try:
        return fit(model, task.window.split, task.weights if task.model.uses_weights else None)
    except Exception as error:
        raise _FitFailed from error


def _measured(task: Task, metric: MetricPlugin, ranking: Ranking) -> Any:
    if not isinstance(metric, CatalogueMetric):
        return per_user_values(metric, ranking)
    return {
        name: np.array([group_value(metric, ranking.rows(group)) for group in groups])
        for name, groups in task.window.groups().items()
    }


def _failure(task: Task, call: str, error: BaseException) -> Failure:
    trace = "".join(traceback.format_exception(error))
    return Failure(
        task.window.scenario, task.window.name, task.label, task.seed, call, f"{type(error).__name__}: {error}", trace
    )


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

