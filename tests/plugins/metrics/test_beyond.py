"""Coverage, Gini, novelty and diversity against hand-worked tables, plain Python and scikit-learn."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.metrics.pairwise import cosine_distances
from sklearn.preprocessing import MultiLabelBinarizer
from tailrec_metrics.beyond import Coverage, Diversity, Gini, Novelty
from tailrec_metrics.worked_example import four_users

import tailrec

NAN = math.nan


def ranking_of(lists, histories, labels, width):
    n_items = len(labels)
    pairs = [(user, item) for user, history in enumerate(histories) for item in history]
    train = tailrec.Interactions(
        frame=pd.DataFrame(pairs, columns=["user", "item"], dtype=np.int32),
        users=pd.RangeIndex(len(histories)),
        items=pd.RangeIndex(n_items),
        item_features=pd.DataFrame({"genres": ["|".join(sorted(of_item)) for of_item in labels]}, dtype=object),
    )
    return tailrec.Ranking(
        items=np.array([(one + [-1] * width)[:width] for one in lists], dtype=np.int32).reshape(-1, width),
        targets=csr_matrix((len(lists), n_items)),
        n_candidates=np.array([n_items if len(one) >= width else len(one) for one in lists], dtype=np.int64),
        train=train,
    )


@st.composite
def cases(draw):
    """Draw lists (some of them short), histories with repeats, and items with none to three labels."""
    n_items, width = draw(st.integers(1, 8)), draw(st.integers(1, 10))
    items = st.integers(0, n_items - 1)
    lists = draw(st.lists(st.lists(items, unique=True, max_size=width), max_size=6))
    histories = draw(st.lists(st.lists(items, max_size=6), min_size=1, max_size=6))
    labels = draw(st.lists(st.sets(st.sampled_from("abc")), min_size=n_items, max_size=n_items))
    return lists, histories, labels, width


def gini(lists, n_items):
    """Half the relative mean absolute difference."""
    counts = [sum(item in one for one in lists) for item in range(n_items)]
    mean = sum(counts) / n_items
    return sum(abs(a - b) for a in counts for b in counts) / (2 * n_items**2 * mean) if mean else NAN


def novelty(one, histories):
    active = [set(history) for history in histories if history]
    bits = [-math.log2(max(1, sum(item in history for history in active)) / max(1, len(active))) for item in one]
    return sum(bits) / len(bits) if bits else NAN


def diversity(one, labels):
    known = [labels[item] for item in one if labels[item]]
    if len(known) < 2:
        return NAN
    distances = cosine_distances(MultiLabelBinarizer().fit_transform(known))
    return float(np.mean(distances[np.triu_indices(len(known), 1)]))


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (Novelty(k=3), [(1 + 1 + 2) / 3, (2 + 2 + 1) / 3, 2, 2]),
        (Novelty(k=1), [1, 2, 2, 2]),
        (Diversity(k=3), [(1 + 2 * (1 - math.sqrt(1 / 2))) / 3, 1 - math.sqrt(1 / 2), NAN, 0]),
        (Diversity(k=2), [1 - math.sqrt(1 / 2), NAN, NAN, 0]),
        (Diversity(k=1), [NAN, NAN, NAN, NAN]),
    ],
    ids=str,
)
def test_four_users_worked_by_hand(metric, expected):
    np.testing.assert_allclose(metric.per_user(four_users()), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (Coverage(k=3), 5 / 6),
        (Coverage(k=1), 4 / 6),
        # Shown 0, 1, 2, 2, 3, 3 times: -5·0 - 3·1 - 1·2 + 1·2 + 3·3 + 5·3 = 21, over 6 items × 11 places.
        (Gini(k=3), 21 / 66),
        # Shown 0, 0, 1, 1, 1, 1 times.
        (Gini(k=1), (-1 + 1 + 3 + 5) / (6 * 4)),
    ],
    ids=str,
)
def test_groups_worked_by_hand(metric, expected):
    assert metric.over_users(four_users()) == pytest.approx(expected, abs=1e-12)


@given(case=cases(), data=st.data())
def test_agrees_with_plain_python_and_scikit_learn(case, data):
    lists, histories, labels, width = case
    k = data.draw(st.integers(1, width))
    ranking, cut = ranking_of(*case), [one[:k] for one in lists]
    expected = [novelty(one, histories) for one in cut]
    np.testing.assert_allclose(Novelty(k=k).per_user(ranking), expected, rtol=0, atol=1e-9)
    if any(labels):
        expected = [diversity(one, labels) for one in cut]
        np.testing.assert_allclose(Diversity(k=k).per_user(ranking), expected, rtol=0, atol=1e-9)
    found = Coverage(k=k).over_users(ranking), Gini(k=k).over_users(ranking)
    covered = len({item for one in cut for item in one}) / len(labels) if lists else NAN
    assert found == pytest.approx((covered, gini(cut, len(labels))), abs=1e-9, nan_ok=True)


@given(case=cases(), data=st.data())
def test_in_range_and_blind_to_the_order_of_users(case, data):
    lists, histories, labels, width = case
    ranking = ranking_of(*case)
    order = np.array(data.draw(st.permutations(range(len(lists)))), dtype=np.int64)
    turned = ranking.rows(order)
    uppermost = {Novelty: math.log2(max(1, len(histories))), Diversity: 1}
    for cls, most in uppermost.items():
        if cls is Diversity and not any(labels):
            continue
        values = cls(k=width).per_user(ranking)
        np.testing.assert_array_equal(cls(k=width).per_user(turned), values[order])
        assert ((values >= 0) & (values <= most + 1e-12) | np.isnan(values)).all()
    for cls, most in {Coverage: 1, Gini: 1 - 1 / len(labels)}.items():
        value = cls(k=width).over_users(ranking)
        assert cls(k=width).over_users(turned) == pytest.approx(value, abs=0, nan_ok=True)
        assert math.isnan(value) or -1e-12 <= value <= most + 1e-12


@given(case=cases(), data=st.data())
def test_more_users_never_cover_less(case, data):
    ranking, width = ranking_of(*case), case[-1]
    some = np.array(data.draw(st.lists(st.booleans(), min_size=len(case[0]), max_size=len(case[0]))), dtype=bool)
    fewer = Coverage(k=width).over_users(ranking.rows(some))
    assert math.isnan(fewer) or fewer <= Coverage(k=width).over_users(ranking)


def test_gini_is_zero_where_all_are_shown_alike_and_highest_where_one_takes_everything():
    nothing = [set()] * 4
    assert Gini(k=2).over_users(ranking_of([[0, 1], [2, 3]], [[0]], nothing, 2)) == 0
    assert Gini(k=1).over_users(ranking_of([[2], [2], [2]], [[0]], nothing, 1)) == pytest.approx(1 - 1 / 4)


def test_a_user_who_clicks_an_item_twice_counts_once():
    once, twice = [[0], [1]], [[0, 0, 0], [1]]
    values = [Novelty(k=1).per_user(ranking_of([[0]], histories, [set()] * 2, 1)) for histories in (once, twice)]
    np.testing.assert_array_equal(*values)


@pytest.mark.parametrize("metric", [Novelty(k=3), Diversity(k=3)], ids=str)
def test_a_ranking_without_the_train_is_refused(metric):
    whole = four_users()
    bare = tailrec.Ranking(whole.items, whole.targets, whole.n_candidates)
    with pytest.raises(tailrec.InputError, match="expected a ranking that carries the train"):
        metric.per_user(bare)
