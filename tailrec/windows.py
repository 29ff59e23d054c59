"""The windows of a comparison: every scenario loaded, split, prepared, checked and cut into segments."""

from __future__ import annotations

import contextlib
import traceback
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec.errors import InputError, PluginError, TailrecError
from tailrec.evaluation import label
from tailrec.experiments import Experiment
from tailrec.interfaces import MetricPlugin, depth_of
from tailrec.keys import digest
from tailrec.scenarios import Scenario
from tailrec.segments import segment_users
from tailrec.splitting import default_split

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec.holdout import Split

#: How many random groups of users a catalogue metric is measured on.
N_GROUPS = 50
#: Segments with fewer users do not decide how large the groups are.
_SMALLEST = 20


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

    @cached_property
    def groups(self) -> dict[str, NDArray[Any]]:
        """For every segment (N_GROUPS, size) positions of users: equally large random groups."""
        # A handful of users would force all others into groups as small; they have no value instead.
        halves = [int(mask.sum()) // 2 for mask in self.segments.values() if mask.sum() >= _SMALLEST]
        size = min([100, *halves]) if halves else 1
        rng = np.random.default_rng(0)
        return {
            name: np.array([rng.permutation(np.flatnonzero(mask))[:size] for _ in range(N_GROUPS)])
            for name, mask in self.segments.items()
            if mask.sum() >= size
        }


def windows_of(what: Experiment) -> tuple[list[Window], list[str]]:
    """Return the windows of an experiment, and what a reader should know of its data."""
    windows, notes = [], []
    for scenario in what.scenarios:
        with warnings.catch_warnings(record=True) as caught, _loading(scenario):
            warnings.simplefilter("always")
            for name, split in scenario.splits():
                where = f"scenario `{scenario.name}`" + ("" if name == "all" else f", window {name}")
                users = np.flatnonzero(np.diff(split.test.targets.indptr))
                try:
                    _check_sizes(split, users, what.metrics)
                    masks = segment_users(split.train, what.segments)
                except InputError as error:
                    raise InputError(f"{where}: {error}") from None
                measured = {segment: mask[users] for segment, mask in masks.items()}
                fit_key = digest(split.train, split.validation)
                rank_key = digest(split.test, fit_key)
                windows.append(Window(scenario.name, name, split, users, measured, fit_key, rank_key))
                empty = [segment for segment, mask in measured.items() if not mask.any() and segment != "new"]
                notes += [f"{where}: nobody in segment `{segment}` is measured" for segment in empty]
            if scenario.split is None:
                chosen = default_split(scenario.interactions)
                notes.append(f"scenario `{scenario.name}`: split by `{chosen}`, which fits the data where none is asked for")
            terms = " ".join(text for text in (scenario.interactions.title, scenario.interactions.licence) if text)
        notes += [f"{scenario.name}: {terms}"] if terms else []
        notes += [f"scenario `{scenario.name}`: {warning.message}" for warning in caught]
    return windows, list(dict.fromkeys(notes))


@contextlib.contextmanager
def _loading(scenario: Scenario) -> Iterator[None]:
    """Turn what a data set's plugin raises into one sentence, with the traceback as a note."""
    try:
        yield
    except TailrecError:
        raise
    except Exception as error:
        failed = PluginError(f"scenario `{scenario.name}`: the data cannot be used: {type(error).__name__}: {error}")
        failed.add_note("".join(traceback.format_exception(error)))
        raise failed from error


def _check_sizes(split: Split, users: Any, metrics: Sequence[MetricPlugin]) -> None:
    n_items = split.train.n_items
    if n_items < 2:
        raise InputError(
            f"expected at least two items to rank, received {n_items}; choose more data, or prepare it less"
        )
    if len(users) < 2:
        raise InputError(
            f"expected at least two users with something to recommend in the test, found {len(users)} "
            f"of {split.train.n_users}, and an interval needs more; choose another split, or more data"
        )
    # A metric that has no `k` cannot be asked for a shorter list.
    deepest = max(metrics, key=lambda metric: depth_of(metric) if hasattr(metric, "k") else 0)
    if hasattr(deepest, "k") and (k := depth_of(deepest)) > n_items:
        raise InputError(
            f"{label(deepest)}: expected `k` to be at most the number of items, {n_items}, received {k}; "
            f"ask for a shorter list, as in `{deepest.name}:k={min(10, n_items)}`"
        )
