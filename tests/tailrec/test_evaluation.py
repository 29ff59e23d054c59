"""A model and a split to one value a user a metric; and that nothing but the values looks at the test."""

import pickle
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

import tailrec
from tailrec import InputError, PluginError, evaluate, registry
from tailrec.evaluation import fit, group_value, metrics_of
from tailrec.holdout import Split


class Counting(tailrec.ModelPlugin):
    """Popularity that keeps what it was given."""

    uses_weights: ClassVar[bool] = True
    slope: float = 1.0

    def fit(self, train, *, weights=None, validation=None):
        self.calls_ = getattr(self, "calls_", 0) + 1
        self.weights_, self.validation_ = weights, validation
        self.counts_ = self.slope * train.item_counts()
        return self

    def score(self, users):
        return np.tile(self.counts_, (len(users), 1))


class Unweighted(Counting):
    uses_weights: ClassVar[bool] = False


class Needy(Counting):
    requires: ClassVar[frozenset[str]] = frozenset({"timestamps", "genres", "validation"})


class Hits(tailrec.MetricPlugin):
    k: int = 10

    def per_user(self, ranking):
        assert ranking.items.shape[1] <= self.k
        return ranking.hits.sum(axis=1)


class MeanRank(tailrec.MetricPlugin):
    needs_target_ranks: ClassVar[bool] = True

    def per_user(self, ranking):
        return np.array([ranks.mean() for ranks in ranking.target_ranks])


class Shown(tailrec.CatalogueMetric):
    k: int = 2

    def over_users(self, ranking):
        return len(set(ranking.items.ravel().tolist()) - {-1})


@pytest.fixture
def parts():
    """Items 0, 1 and 2 with 3, 2 and 1 users in the train; user d is asked for nothing."""
    events = [("a", 0), ("b", 0), ("b", 1), ("c", 0), ("c", 1), ("d", 2)]
    asked = [("a", 1), ("a", 2), ("b", 2), ("c", 3)]
    data = tailrec.Interactions.from_frame(
        pd.DataFrame(events, columns=["user", "item"]), test=pd.DataFrame(asked, columns=["user", "item"])
    )
    return tailrec.split(data, "given")


def test_one_row_a_user_a_metric_by_hand(parts):
    table = evaluate(Counting(), parts, [Hits(), Hits(k=1), MeanRank()])
    assert table.columns.tolist() == ["user", "metric", "value"]
    assert table["user"].tolist() == ["a", "b", "c", "d"] * 3
    assert table["metric"].tolist() == ["Hits"] * 4 + ["Hits:k=1"] * 4 + ["MeanRank"] * 4
    # a is shown 1, 2, 3; b is shown 2, 3; c is shown 2, 3; d is asked for nothing.
    nan = np.nan
    np.testing.assert_array_equal(table["value"], [2, 1, 1, nan, 1, 1, 0, nan, 1.5, 1, 2, nan])


def test_a_model_is_fitted_on_the_train_with_the_validation_and_only_once(parts):
    model = Counting()
    evaluate(model, parts, [Hits()])
    assert model.calls_ == 1 and model.validation_ is parts.validation and model.weights_ is None
    evaluate(model, parts, [Hits()])
    assert model.calls_ == 1


def test_a_fitted_model_is_measured_as_it_is(parts):
    model = Counting()
    model.counts_ = np.array([0, 0, 0, 1])
    values = evaluate(model, parts, [Hits(k=1)])["value"]
    np.testing.assert_array_equal(values, [0, 0, 1, np.nan])


def test_on_the_validation(parts):
    table = evaluate(Counting(), parts, [Hits()], on="validation")
    assert table["value"].isna().all()
    swapped = Split(parts.train, parts.test, parts.validation)
    np.testing.assert_array_equal(evaluate(Counting(), swapped, [Hits()], on="validation")["value"], [2, 1, 1, np.nan])
    with pytest.raises(InputError, match="expected `on` to be test or validation, received 'train'"):
        evaluate(Counting(), parts, [Hits()], on="train")


def test_weights_come_from_a_scheme_or_an_array_with_mean_one(parts):
    expected = [1.5, 0.75, 0.75, 0.75, 0.75, 1.5]
    for given in ("inverse-activity", np.array([2, 1, 1, 1, 1, 2]), lambda train: np.array([4, 2, 2, 2, 2, 4.0])):
        model = Counting()
        evaluate(model, parts, [Hits()], weights=given)
        np.testing.assert_allclose(model.weights_, expected)


@pytest.mark.parametrize(
    ("model", "weights", "said"),
    [
        (Unweighted(), "inverse-activity", "Unweighted makes no use of weights; leave them out, or choose a model"),
        (Counting(), np.ones(3), "expected 6 weights, one a training event"),
        (Counting(), np.full(6, np.nan), "finite and not negative"),
        (Counting(), "inverse", "no weighting scheme is named `inverse`"),
    ],
)
def test_weights_that_cannot_be_used_are_refused(parts, model, weights, said):
    with pytest.raises(InputError, match=said):
        evaluate(model, parts, [Hits()], weights=weights)
    assert not tailrec.is_fitted(model)


def test_weights_beside_a_fitted_model_are_not_ignored(parts):
    model = fit(Counting(slope=2.0), parts)
    with pytest.raises(InputError, match="not fitted beside `weights`, received a fitted Counting:slope=2.0"):
        evaluate(model, parts, [Hits()], weights="inverse-activity")


def test_what_a_model_requires_and_the_data_lacks_is_said(parts):
    with pytest.raises(InputError, match="Needy: expected data with genres, timestamps, validation, received <Interac"):
        evaluate(Needy(), parts, [Hits()])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (lambda n: np.zeros(n + 1), "expected one value a user, 3, received the shape \\(4,\\)"),
        (lambda n: 0.5, "expected one value a user, 3, received the shape \\(\\)"),
        (lambda n: np.full(n, np.inf), "expected finite values or nan, received infinity"),
    ],
)
def test_a_metric_that_returns_something_else_is_refused(parts, values, said):
    class Bad(tailrec.MetricPlugin):
        def per_user(self, ranking):
            return values(len(ranking.items))

    with pytest.raises(PluginError, match=f"Bad.per_user: {said}"):
        evaluate(Counting(), parts, [Bad()])


def test_a_metric_sees_the_length_that_it_asked_for(parts):
    ranking = tailrec.rank(fit(Counting(), parts), parts.test, 4)
    assert group_value(Shown(k=1), ranking) == 2 and group_value(Shown(k=4), ranking) == 3
    assert evaluate(Counting(), parts, [Shown(), Hits(k=5)])["value"].isna().tolist() == [True] * 4 + [False] * 3 + [
        True
    ]


def test_metrics_come_by_name_spelling_class_or_object_each_once(monkeypatch):
    monkeypatch.setattr(registry, "_registered", {})
    tailrec.register.metric("hits")(Hits)
    try:
        found = metrics_of(["hits", "hits:k=3", Hits(k=3), Hits, MeanRank()])
        assert [repr(metric).split(".")[-1] for metric in found] == ["Hits(k=10)", "Hits(k=3)", "MeanRank()"]
        assert [len(metrics_of(one)) for one in ("hits", Hits, Hits())] == [1, 1, 1]
    finally:
        Hits.name = ""
    with pytest.raises(InputError, match="expected at least one metric, such as `ndcg:k=10`, received none"):
        metrics_of([])
    with pytest.raises(InputError, match="expected the name of a metric"):
        metrics_of([3])


def prepared(data):
    return tailrec.prepare(
        tailrec.split(data, "leave-last-out"), ["drop-rare-items:min_users=5", "thin-histories:seed=0"]
    )


@pytest.fixture(scope="module")
def clean_and_poisoned():
    """Return a split, and the same made from data whose test events are events with other items."""
    data = tailrec.load("synthetic", n_users=60, n_items=40, seed=0)
    frame = data.frame.copy()
    rng = np.random.default_rng(1)
    for user, rows in frame.groupby("user").groups.items():
        unseen = np.setdiff1d(np.arange(data.n_items), frame.loc[frame["user"] == user, "item"])
        if len(rows) > 1 and len(unseen):
            frame.loc[rows[-1], "item"] = rng.choice(unseen)
    return prepared(data), prepared(replace(data, frame=frame))


def test_poisoned_test_labels_change_nothing_that_is_prepared(clean_and_poisoned):
    clean, poisoned = clean_and_poisoned
    assert clean.test.targets.multiply(poisoned.test.targets).nnz == 0 < clean.test.targets.nnz
    pd.testing.assert_frame_equal(clean.train.frame, poisoned.train.frame)
    assert clean.train.items.equals(poisoned.train.items)
    pd.testing.assert_frame_equal(clean.train.item_features, poisoned.train.item_features)
    for part in ("validation", "test"):
        assert (getattr(clean, part).masked != getattr(poisoned, part).masked).nnz == 0
    assert (clean.validation.targets != poisoned.validation.targets).nnz == 0
    for segment, mask in tailrec.segment_users(clean.train).items():
        np.testing.assert_array_equal(mask, tailrec.segment_users(poisoned.train)[segment])
    weights = [tailrec.weights(parts.train, "inverse-activity") for parts in clean_and_poisoned]
    np.testing.assert_array_equal(*weights)


# The two-tower takes long to import, Surprise needs ratings, two peers an environment: their own tests hold them to it.
QUICK = {"bpr": {"iterations": 3}, "ials": {"iterations": 2}, "lightfm": {"epochs": 2}}
ELSEWHERE = ("two-tower", "surprise-svd", "rectools", "lenskit")
MODELS = [found.name for found in registry.installed() if found.kind == "model" and found.name not in ELSEWHERE]


@pytest.mark.parametrize("name", MODELS)
def test_poisoned_test_labels_change_nothing_that_a_model_learns_or_chooses(clean_and_poisoned, name):
    model = tailrec.model(name, **QUICK.get(name, {}))
    scheme = "inverse-activity" if model.uses_weights else None
    models = [fit(type(model)(**model.parameters()), parts, scheme) for parts in clean_and_poisoned]
    users = np.arange(clean_and_poisoned[0].train.n_users)
    np.testing.assert_array_equal(*(model.score(users) for model in models))
    assert pickle.dumps(models[0]) == pickle.dumps(models[1])
    pairs = list(zip(models, clean_and_poisoned, strict=True))
    np.testing.assert_array_equal(*(tailrec.rank(model, parts.test, 10, users=users).items for model, parts in pairs))
    # Only what the lists are worth is another.
    values = [evaluate(model, parts, [Hits()])["value"] for model, parts in pairs]
    assert not values[0].equals(values[1])


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_a_catalogue_metric_that_is_infinite_is_refused(value):
    class Endless(tailrec.CatalogueMetric):
        def over_users(self, ranking):
            return value

    ranking = tailrec.Ranking(np.zeros((1, 1), dtype=np.int32), csr_matrix((1, 3)), np.array([3]))
    with pytest.raises(tailrec.PluginError, match="Endless.over_users: expected a finite value or nan"):
        group_value(Endless(), ranking)
