"""Checks of metrics: the shape of the values, and what they must not depend on."""

# ruff: noqa: D401 (the docstring of a check says what holds)

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tailrec.conformance import worked
from tailrec.conformance.checks import Fault, NotApplicable, check
from tailrec.conformance.metric_subject import MetricSubject
from tailrec.errors import TailrecError


@check(
    "metric",
    mend="return np.ndarray of shape (len(ranking.items),); from `over_users` one number",
    after=("signatures",),
)
def one_value_a_user(subject: MetricSubject) -> None:
    """`per_user` returns (n_users,) numbers; `over_users` of a catalogue metric one number."""
    ranking = worked.drawn(0, subject.k).ranking()
    if subject.is_catalogue:
        with subject.calling("over_users"):
            value = subject.fresh().over_users(ranking)
        if np.ndim(value) != 0 or np.asarray(value).dtype.kind not in "biuf":
            raise Fault(f"`over_users` returned {value!r}, expected one number")
    with subject.calling("per_user"):
        values = np.asarray(subject.fresh().per_user(ranking))
    if values.shape != (len(ranking.items),):
        raise Fault(f"`per_user` of {len(ranking.items)} users returned the shape {values.shape}")
    if values.dtype.kind not in "biuf":
        raise Fault(f"`per_user` returned {values.dtype}")
    if not subject.is_catalogue and np.isnan(values.astype(float)).all():
        raise Fault("every user has NaN", "return a number for every user of whom something is asked")
    if subject.is_catalogue and not np.isnan(values.astype(float)).all():
        raise Fault("`per_user` of a catalogue metric has values", "leave `per_user` to tailrec.CatalogueMetric")


@check("metric", mend="write `k: int = 10`, with a value from 1 on", after=("signatures",))
def depth_declared(subject: MetricSubject) -> None:
    """A parameter `k` is how long a list it looks at, an int from 1 on, or None; else the lists have 10 items."""
    if "k" not in subject.given.parameter_names():
        raise NotApplicable("it has no parameter `k`")
    k = subject.given.k
    if k is not None and (type(k) is not int or k < 1):
        raise Fault(f"`k` is {k!r}, and lists of 10 items are measured")


@check("metric", mend="return np.nan where there is nothing to divide by", after=("one-value-a-user",))
def never_infinite(subject: MetricSubject) -> None:
    """A value is a finite number, or NaN where it is undefined."""
    for short in (False, True):
        values = subject.values(worked.drawn(1, subject.k, short=short).ranking())
        if np.isinf(values).any():
            raise Fault(f"the value of user {np.flatnonzero(np.isinf(values))[0]} is infinite")


@check("metric", mend="return np.nan where `ranking.n_targets` is 0", after=("one-value-a-user",))
def undefined_is_nan(subject: MetricSubject) -> None:
    """A metric of the targets has NaN for a user without targets, who is then left out of the mean."""
    subject.require_targets()
    orders = worked.drawn(2, subject.k)
    values = subject.values(orders.ranking())
    none = np.flatnonzero([len(wanted) == 0 for wanted in orders.targets])
    wrong = none[~np.isnan(values[none])]
    if len(wrong):
        raise Fault(
            f"user {wrong[0]} has no target and the value {values[wrong[0]]:.4g}, which would count in the mean"
        )


@check("metric", mend="compute each user's value from that user's row alone", after=("one-value-a-user",))
def users_measured_alone(subject: MetricSubject) -> None:
    """A user's value does not depend on who else is in the ranking."""
    if subject.is_catalogue:
        raise NotApplicable("its value belongs to the group")
    ranking = worked.drawn(3, subject.k).ranking()
    together = subject.values(ranking)
    alone = [subject.values(ranking.rows(np.array([row])), given="of one user") for row in range(len(together))]
    if any(len(one) != 1 for one in alone):
        raise Fault("`per_user` of one user returned more than one value")
    worked.agree(together, np.concatenate(alone), "the value of a user changed when they were measured alone")


@check("metric", mend="keep each value in its user's row", after=("one-value-a-user",))
def order_of_users_irrelevant(subject: MetricSubject) -> None:
    """Users in another order have the same values, in that order."""
    ranking = worked.drawn(4, subject.k).ranking()
    order = np.random.default_rng(0).permutation(len(ranking.items))
    values, again = subject.values(ranking), subject.values(ranking.rows(order), given="of users in another order")
    expected = values if subject.is_catalogue else values[order]
    worked.agree(expected, again, "the values changed when the users came in another order")


@check(
    "metric",
    mend="look items up by their codes, and let no code count for more than another",
    after=("one-value-a-user",),
)
def codes_irrelevant(subject: MetricSubject) -> None:
    """Items with other codes, the lists otherwise equal, have the same values: nothing is settled by a code."""
    orders = worked.drawn(5, subject.k)
    codes = np.random.default_rng(1).permutation(orders.train.n_items)
    again = subject.values(orders.relabelled(codes).ranking(), given="of items with other codes")
    worked.agree(subject.values(orders.ranking()), again, "the values changed when the items got other codes")


@check(
    "metric",
    mend="use `ranking.hits`, or look at `items >= 0` first; -1 as an index is the last item",
    after=("codes-irrelevant",),
)
def padding_ignored(subject: MetricSubject) -> None:
    """The -1 at the end of a short list is no item."""
    for seed in range(3):
        orders = worked.drawn(6 + seed, subject.k, short=True)
        codes = np.roll(np.arange(orders.train.n_items), seed + 1)
        values = subject.values(orders.ranking(), given="of short lists, which end with -1")
        again = subject.values(orders.relabelled(codes).ranking(), given="of short lists, which end with -1")
        worked.agree(values, again, "with short lists, the values depend on which item is the last of the catalogue")


@check("metric", mend="write `needs_target_ranks: ClassVar[bool] = True`", after=("one-value-a-user",))
def target_ranks_declared(subject: MetricSubject) -> None:
    """A metric that reads `ranking.target_ranks` declares it; else they are not made."""
    if subject.given.needs_target_ranks:
        raise NotApplicable("it declares that it needs them")
    ranking = worked.drawn(9, subject.k).ranking()
    try:
        without = subject.values(replace(ranking, target_ranks=None))
    except Fault as fault:
        if isinstance(fault.__cause__, TailrecError) and "target" not in str(fault):
            raise
        raise Fault(f"without `target_ranks`, {fault}") from fault.__cause__
    worked.agree(subject.values(ranking), without, "the values differ with and without `target_ranks`")
