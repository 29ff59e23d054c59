"""Results for the report: one whose names are an attack, one plain, and tables of differences made by hand."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import tailrec
from tailrec.failures import Failure
from tailrec.report.page import compute_page

EVIL = '<script>alert(1)</script> & "quotes" $x^2$ $y_{$'


def quick(result):
    """Return a result whose intervals stand on few resamples."""
    return replace(result, experiment=replace(result.experiment, resamples=400))


@pytest.fixture(scope="package")
def evil():
    """Return a result in which everything that can have a name has a bad one."""
    rng = np.random.default_rng(0)
    events = pd.DataFrame({"user": np.repeat(np.arange(80), 6), "item": rng.integers(0, 25, 480)}).drop_duplicates()
    events["user"] = [f"{EVIL} {user}" for user in events["user"]]
    data = tailrec.Interactions.from_frame(events, title=EVIL, licence=EVIL)

    class Evil(tailrec.ModelPlugin):
        note: str = EVIL

        def fit(self, train, *, weights=None, validation=None):
            self.n_items_ = train.n_items
            return self

        def score(self, users):
            return np.tile(np.arange(self.n_items_, dtype=float), (len(users), 1))

    class EvilMetric(tailrec.MetricPlugin):
        note: str = EVIL

        def per_user(self, ranking):
            return ranking.hits[:, :5].any(axis=1).astype(float)

    def rule(lengths):
        masks = {"all": np.ones(len(lengths), dtype=bool), EVIL: lengths <= 3, "$long_{$": lengths > 3}
        return masks | {"new": lengths == 0}

    scenario = tailrec.Scenario(data, name=EVIL, prepare=["drop-rare-items:min_users=2"], split="random")
    models = ["popularity", Evil(note=EVIL + "!")]
    found = tailrec.compare(scenario, models, [EvilMetric(note=EVIL + "!"), "coverage"], segments=rule)
    return replace(quick(found), failures=[Failure(EVIL, "0", f"gone {EVIL}", 0, "fit", EVIL)], notes=[EVIL])


@pytest.fixture(scope="package")
def plain():
    """Return a result with two scenarios, one of them with several windows, and a model that draws numbers."""
    pairs = np.stack(np.meshgrid(np.arange(90), np.arange(24)), axis=-1).reshape(-1, 2)
    rng = np.random.default_rng(1)
    kept = pairs[
        rng.random(len(pairs)) < (rng.uniform(0.1, 0.9, 90)[pairs[:, 0]] * np.linspace(0.2, 1, 24)[pairs[:, 1]])
    ]
    events = pd.DataFrame({"user": kept[:, 0], "item": kept[:, 1], "timestamp": rng.integers(0, 100, len(kept))})
    days = tailrec.Interactions.from_frame(events, timestamp="timestamp")
    windows = tailrec.Scenario(
        days, split="temporal:train=60,validation=5,test=30,unit=second", windows=[0, 5], name="days",
        prepare=["drop-rare-items:min_users=15", "thin-histories:keep=0.6,longest=3"],
    )  # fmt: skip
    random = tailrec.Scenario(days, split="random", name="any")
    models = ["popularity", "ease", "bpr:factors=4,iterations=2"]
    found = tailrec.compare([windows, random], models, ["ndcg", "coverage"], seeds=2)
    return quick(found)


@pytest.fixture(scope="package")
def shown(evil, plain):
    """Return what the pages of the two results show."""
    return {"evil": compute_page(evil), "plain": compute_page(plain)}


@pytest.fixture
def by_hand():
    """Return a function that makes a result of nothing but rows of differences."""

    def make(*rows, higher=True, metric="ndcg"):
        columns = ["scenario", "model", "segment", "n_users", "difference", "half", "p"]
        table = pd.DataFrame(rows, columns=columns).assign(window="all", baseline="popularity", metric=metric)
        table = table.assign(low=table["difference"] - table["half"], high=table["difference"] + table["half"])
        table = table.assign(p_value=table["p"] / 4, p_adjusted=table["p"])
        return SimpleNamespace(
            differences=lambda: table, summary=lambda: table, higher_is_better=lambda metric: higher, windows=[]
        )

    return make
