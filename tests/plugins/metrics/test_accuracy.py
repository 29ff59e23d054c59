"""The accuracy metrics against hand-worked tables, a plain-Python reference and scikit-learn."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_matrix
from sklearn import metrics as sklearn_metrics
from tailrec_metrics.accuracy import Auc, HitRate, Map, Mrr, Ndcg, Precision, Recall
from tailrec_metrics.worked_example import four_users

import tailrec

NAN = math.nan
CANDIDATE, MASKED, TARGET = 0, 1, 2
CUT = [Ndcg, Recall, lambda k: Recall(k=k, denominator="min"), Precision, HitRate, Mrr, Map]


def ranking_of(orders, roles, width, **changes):
    """Build a ranking from every user's candidates, best first."""
    n_items = roles.shape[1]
    items = np.array([(list(order) + [-1] * width)[:width] for order in orders], dtype=np.int32).reshape(-1, width)
    values = {
        "items": items,
        "targets": csr_matrix((roles == TARGET).astype(np.float32)),
        "n_candidates": n_items - (roles == MASKED).sum(axis=1),
        "target_ranks": [
            np.array([list(order).index(item) + 1 for item in np.flatnonzero(role == TARGET)], dtype=np.int64)
            for order, role in zip(orders, roles, strict=True)
        ],
    }
    return tailrec.Ranking(**(values | changes))


@st.composite
def cases(draw):
    """Draw every user's order of the candidates, from tied scores, and each item's role for them."""
    shape = draw(st.tuples(st.integers(0, 5), st.integers(1, 12)))
    scores = draw(arrays(np.int64, shape, elements=st.integers(0, 3)))
    roles = draw(arrays(np.int64, shape, elements=st.sampled_from([CANDIDATE, MASKED, TARGET])))
    orders = [
        sorted(np.flatnonzero(role != MASKED).tolist(), key=lambda item: (-score[item], item))
        for score, role in zip(scores, roles, strict=True)
    ]
    return orders, roles


def targets_of(roles):
    return [set(np.flatnonzero(role == TARGET).tolist()) for role in roles]


def ndcg(order, targets, k):
    gained = sum(1 / math.log2(rank + 1) for rank, item in enumerate(order[:k], start=1) if item in targets)
    return gained / sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(targets)) + 1))


def recall(order, targets, k):
    return len(targets.intersection(order[:k])) / len(targets)


def recall_of_possible(order, targets, k):
    return len(targets.intersection(order[:k])) / min(k, len(targets))


def precision(order, targets, k):
    return len(targets.intersection(order[:k])) / k


def hit_rate(order, targets, k):
    return float(any(item in targets for item in order[:k]))


def mrr(order, targets, k):
    return next((1 / rank for rank, item in enumerate(order[:k], start=1) if item in targets), 0.0)


def average_precision(order, targets, k):
    total = sum(precision(order, targets, rank) for rank, item in enumerate(order[:k], start=1) if item in targets)
    return total / min(k, len(targets))


def auc(order, targets):
    pairs = [(t, other) for t in targets for other in order if other not in targets]
    return sum(order.index(t) < order.index(other) for t, other in pairs) / len(pairs) if pairs else NAN


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (Ndcg(k=3), [(1 + 1 / 2) / (1 + 1 / math.log2(3)), 0, 1 / math.log2(3), NAN]),
        (Ndcg(k=1), [1, 0, 0, NAN]),
        (Recall(k=3), [1, 0, 1, NAN]),
        (Recall(k=1), [1 / 2, 0, 0, NAN]),
        (Recall(k=1, denominator="min"), [1, 0, 0, NAN]),
        (Precision(k=3), [2 / 3, 0, 1 / 3, NAN]),
        (HitRate(k=3), [1, 0, 1, NAN]),
        (HitRate(k=1), [1, 0, 0, NAN]),
        (Mrr(k=3), [1, 0, 1 / 2, NAN]),
        (Mrr(k=None), [1, 1 / 4, 1 / 2, NAN]),
        (Map(k=3), [(1 + 2 / 3) / 2, 0, 1 / 2, NAN]),
        (Map(k=1), [1, 0, 0, NAN]),
        (Auc(), [5 / 6, 0, 0, NAN]),
    ],
    ids=str,
)
def test_four_users_worked_by_hand(metric, expected):
    np.testing.assert_allclose(metric.per_user(four_users()), expected, rtol=0, atol=1e-12)


REFERENCES = [ndcg, recall, recall_of_possible, precision, hit_rate, mrr, average_precision]


@pytest.mark.parametrize(("make", "reference"), list(zip(CUT, REFERENCES, strict=True)))
@given(case=cases(), k=st.integers(1, 15), beyond=st.integers(0, 3))
def test_agrees_with_plain_python(make, reference, case, k, beyond):
    orders, roles = case
    values = make(k=k).per_user(ranking_of(orders, roles, width=k + beyond))
    expected = [reference(order, t, k) if t else NAN for order, t in zip(orders, targets_of(roles), strict=True)]
    assert values.shape == (len(orders),) and values.dtype == np.float64
    np.testing.assert_allclose(values, expected, rtol=0, atol=1e-9)


@given(case=cases())
def test_metrics_of_all_candidates_agree_with_plain_python(case):
    orders, roles = case
    ranking = ranking_of(orders, roles, width=1)
    users = list(zip(orders, targets_of(roles), strict=True))
    np.testing.assert_allclose(Auc().per_user(ranking), [auc(order, t) for order, t in users], rtol=0, atol=1e-9)
    expected = [mrr(order, t, len(order)) if t else NAN for order, t in users]
    np.testing.assert_allclose(Mrr(k=None).per_user(ranking), expected, rtol=0, atol=1e-9)


@given(case=cases(), k=st.integers(1, 15))
def test_agrees_with_scikit_learn(case, k):
    orders, roles = case
    ranking = ranking_of(orders, roles, width=k)
    n_items = roles.shape[1]
    values = {make: make(k=k).per_user(ranking) for make in (Ndcg, Recall, Precision, HitRate, Map)}
    whole = Map(k=n_items).per_user(ranking_of(orders, roles, width=n_items))
    uncut, areas = Mrr(k=None).per_user(ranking), Auc().per_user(ranking)
    for user, (order, role) in enumerate(zip(orders, roles, strict=True)):
        truth = (role == TARGET).astype(int)
        if not truth.any():
            continue
        # Distinct scores that spell the ranking; masked items come last, where they add nothing.
        scores = np.array([n_items - order.index(item) if item in order else -item for item in range(n_items)])
        listed = np.isin(np.arange(n_items), order[:k]).astype(int)
        expect = {Recall: sklearn_metrics.recall_score(truth, listed)}
        expect[HitRate] = float(expect[Recall] > 0)
        if n_items > 1:
            expect[Ndcg] = sklearn_metrics.ndcg_score([truth], [scores], k=k)
        if len(order) >= k:
            expect[Precision] = sklearn_metrics.precision_score(truth, listed)
        # Cut at k, scikit-learn's average over the targets found there is ours over min(k, targets).
        found = truth * listed
        if found.any():
            average = sklearn_metrics.average_precision_score(found, scores)
            expect[Map] = average * found.sum() / min(k, truth.sum())
        for make, expected in expect.items():
            assert values[make][user] == pytest.approx(expected, abs=1e-9), make
        assert whole[user] == pytest.approx(sklearn_metrics.average_precision_score(truth, scores), abs=1e-9)
        best = (np.arange(n_items) == order[min(order.index(t) for t in np.flatnonzero(truth))]).astype(int)
        expected = sklearn_metrics.label_ranking_average_precision_score([best], [scores]) if n_items > 1 else 1.0
        assert uncut[user] == pytest.approx(expected, abs=1e-9)
        if not truth[order].all():
            assert areas[user] == pytest.approx(sklearn_metrics.roc_auc_score(truth[order], scores[order]), abs=1e-9)


@given(case=cases(), k=st.integers(1, 15))
def test_in_zero_to_one_and_nan_only_without_a_target(case, k):
    orders, roles = case
    ranking = ranking_of(orders, roles, width=k)
    asked = (roles == TARGET).any(axis=1)
    for metric in [make(k=k) for make in CUT] + [Mrr(k=None), Auc()]:
        values = metric.per_user(ranking)
        defined = asked & (roles == CANDIDATE).any(axis=1) if isinstance(metric, Auc) else asked
        np.testing.assert_array_equal(~np.isnan(values), defined)
        assert ((values[defined] >= 0) & (values[defined] <= 1)).all()


@given(case=cases(), k=st.integers(1, 15), data=st.data())
def test_the_order_of_users_does_not_matter(case, k, data):
    ranking = ranking_of(*case, width=k)
    order = np.array(data.draw(st.permutations(range(len(ranking.items)))), dtype=np.int64)
    for metric in [make(k=k) for make in CUT] + [Mrr(k=None), Auc()]:
        np.testing.assert_array_equal(metric.per_user(ranking.rows(order)), metric.per_user(ranking)[order])


@given(case=cases(), k=st.integers(1, 15), at=st.integers(0, 10))
def test_a_target_that_moves_up_never_costs(case, k, at):
    orders, roles = case
    better = []
    for order, targets in zip(orders, targets_of(roles), strict=True):
        above, below = order[at : at + 2] if at + 2 <= len(order) else (None, None)
        swap = below in targets and above not in targets
        better.append(order[:at] + [below, above] + order[at + 2 :] if swap else order)
    before, after = ranking_of(orders, roles, width=k), ranking_of(better, roles, width=k)
    for metric in [make(k=k) for make in CUT] + [Mrr(k=None), Auc()]:
        gain = metric.per_user(after) - metric.per_user(before)
        moved = np.array([a != b for a, b in zip(orders, better, strict=True)], dtype=bool) & ~np.isnan(gain)
        assert (gain[moved] >= 0).all()
        if isinstance(metric, Auc) or (isinstance(metric, (Ndcg, Map)) and at < k):
            assert (gain[moved] > 0).all()


@given(case=cases(), k=st.integers(1, 15))
def test_targets_first_is_perfect_to_the_last_bit(case, k):
    orders, roles = case
    orders = [sorted(order, key=lambda item: role[item] != TARGET) for order, role in zip(orders, roles, strict=True)]
    ranking = ranking_of(orders, roles, width=k)
    for metric in [Ndcg(k=k), Recall(k=k, denominator="min"), HitRate(k=k), Mrr(k=k), Mrr(k=None), Map(k=k), Auc()]:
        values = metric.per_user(ranking)
        np.testing.assert_array_equal(values[~np.isnan(values)], 1.0)


def test_agrees_with_plain_python_through_the_ranker():
    rng = np.random.default_rng(5)
    scores = rng.integers(0, 4, size=(30, 25)).astype(np.float64)
    roles = rng.choice([CANDIDATE, MASKED, TARGET], size=scores.shape, p=[0.7, 0.2, 0.1])

    class Tied(tailrec.ModelPlugin):
        def fit(self, train, *, weights=None, validation=None):
            return self

        def score(self, users):
            return scores[users]

    holdout = tailrec.Holdout(csr_matrix((roles == TARGET) * 1.0), csr_matrix((roles == MASKED) * 1.0))
    ranking = tailrec.rank(Tied(), holdout, k=7, target_ranks=True)
    users = [
        (sorted(np.flatnonzero(role != MASKED).tolist(), key=lambda item: (-score[item], item)), targets)
        for score, role, targets in zip(scores, roles, targets_of(roles), strict=True)
        if targets
    ]
    for make, reference in zip(CUT, REFERENCES, strict=True):
        np.testing.assert_allclose(make(k=5).per_user(ranking), [reference(o, t, 5) for o, t in users], atol=1e-9)
    np.testing.assert_allclose(Auc().per_user(ranking), [auc(o, t) for o, t in users], atol=1e-9)
