import os
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import threadpoolctl

import tailrec
from tailrec.pieces import Task, limited_to, work
from tailrec.ranking import rank
from tailrec.runs import RunStore
from tailrec.scenarios import Scenario
from tailrec.specification import experiment
from tailrec.windows import windows_of


class Drawn(tailrec.ModelPlugin):
    """Scores that are drawn for every user and item, with ties."""

    seed: int = 0

    def fit(self, train, *, weights=None, validation=None):
        self.scores_ = np.random.default_rng(self.seed).integers(0, 5, size=(train.n_users, train.n_items))
        return self

    def score(self, users):
        return self.scores_[users]


@pytest.fixture(scope="module")
def window():
    rng = np.random.default_rng(0)
    rows = [(u, i) for u in range(30) for i in rng.choice(20, size=rng.integers(2, 9), replace=False)]
    data = tailrec.Interactions.from_frame(pd.DataFrame(rows, columns=["user", "item"]))
    return windows_of(experiment(Scenario(data, split="random", name="mine"), "popularity"))[0][0]


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path)


def task(window, *metrics, model=None, weights=None, threads=1, reuse=True):
    made = [tailrec.metric(metric) for metric in metrics or ("ndcg",)]
    return Task(window, model or Drawn(), "drawn", 0, made, weights, threads, reuse)


def values(task, store):
    return [store.get("measure", key) for key in task.measure_keys]


def test_what_makes_a_fit_another_one(window):
    fit_keys = [
        one.fit_key
        for one in (
            task(window), task(window, model=Drawn(seed=1)), task(window, weights="inverse-activity"),
            task(window, threads=2), task(replace(window, fit_key="other")), task(window, model=tailrec.model("ease")),
        )
    ]  # fmt: skip
    assert len(set(fit_keys)) == len(fit_keys)


def test_what_does_not(window):
    one = task(window, "ndcg")
    others = [
        task(window, "recall", "coverage"), task(window, "ndcg:k=3"),
        task(replace(window, scenario="renamed", name="8")),
        task(replace(window, rank_key="another test")), task(replace(window, segments={})), task(window, reuse=False),
    ]  # fmt: skip
    assert {other.fit_key for other in others} == {one.fit_key}


def test_lists_are_kept_for_a_test_a_depth_and_the_ranks_of_targets(window):
    tasks = [
        task(window),
        task(replace(window, rank_key="another test")),
        task(window, "ndcg:k=3"),
        task(window, "ndcg", "auc"),
    ]
    assert len({one.rank_key for one in tasks}) == 4
    assert task(window, "ndcg").rank_key == task(window, "recall", "coverage").rank_key


def test_only_a_catalogue_metric_depends_on_the_segments(window):
    one = task(window, "ndcg", "coverage")
    other = task(replace(window, segments={"all": window.segments["all"]}), "ndcg", "coverage")
    assert one.measure_keys[0] == other.measure_keys[0] and one.measure_keys[1] != other.measure_keys[1]


METRICS = ("ndcg", "recall:k=3", "auc", "mrr:k=none", "novelty", "coverage", "gini")


def test_values_from_kept_lists_are_those_from_fresh_ones(window, store):
    one = task(window, *METRICS)
    assert work(one, store).failures == []
    fresh = values(one, store)
    assert all(found is not None for found in fresh)
    for key in one.measure_keys:
        store.path("measure", key).unlink()
    store.path("fit", one.fit_key).unlink()
    assert work(one, store).failures == []
    np.testing.assert_equal(values(one, store), fresh)
    assert not store.has("fit", one.fit_key)


def test_values_are_those_of_the_metrics_themselves(window, store):
    one = task(window, *METRICS)
    work(one, store)
    ranking = rank(Drawn().fit(window.split.train), window.split.test, 10, target_ranks=True)
    assert ranking.users.tolist() == window.users.tolist()
    for metric, found in zip(one.metrics, values(one, store), strict=True):
        if isinstance(metric, tailrec.CatalogueMetric):
            assert found.keys() == window.groups.keys()
            group = window.groups["tail"][7]
            assert found["tail"][7] == metric.over_users(ranking.rows(group)) and len(found["tail"]) == 50
        else:
            k = min(tailrec.depth_of(metric), 10)
            np.testing.assert_allclose(found, metric.per_user(ranking.cut(k)), rtol=0, atol=1e-12)


def files(store):
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in store.pieces.glob("*-*")}


def test_without_reuse_everything_is_made_anew(window, store):
    work(task(window, "ndcg", "recall"), store)
    before = files(store)
    assert len(before) == 4
    work(task(window, "ndcg", "recall", reuse=False), store)
    after = files(store)
    assert after.keys() == before.keys() and not after.items() & before.items()


def test_with_reuse_nothing_is_made_twice(window, store):
    work(task(window, "ndcg"), store)
    before = files(store)
    work(task(window, "ndcg", "recall"), store)
    after = files(store)
    assert before.items() < after.items() and len(after) == len(before) + 1


def test_an_object_of_the_users_learns_nothing(window, store):
    mine = Drawn()
    work(task(window, model=mine), store)
    assert not tailrec.is_fitted(mine)


def test_a_model_that_uses_weights_is_given_them(window, store):
    class Weighed(Drawn):
        uses_weights = True

        def fit(self, train, *, weights=None, validation=None):
            self.weights_ = weights
            return super().fit(train)

    one = task(window, model=Weighed(), weights="inverse-activity")
    work(one, store)
    given = store.get("fit", one.fit_key).weights_
    np.testing.assert_allclose(given, tailrec.weights(window.split.train, "inverse-activity"))


def test_a_failure_is_of_one_metric_alone(window, store):
    class Broken(tailrec.MetricPlugin):
        def per_user(self, ranking):
            raise ValueError("why\nnot")

    one = Task(window, Drawn(), "drawn", 3, [Broken(), tailrec.metric("ndcg")], None, 1, True)
    (failure,) = work(one, store).failures
    assert str(failure) == (
        "Broken of drawn on mine, in `per_user`: ValueError: why not; it was given lists of 10 for 30 users"
    )
    assert (failure.seed, failure.metric) == (3, "Broken") and "in per_user" in failure.trace
    assert store.has("measure", one.measure_keys[1]) and not store.has("measure", one.measure_keys[0])
    assert (
        str(replace(failure, metric="", window="8", call="fit", given=""))
        == "drawn on mine (window 8), in `fit`: ValueError: why not"
    )


def test_a_fit_has_the_threads_of_its_task(window, store):
    class Threads(Drawn):
        def fit(self, train, *, weights=None, validation=None):
            self.threads_ = os.environ["TAILREC_THREADS"], threadpoolctl.threadpool_info()
            return super().fit(train)

    for threads in (1, 2):
        one = task(window, model=Threads(), threads=threads)
        work(one, store)
        said, found = store.get("fit", one.fit_key).threads_
        assert said == str(threads) and max(library["num_threads"] for library in found) == threads


def test_threads_are_limited_for_as_long_as_it_takes(monkeypatch):
    monkeypatch.setenv("TAILREC_THREADS", "7")
    before = [library["num_threads"] for library in threadpoolctl.threadpool_info()]
    with limited_to(1):
        assert os.environ["TAILREC_THREADS"] == "1"
        assert {library["num_threads"] for library in threadpoolctl.threadpool_info()} == {1}
    assert os.environ["TAILREC_THREADS"] == "7"
    assert [library["num_threads"] for library in threadpoolctl.threadpool_info()] == before
    monkeypatch.delenv("TAILREC_THREADS")
    with limited_to(1):
        pass
    assert "TAILREC_THREADS" not in os.environ
