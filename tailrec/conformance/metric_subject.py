"""A metric under check: what it looks at, and its values of drawn rankings."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec.conformance import worked
from tailrec.conformance.checks import NotApplicable
from tailrec.conformance.subject import Subject
from tailrec.conformance.watching import Watched
from tailrec.interfaces import CatalogueMetric, depth_of

if TYPE_CHECKING:
    from numpy.typing import NDArray


class MetricSubject(Subject):
    """A metric under check."""

    @property
    def is_catalogue(self) -> bool:
        """Whether its value belongs to a group of users."""
        return isinstance(self.given, CatalogueMetric)

    @property
    def k(self) -> int:
        """How long the lists are that it looks at."""
        return depth_of(self.given)

    @cached_property
    def reads_targets(self) -> bool:
        """Whether its values depend on the targets, as those of accuracy do and those of novelty do not."""
        orders = worked.drawn(10, self.k)
        both = zip(orders.candidates, orders.targets, strict=True)
        others = [order[: len(wanted) + 1] if len(wanted) else wanted for order, wanted in both]
        one, other = (self.values(replace(orders, targets=t).ranking()) for t in (orders.targets, others))
        return not np.allclose(one, other, equal_nan=True)

    def require_targets(self) -> None:
        """End the check of a metric that does not read the targets."""
        if not self.reads_targets:
            raise NotApplicable("its values do not depend on the targets")

    def use_once(self) -> Any:
        """Measure a ranking."""
        return self.first

    @cached_property
    def first(self) -> NDArray[np.float64]:
        """The values of a drawn ranking."""
        return self.values(worked.drawn(12, self.k).ranking()).copy()

    def use_again(self, watched: Watched) -> Any:
        """Measure another ranking, and then the same one twice."""
        metric = self.fresh()
        self.values(worked.drawn(13, self.k).ranking(), metric)
        ranking = worked.drawn(12, self.k).ranking()
        with watched.arguments("over_users" if self.is_catalogue else "per_user", ranking=worked.parts(ranking)):
            values = [self.values(ranking, metric).copy(), self.values(ranking, metric).copy()]
        return values

    def values(self, ranking: Any, metric: Any = None, given: str = "") -> NDArray[np.float64]:
        """Return (n_users,) the values of a ranking; of a catalogue metric (1,) the value of all users together."""
        metric = self.fresh() if metric is None else metric
        if self.is_catalogue:
            with self.calling("over_users", given):
                return np.array([float(metric.over_users(ranking))])
        with self.calling("per_user", given):
            return np.asarray(metric.per_user(ranking), dtype=np.float64)
