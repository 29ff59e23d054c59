"""Lists longer and shorter than what a metric looks at, and what it asks of a ranking."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from tailrec_metrics.accuracy import Auc, HitRate, Map, Mrr, Ndcg, Precision, Recall
from tailrec_metrics.beyond import Coverage, Diversity, Gini, Novelty
from tailrec_metrics.worked_example import four_users

import tailrec

ACCURACY = [Ndcg, Recall, Precision, HitRate, Mrr, Map]
ALL = {
    "ndcg": Ndcg, "recall": Recall, "precision": Precision, "hit-rate": HitRate, "mrr": Mrr, "map": Map, "auc": Auc,
    "coverage": Coverage, "gini": Gini, "novelty": Novelty, "diversity": Diversity,
}  # fmt: skip


def value(metric, ranking):
    return metric.over_users(ranking) if isinstance(metric, tailrec.CatalogueMetric) else metric.per_user(ranking)


def ranking_of(items, targets, n_candidates):
    return tailrec.Ranking(np.array(items), csr_matrix(np.array(targets, dtype=float)), np.array(n_candidates))


@pytest.mark.parametrize(("name", "cls"), list(ALL.items()))
def test_found_by_name_and_says_which_way_is_better(name, cls):
    metric = tailrec.metric(name)
    assert type(metric) is cls and metric.name == name
    assert metric.higher_is_better is (name != "gini")
    assert metric.needs_target_ranks is (name == "auc")


@pytest.mark.parametrize("cls", [cls for cls in ALL.values() if cls is not Auc])
def test_a_list_longer_than_k_is_cut(cls):
    ranking = four_users()
    np.testing.assert_array_equal(value(cls(k=2), ranking), value(cls(k=2), ranking.cut(2)))


@pytest.mark.parametrize("cls", [cls for cls in ALL.values() if cls is not Auc])
def test_a_list_that_stopped_too_early_is_refused(cls):
    with pytest.raises(tailrec.InputError, match=r"expected lists of 5 items, received lists of 3 .* rank with `k=5`"):
        value(cls(k=5), four_users())


@pytest.mark.parametrize("k", [4, 1000, 10**12])
def test_k_larger_than_the_catalogue(k):
    for items in [[2, 0, 1]], [[2, 0, 1, -1]], [[2, 0, 1, -1, -1]]:
        found = {cls: cls(k=k).per_user(ranking_of(items, [[1, 0, 1]], [3]))[0] for cls in ACCURACY}
        assert found == {Ndcg: 1, Recall: 1, Precision: 2 / k, HitRate: 1, Mrr: 1, Map: 1}


def test_fewer_candidates_than_k():
    ranking = ranking_of([[4, 1, -1, -1]], [[0, 1, 0, 0, 0]], [2])
    found = {cls: cls(k=4).per_user(ranking)[0] for cls in ACCURACY}
    expected = {Ndcg: 1 / np.log2(3), Recall: 1, Precision: 1 / 4, HitRate: 1, Mrr: 1 / 2, Map: 1 / 2}
    assert found == pytest.approx(expected)


def test_no_candidate_at_all():
    ranking = ranking_of([[-1, -1]], [[0, 0, 0]], [0])
    for cls in ACCURACY:
        np.testing.assert_array_equal(cls(k=2).per_user(ranking), [np.nan])
    assert Coverage(k=2).over_users(ranking) == 0
    assert np.isnan(Gini(k=2).over_users(ranking))


@pytest.mark.parametrize("cls", list(ALL.values()))
def test_nobody_asked_and_nobody_there(cls):
    everyone = four_users()
    metric = cls() if cls is Auc else cls(k=3)
    nobody = everyone.rows(np.zeros(4, dtype=bool))
    assert metric.per_user(nobody).shape == (0,)
    if isinstance(metric, tailrec.CatalogueMetric):
        assert np.isnan(metric.over_users(nobody))
        assert np.isnan(metric.per_user(everyone)).all()
    if cls in [*ACCURACY, Auc]:
        assert np.isnan(metric.per_user(everyone.rows(np.array([3])))).all()


def test_uncut_mrr_asks_for_the_ranks_of_the_targets():
    assert Mrr(k=None).needs_target_ranks is True
    assert tailrec.metric("mrr:k=none").k is None
    assert Mrr(k=5).needs_target_ranks is False


@pytest.mark.parametrize("metric", [Auc(), Mrr(k=None)], ids=str)
def test_a_ranking_without_the_ranks_of_the_targets_is_refused(metric):
    with pytest.raises(tailrec.InputError, match=r"rank of every target.*rank with `target_ranks=True`"):
        metric.per_user(ranking_of([[0]], [[1]], [1]))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ndcg:k=0", "`k` to be greater than or equal to 1, received '?0"),
        ("mrr:k=-1", "`k` to be greater than or equal to 1, received '?-1"),
        ("recall:denominator=max", "`denominator` to be 'targets' or 'min', received 'max'"),
        ("recall:depth=3", "unknown parameter `depth`"),
        ("auc:k=3", "unknown parameter `k`"),
    ],
)
def test_a_bad_parameter_is_refused_by_name(name, message):
    with pytest.raises(tailrec.InputError, match=message):
        tailrec.metric(name)
