"""A metric, a data set and a model of at most 15 lines, with no import but tailrec and numpy, pass every check."""

import inspect

import numpy as np
import pytest

import tailrec
from tailrec import registry
from tailrec.testing import parametrize_with_checks


class Mine(tailrec.ModelPlugin):
    def fit(self, train, *, weights=None, validation=None):
        self.counts_, self.n_users_ = train.item_counts().astype(float), train.n_users
        return self

    def score(self, users):
        if not tailrec.is_fitted(self):
            raise tailrec.InputError("mine: expected a fitted model; call `fit` first")
        if min(users, default=0) < 0 or max(users, default=0) >= self.n_users_:
            raise tailrec.InputError(f"mine: expected codes of users below {self.n_users_}, received {users}")
        return np.tile(self.counts_, (len(users), 1))


class FirstIsRight(tailrec.MetricPlugin):
    def per_user(self, ranking):
        return np.where(ranking.n_targets > 0, ranking.hits[:, 0], np.nan)


class Drawn(tailrec.DataPlugin):
    n_users: int = 50
    seed: int = 0

    def load(self):
        rng = np.random.default_rng(self.seed)
        user, item = np.divmod(rng.choice(20 * self.n_users, size=8 * self.n_users, replace=False), 20)
        columns = {"user": user, "item": item, "day": rng.integers(365, size=len(user))}
        return tailrec.Interactions.from_frame(columns, timestamp="day", title="drawn", licence="anybody's")


@parametrize_with_checks([Mine, FirstIsRight, Drawn])
def test_it_passes(plugin, check):
    check(plugin)


@pytest.mark.parametrize("cls", [Mine, FirstIsRight, Drawn])
def test_it_is_short(cls):
    assert len(inspect.getsource(cls).splitlines()) <= 14  # and a line to register it


def test_it_is_found_by_its_name_and_takes_part():
    for kind, cls in (("model", Mine), ("metric", FirstIsRight), ("data", Drawn)):
        getattr(tailrec.register, kind)(f"cell-{kind}")(cls)
    try:
        assert tailrec.check("cell-metric").plugin == "cell-metric"
        split = tailrec.split(tailrec.load("cell-data"), "leave-last-out")
        values = tailrec.evaluate("cell-model", split, "cell-metric")
        assert values["value"].between(0, 1).sum() == len(np.flatnonzero(split.test.targets.getnnz(axis=1)))
    finally:
        for kind, cls in (("model", Mine), ("metric", FirstIsRight), ("data", Drawn)):
            registry._registered.pop((kind, f"cell-{kind}"), None)
            cls.name = ""


def test_columns_of_unequal_length_are_refused():
    with pytest.raises(tailrec.InputError, match="the frame: expected a table, or columns of one length"):
        tailrec.Interactions.from_frame({"user": [1, 2], "item": [1]})
