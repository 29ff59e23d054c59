"""Checks of what a metric says: better lists have better values, and worked values are met."""

# ruff: noqa: D401 (the docstring of a check says what holds)

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tailrec import names
from tailrec.conformance import worked
from tailrec.conformance.checks import Fault, NotApplicable, check
from tailrec.conformance.metric_subject import MetricSubject

_NEAR = 1e-9


@check("metric", mend="write `higher_is_better: ClassVar[bool]` as the values are meant", after=("one-value-a-user",))
def direction_as_declared(subject: MetricSubject) -> None:
    """Moving a target up a list never makes a value worse, as `higher_is_better` says what is worse."""
    subject.require_targets()
    better = bool(subject.given.higher_is_better)
    changes = list(_changes(subject))
    rises = [one for one in changes if one[2] > one[1] + _NEAR]
    falls = [one for one in changes if one[2] < one[1] - _NEAR]
    wrong, right = (falls, rises) if better else (rises, falls)
    if wrong:
        user, before, after, place = wrong[0]
        said = (
            f"moving a target of user {user} from position {place + 1} up to {place} changed the value from "
            f"{before:.4g} to {after:.4g}, and `higher_is_better` is {better}"
        )
        raise Fault(said, None if not right else "count a target further up for no less than one further down")


@check(
    "metric",
    mend="a list with every target on top has the best value, one without any the worst",
    after=("direction-as-declared",),
)
def best_list_is_best(subject: MetricSubject) -> None:
    """No list is better than all targets on top, none worse than all targets at the bottom, and these two differ."""
    subject.require_targets()
    orders = worked.drawn(11, subject.k)
    sign = 1 if subject.given.higher_is_better else -1
    middle = sign * subject.values(orders.ranking())
    best = sign * subject.values(orders.reordered(_targets_first).ranking(), given="of perfect lists")
    worst = sign * subject.values(orders.reordered(lambda *one: _targets_first(*one)[::-1]).ranking())
    with np.errstate(invalid="ignore"):
        beyond = np.flatnonzero((middle > best + _NEAR) | (middle < worst - _NEAR))
        level = not (best > worst + _NEAR).any()
    if len(beyond):
        user = beyond[0]
        raise Fault(
            f"user {user} has {sign * middle[user]:.4g} on a list in any order, {sign * best[user]:.4g} with every "
            f"target on top and {sign * worst[user]:.4g} with every target at the bottom"
        )
    if level:
        raise Fault("lists with every target on top and lists with none have the same values")


@check("metric", mend="mend the formula, or the declared values where they are wrong", after=("one-value-a-user",))
def worked_values_met(subject: MetricSubject) -> None:
    """The values that the class declares (`worked_values`) for tailrec.testing.four_users are met."""
    declared: Any = getattr(subject.cls, "worked_values", None)
    if declared is None:
        raise NotApplicable("it declares no `worked_values`, such as {'k=3': [0.92, 0.0, 0.631, nan]}")
    for parameters, expected in declared.items():
        values = names.parse(f"metric:{parameters}")[1] if parameters else {}
        metric = subject.fresh(**subject.cls.values_from_text(values))
        found = subject.values(worked.four_users(), metric, f"with {parameters} of the four users")
        wanted = np.atleast_1d(np.array(expected, dtype=np.float64))
        if found.shape != wanted.shape:
            raise Fault(f"`worked_values` of `{parameters}` are {len(wanted)}, and there are {len(found)}")
        apart = np.flatnonzero(~np.isclose(found, wanted, atol=5e-4, rtol=0, equal_nan=True))
        if len(apart):
            user = apart[0]
            raise Fault(
                f"with `{parameters}`, user {user} has {found[user]:.4g}, worked out by hand {wanted[user]:.4g}"
            )


def _changes(subject: MetricSubject) -> Iterator[tuple[int, float, float, int]]:
    """Yield a user, the value, that with one target a position further up, and that position."""
    for seed in range(4):
        orders = worked.drawn(20 + seed, subject.k)
        before = subject.values(orders.ranking())
        for place in range(1, subject.k + 2):
            moved = orders.reordered(lambda order, wanted, place=place: _moved_up(order, wanted, place))  # type: ignore[misc]
            after = subject.values(moved.ranking())
            for user in np.flatnonzero(~np.isnan(before) & ~np.isnan(after)):
                yield int(user), float(before[user]), float(after[user]), place


def _moved_up(order: Any, wanted: Any, place: int) -> Any:
    """Return the order with the target at position `place` (from 0) one further up, where a miss stands above it."""
    order = order.copy()
    if place < len(order) and order[place] in wanted and order[place - 1] not in wanted:
        order[[place - 1, place]] = order[[place, place - 1]]
    return order


def _targets_first(order: Any, wanted: Any) -> Any:
    hit = np.isin(order, wanted)
    return np.concatenate([order[hit], order[~hit]])
