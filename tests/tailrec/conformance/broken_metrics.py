"""Metrics broken on purpose, each by one fault."""

from typing import ClassVar

import numpy as np

import tailrec


class Sound(tailrec.MetricPlugin):
    """The share of the list that is right: nothing is wrong with it."""

    breaks: ClassVar[dict[str, str]] = {}
    worked_values: ClassVar = {"k=3": [0.667, 0.0, 0.333, np.nan], "k=1": [1.0, 0.0, 0.0, np.nan]}

    k: int = 10

    def per_user(self, ranking):
        return np.where(ranking.n_targets > 0, ranking.hits[:, : self.k].mean(axis=1), np.nan)


class ZeroWhereNothingIsAsked(Sound):
    breaks: ClassVar = {"undefined-is-nan": "user 0 has no target and the value 0", "worked-values-met": "user 3 has 0"}

    def per_user(self, ranking):
        return ranking.hits[:, : self.k].mean(axis=1)


class DepthIsAFloat(tailrec.MetricPlugin):
    breaks: ClassVar = {"depth-declared": "`k` is 5.0, and lists of 10 items are measured"}
    k: float = 5.0

    def per_user(self, ranking):
        return np.where(ranking.n_targets > 0, ranking.hits[:, : int(self.k)].mean(axis=1), np.nan)


class DepthBelowOne(tailrec.MetricPlugin):
    breaks: ClassVar = {"depth-declared": "`k` is -1, and lists of 10 items are measured"}
    k: int = -1

    def per_user(self, ranking):
        return np.where(ranking.n_targets > 0, ranking.hits[:, : self.k].mean(axis=1), np.nan)


class NeverANumber(Sound):
    breaks: ClassVar = {"one-value-a-user": "every user has NaN"}

    def per_user(self, ranking):
        return np.full(len(ranking.items), np.nan)


class DividesByHits(Sound):
    breaks: ClassVar = {"never-infinite": "is infinite"}
    higher_is_better: ClassVar = False
    worked_values: ClassVar = {"k=3": [0.5, np.inf, 1.0, np.nan]}

    def per_user(self, ranking):
        with np.errstate(all="ignore"):
            return np.where(ranking.n_targets > 0, 1 / ranking.hits[:, : self.k].sum(axis=1), np.nan)


class OneValueForAll(Sound):
    breaks: ClassVar = {"one-value-a-user": "`per_user` of 24 users returned the shape ()"}

    def per_user(self, ranking):
        return np.nanmean(super().per_user(ranking))


class SaysYesAndNo(Sound):
    breaks: ClassVar = {"one-value-a-user": "`per_user` returned object"}

    def per_user(self, ranking):
        return np.array(["yes" if hit else None for hit in ranking.hits[:, 0]], dtype=object)


class ErrorThatIsCalledBetter(Sound):
    breaks: ClassVar = {"direction-as-declared": "and `higher_is_better` is True; write `higher_is_better"}
    worked_values: ClassVar = {}

    def per_user(self, ranking):
        return 1.0 - super().per_user(ranking)


class DiscountsTheWrongWay(Sound):
    breaks: ClassVar = {"direction-as-declared": "no less than one further down"}
    worked_values: ClassVar = {}

    def per_user(self, ranking):
        hits = ranking.hits[:, : self.k]
        return np.where(ranking.n_targets > 0, hits @ np.arange(1.0, hits.shape[1] + 1), np.nan)


class CountsTargetsOnly(Sound):
    breaks: ClassVar = {"best-list-is-best": "lists with every target on top and lists with none have the same values"}
    worked_values: ClassVar = {}

    def per_user(self, ranking):
        return np.where(ranking.n_targets > 0, ranking.n_targets / ranking.targets.shape[1], np.nan)


class RelativeToTheBestUser(Sound):
    breaks: ClassVar = {"users-measured-alone": "the value of a user changed when they were measured alone"}
    worked_values: ClassVar = {}

    def per_user(self, ranking):
        values = super().per_user(ranking)
        return values / max(np.nanmax(np.append(values, 0.0)), 1e-9) if np.nanmax(np.append(values, 0.0)) else values


class BestUsersFirst(Sound):
    breaks: ClassVar = {
        "order-of-users-irrelevant": "the values changed when the users came in another order",
        "users-measured-alone": "",
        "undefined-is-nan": "",
    }
    worked_values: ClassVar = {}

    def per_user(self, ranking):
        return np.sort(super().per_user(ranking))


class CountsThePadding(Sound):
    breaks: ClassVar = {"padding-ignored": "the values depend on which item is the last of the catalogue"}
    worked_values: ClassVar = {}

    def per_user(self, ranking):
        rows = np.arange(len(ranking.items))[:, None]
        hits = ranking.targets.toarray()[rows, ranking.items[:, : self.k]]
        return np.where(ranking.n_targets > 0, hits.mean(axis=1), np.nan)


class FavoursLowCodes(Sound):
    breaks: ClassVar = {"codes-irrelevant": "the values changed when the items got other codes"}
    worked_values: ClassVar = {}

    def per_user(self, ranking):
        worth = ranking.hits / (1.0 + np.maximum(ranking.items, 0)) * np.where(ranking.items < 0, 0.0, 1.0)
        whole = ranking.hits.sum(axis=1) + 1e-6 * worth.sum(axis=1)
        return np.where(ranking.n_targets > 0, whole, np.nan)


class ReadsRanksUndeclared(Sound):
    breaks: ClassVar = {"target-ranks-declared": "without `target_ranks`, `per_user` raised TypeError"}
    worked_values: ClassVar = {}

    def per_user(self, ranking):
        return np.array([1.0 / min(ranks) if len(ranks) else np.nan for ranks in ranking.target_ranks])


class SortsTheListsInPlace(Sound):
    breaks: ClassVar = {"inputs-unchanged": "`per_user` changed `ranking`, which it was given"}

    def per_user(self, ranking):
        values = super().per_user(ranking)
        ranking.items.sort(axis=1)
        return values


class RemembersTheLastRanking(Sound):
    breaks: ClassVar = {"same-ranking-same-values": "the values of the same ranking changed"}

    def per_user(self, ranking):
        values = super().per_user(ranking)
        self.seen_ = getattr(self, "seen_", 0) + 1
        return values + 0.01 * (self.seen_ - 1)


class CollectsOnTheClass(Sound):
    breaks: ClassVar = {"no-shared-state": "`CollectsOnTheClass.history`, which all of them share, changed"}

    history: ClassVar[list] = []

    def per_user(self, ranking):
        self.history.append(len(ranking.items))
        return super().per_user(ranking)


class WrongFormula(Sound):
    breaks: ClassVar = {"worked-values-met": "with `k=3`, user 0 has 1, worked out by hand 0.667"}

    def per_user(self, ranking):
        return np.where(ranking.n_targets > 0, ranking.hits[:, : self.k].any(axis=1), np.nan).astype(float)


class ValueOfEachUserInACatalogue(tailrec.CatalogueMetric):
    breaks: ClassVar = {"one-value-a-user": "`per_user` of a catalogue metric has values"}

    def over_users(self, ranking):
        return float((ranking.items >= 0).mean())

    def per_user(self, ranking):
        return (ranking.items >= 0).mean(axis=1)


class ManyValuesForACatalogue(tailrec.CatalogueMetric):
    breaks: ClassVar = {"one-value-a-user": "`over_users` returned array"}

    def over_users(self, ranking):
        return (ranking.items >= 0).mean(axis=1)


class FirstUserCounts(tailrec.CatalogueMetric):
    breaks: ClassVar = {"order-of-users-irrelevant": "the values changed when the users came in another order"}

    def over_users(self, ranking):
        return float((ranking.items[0] >= 0).mean() + ranking.n_candidates[0])
