"""The windows of a comparison: every scenario loaded, split, prepared, checked and cut into segments."""

from __future__ import annotations

import contextlib
import traceback
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec.errors import InputError, PluginError, TailrecError
from tailrec.evaluation import label
from tailrec.experiments import Experiment
from tailrec.interfaces import MetricPlugin, depth_of
from tailrec.keys import digest
from tailrec.segments import segment_users
from tailrec.splitting import default_split

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec.holdout import Split
    from tailrec.scenarios import Scenario

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
    group_size
        How many users are in each group on which a catalogue metric is measured.
    """

    scenario: str
    name: str
    split: Split
    users: NDArray[Any]
    segments: dict[str, NDArray[np.bool_]]
    fit_key: str
    rank_key: str

    group_size: int = 1

    @cached_property
    def groups(self) -> dict[str, NDArray[Any]]:
        """For every segment (N_GROUPS, group_size) positions of users: equally large random groups."""
        rng = np.random.default_rng(0)
        return {
            name: np.array([rng.permutation(np.flatnonzero(mask))[: self.group_size] for _ in range(N_GROUPS)])
            for name, mask in self.segments.items()
            if mask.sum() >= self.group_size
        }


def group_size(windows: Sequence[Window]) -> int:
    """Return how large the groups of a catalogue metric are, the same in all windows of a scenario."""
    sizes = [int(mask.sum()) for window in windows for mask in window.segments.values()]
    # A handful of users would force all others into groups as small; they have no value instead.
    return min([100, *(size // 2 for size in sizes if size >= _SMALLEST)]) if max(sizes, default=0) >= _SMALLEST else 1


def windows_of(what: Experiment) -> tuple[list[Window], list[str]]:
    """Return the windows of an experiment, and what a reader should know of its data."""
    windows: list[Window] = []
    notes: list[str] = []
    for scenario in what.scenarios:
        where = f"scenario `{scenario.name}`"
        splits, of_data = splits_of(scenario)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = [_window(scenario.name, name, split, what) for name, split in splits]
        size = group_size(found)
        windows += [replace(window, group_size=size) for window in found]
        for window in found:
            empty = [name for name, mask in window.segments.items() if not mask.any() and name != "new"]
            notes += [f"{_where(scenario.name, window.name)}: nobody in segment `{name}` is measured" for name in empty]
        notes += [*of_data, *(f"{where}: {warning.message}" for warning in caught)]
    return windows, list(dict.fromkeys(notes))


def splits_of(scenario: Scenario) -> tuple[list[tuple[str, Split]], list[str]]:
    """Return the windows of a scenario by name, split and prepared, and what a reader should know of its data."""
    where = f"scenario `{scenario.name}`"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with _blaming(f"{where}: the data cannot be used, `load` of {scenario.spelled()['data']} failed"):
            data = scenario.interactions
        with _blaming(f"{where}: the data cannot be split", where):
            splits = list(scenario.splits())
    notes = []
    if scenario.split is None:
        notes.append(f"{where}: split by `{default_split(data)}`, which fits the data where none is asked for")
    terms = " ".join(text for text in (data.title, data.licence) if text)
    notes += [f"{scenario.name}: {terms}"] if terms else []
    return splits, notes + [f"{where}: {warning.message}" for warning in caught]


def _window(scenario: str, name: str, split: Split, what: Experiment) -> Window:
    users = np.flatnonzero(np.diff(split.test.targets.indptr))
    where = _where(scenario, name)
    with _blaming(f"{where}: the segment rule failed", where):
        _check_sizes(split, users, what.metrics)
        masks = segment_users(split.train, what.segments)
    fit_key = digest(split.train, split.validation)
    measured = {segment: mask[users] for segment, mask in masks.items()}
    return Window(scenario, name, split, users, measured, fit_key, digest(split.test, fit_key))


def _where(scenario: str, window: str) -> str:
    return f"scenario `{scenario}`" + ("" if window == "all" else f", window {window}")


@contextlib.contextmanager
def _blaming(what: str, where: str = "") -> Iterator[None]:
    """Turn what somebody's code raises into one sentence, with the traceback as a note; a sentence gets its place."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{where}: {error}" if where else str(error)) from None
    except TailrecError:
        raise
    except Exception as error:
        failed = PluginError(f"{what}: {type(error).__name__}: {error}")
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
    check_depth(metrics, n_items)


def check_depth(metrics: Sequence[MetricPlugin], n_items: int) -> None:
    """Refuse a metric that looks at a longer list than there are items."""
    # A metric that has no `k` cannot be asked for a shorter list.
    deepest = max(metrics, key=lambda metric: depth_of(metric) if hasattr(metric, "k") else 0)
    if hasattr(deepest, "k") and (k := depth_of(deepest)) > n_items:
        raise InputError(
            f"{label(deepest)}: expected `k` to be at most the number of items, {n_items}, received {k}; "
            f"ask for a shorter list, as in `{deepest.name}:k={min(10, n_items)}`"
        )
