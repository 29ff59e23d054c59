"""What preparation removed, and from whom: who lost history, who can no longer be measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tailrec.report.groups import windows_of
from tailrec.segments import segment_users

if TYPE_CHECKING:
    from tailrec.results import Result


@dataclass(frozen=True)
class Removal:
    """What one step took from a segment; over several windows a person counts once in each.

    Attributes
    ----------
    scenario, step, segment
        Where it was.
    n_users
        How many there are in the segment, in the training data as it is after preparation.
    without_history, without_targets
        How many of them lost something in this step and have no history, or nothing in the test, any more.
    events, events_before
        Training events they lost, of how many.
    targets, targets_before
        Test targets they lost, of how many.
    items
        How many items left the catalogue: the fewest and the most of the windows.
    """

    scenario: str
    step: str
    segment: str
    n_users: int
    without_history: int
    without_targets: int
    events: int
    events_before: int
    targets: int
    targets_before: int
    items: tuple[int, int]


def compute_removal(result: Result) -> list[Removal]:
    """Return what every step removed, by scenario and segment."""
    found = []
    for scenario in dict.fromkeys(window.scenario for window in result.windows):
        splits = [window.split for window in windows_of(result, scenario)]
        masks = [segment_users(split.train, result.experiment.segments) for split in splits]
        for at in range(min(len(split.removed) for split in splits)):
            # What a step found is what is left at the end and what it and all later steps took.
            events, targets, left_events, left_targets = (np.concatenate(parts) for parts in zip(*[
                (
                    split.removed[at].events, split.removed[at].targets,
                    np.bincount(split.train.frame["user"], minlength=split.train.n_users)
                    + sum(later.events for later in split.removed[at + 1 :]),
                    np.diff(split.test.targets.indptr) + sum(later.targets for later in split.removed[at + 1 :]),
                )
                for split in splits
            ], strict=True))  # fmt: skip
            items = [split.removed[at].items for split in splits]
            for name in dict.fromkeys(name for mask in masks for name in mask):
                users = [split.train.n_users for split in splits]
                here = np.concatenate([m.get(name, np.zeros(n, dtype=bool)) for m, n in zip(masks, users, strict=True)])
                if not here.any():
                    continue
                e, t, le, lt = events[here], targets[here], left_events[here], left_targets[here]
                found.append(
                    Removal(
                        scenario, splits[0].removed[at].step, name, int(here.sum()),
                        int(((e > 0) & (le == 0)).sum()), int(((t > 0) & (lt == 0)).sum()),
                        int(e.sum()), int((e + le).sum()), int(t.sum()), int((t + lt).sum()), (min(items), max(items)),
                    )
                )  # fmt: skip
    return found
