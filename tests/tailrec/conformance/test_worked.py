"""The rankings that metrics are measured on: everything in them follows from the orders."""

import numpy as np
import pytest

import tailrec
from tailrec.conformance.checks import Fault
from tailrec.conformance.results_of_metrics import _moved_up, _targets_first
from tailrec.conformance.worked import agree, drawn


@pytest.mark.parametrize("short", [False, True])
@pytest.mark.parametrize("k", [1, 3, 10])
def test_a_drawn_ranking_is_one_that_the_ranker_makes(k, short):
    orders = drawn(0, k, short=short)
    ranking, n_items = orders.ranking(), orders.train.n_items
    scores = np.full((len(orders.candidates), n_items), -np.inf)
    for row, order in enumerate(orders.candidates):
        scores[row, order] = -np.arange(len(order))
    assert (ranking.items == tailrec.top_k(scores, k)).all()
    assert ranking.n_candidates.tolist() == [len(order) for order in orders.candidates]
    for row, ranks in enumerate(ranking.target_ranks):
        assert (orders.candidates[row][ranks - 1] == ranking.targets[row].indices).all()
    had = orders.train.matrix().toarray() > 0
    assert not any(had[row, order].any() for row, order in enumerate(orders.candidates))
    assert (ranking.n_targets == 0).any() and ranking.hits.any()
    assert (ranking.items < 0).any() == (short and k > 2)


def test_other_codes_change_nothing_but_the_codes():
    orders = drawn(1, 4)
    codes = np.random.default_rng(0).permutation(orders.train.n_items)
    one, other = orders.ranking(), orders.relabelled(codes).ranking()
    assert (codes[one.items] == other.items).all() and (one.hits == other.hits).all()
    assert (one.train.item_counts() == other.train.item_counts()[codes]).all()
    assert (one.train.item_features["genres"].to_numpy() == other.train.item_features["genres"].to_numpy()[codes]).all()
    assert sorted(map(sorted, one.target_ranks)) == sorted(map(sorted, other.target_ranks))


def test_a_target_is_moved_up_where_a_miss_stands_above_it():
    order, wanted = np.array([5, 7, 2, 9]), np.array([2, 9])
    assert _moved_up(order, wanted, 2).tolist() == [5, 2, 7, 9]
    assert _moved_up(order, wanted, 3).tolist() == _moved_up(order, wanted, 1).tolist() == [5, 7, 2, 9]
    assert _targets_first(order, wanted).tolist() == [2, 9, 5, 7]


def test_values_agree_to_the_last_digits_and_nan_with_nan():
    agree(np.array([1.0, np.nan]), np.array([1.0 + 1e-12, np.nan]), "they differ")
    with pytest.raises(Fault, match="they differ: user 1: 2 and nan"):
        agree(np.array([1.0, 2.0]), np.array([1.0, np.nan]), "they differ")
    with pytest.raises(Fault, match=r"the shape was \(1,\) and is \(2,\)"):
        agree(np.zeros(1), np.zeros(2), "they differ")


def test_the_four_users_are_those_of_the_table():
    ranking = tailrec.testing.four_users()
    assert ranking.hits.astype(int).tolist() == [[1, 0, 1], [0, 0, 0], [0, 1, 0], [0, 0, 0]]
    assert [ranks.tolist() for ranks in ranking.target_ranks] == [[1, 3], [4], [2], []]
    assert ranking.train.item_counts().tolist() == [4, 2, 2, 1, 0, 0]
