"""Who is in which segment: sizes, history lengths, shares, and which two segments lie furthest apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec.segments import segment_users

if TYPE_CHECKING:
    from tailrec.results import Result
    from tailrec.windows import Window

#: Everybody, and those whom every model serves the same: no group of its own.
NOT_APART = ("all", "new")


@dataclass(frozen=True)
class Group:
    """A segment of a scenario; where it has several windows, a person counts once in each.

    Attributes
    ----------
    scenario, name
        The scenario and the segment.
    people
        Different people with something in the test.
    rows, trained
        How often somebody is measured, and how often somebody stands in the training data.
    shortest, median, longest
        Lengths of the training histories.
    share_of_users, share_of_events
        Of all in the training data.
    """

    scenario: str
    name: str
    people: int
    rows: int
    trained: int
    shortest: int
    median: float
    longest: int
    share_of_users: float
    share_of_events: float


def compute_groups(result: Result) -> list[Group]:
    """Return every segment with somebody in it, by scenario, in the order of the rule."""
    found = []
    for scenario in dict.fromkeys(window.scenario for window in result.windows):
        windows = windows_of(result, scenario)
        lengths = pooled_lengths(windows)
        masks = [segment_users(window.split.train, result.experiment.segments) for window in windows]
        for name in dict.fromkeys(name for window in windows for name in window.segments):
            inside = np.concatenate(
                [m.get(name, np.zeros(w.split.train.n_users, bool)) for m, w in zip(masks, windows, strict=True)]
            )
            ids = [np.asarray(w.split.train.users[w.users[w.segments[name]]]) for w in windows if name in w.segments]
            if not inside.any():
                continue
            those = lengths[inside]
            found.append(
                Group(
                    scenario, name, len(np.unique(np.concatenate(ids))), sum(map(len, ids)), int(inside.sum()),
                    int(those.min()), float(np.median(those)), int(those.max()), float(inside.mean()),
                    float(those.sum() / max(1, lengths.sum())),
                )
            )  # fmt: skip
    return found


def windows_of(result: Result, scenario: str) -> list[Window]:
    """Return the windows of a scenario."""
    return [window for window in result.windows if window.scenario == scenario]


def pooled_lengths(windows: list[Window]) -> Any:
    """Return the history lengths of everybody in the training data, window after window."""
    return np.concatenate([window.split.train.history_lengths() for window in windows])


def in_order(groups: list[Group]) -> list[str]:
    """Return the segments as a verdict names them: tail first, then by growing histories, everybody last."""
    median = {group.name: group.median for group in reversed(groups)}
    return sorted(median, key=lambda name: (name != "tail", name == "all", median[name]))


def apart(groups: list[Group]) -> tuple[str, str] | None:
    """Return the segments whose gain and cost are set against each other, or None where there are no two.

    They are tail and head where the rule names such; else those with the shortest and the longest histories, in
    every scenario, with no length in common.
    """
    measured = [group for group in groups if group.people and group.name not in NOT_APART]
    names = list(dict.fromkeys(group.name for group in measured))
    if {"tail", "head"} <= set(names):
        return "tail", "head"
    scenarios = list(dict.fromkeys(group.scenario for group in groups))
    ends = set()
    for scenario in scenarios:
        here = sorted((g for g in measured if g.scenario == scenario), key=lambda group: group.median)
        if len(here) < 2 or here[0].longest >= here[-1].shortest:
            return None
        ends.add((here[0].name, here[-1].name))
    return ends.pop() if len(ends) == 1 else None
