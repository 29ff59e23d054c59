"""The solutions of notebook 01 and its k-core, against other ways to the same."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from tailrec_course import EXERCISES
from tailrec_course.notebook_01 import k_core

import tailrec

tables = st.lists(st.lists(st.integers(0, 1), min_size=4, max_size=4), min_size=1, max_size=5).map(np.array)


def solution(name):
    cell = {"np": np}
    exec(EXERCISES[name].solution, cell)
    return eval(EXERCISES[name].answer, cell)


def core_by_hand(X, k):
    """Return the union of every choice of users and items in which each has k of the other."""
    n_users, n_items = X.shape
    users, items = np.zeros(n_users, dtype=bool), np.zeros(n_items, dtype=bool)
    for rows, columns in product(product([False, True], repeat=n_users), product([False, True], repeat=n_items)):
        part = X[np.array(rows)][:, np.array(columns)]
        if part.size and (part.sum(axis=1) >= k).all() and (part.sum(axis=0) >= k).all():
            users |= np.array(rows)
            items |= np.array(columns)
    return users, items


@pytest.mark.parametrize("k", [1, 2, 3])
@given(X=tables)
def test_the_k_core_is_the_largest_part_in_which_each_has_k(X, k):
    users, items = core_by_hand(X, k)
    found = k_core(csr_matrix(X), k)
    assert (found[0].tolist(), found[1].tolist()) == (users.tolist(), items.tolist())
    assert solution("01-4")(X.copy(), k) == users.sum()


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12))
def test_the_gini_coefficient_is_half_the_mean_difference_over_the_mean(lengths):
    apart = np.mean([[abs(a - b) for a in lengths] for b in lengths])
    expected = apart / 2 / np.mean(lengths)
    assert solution("01-2")(np.array(lengths)) == pytest.approx(expected)
    assert tailrec.figures.gini(lengths) == pytest.approx(expected)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12), st.data())
def test_what_a_share_owns_lies_on_the_lorenz_curve(lengths, data):
    n = data.draw(st.integers(0, len(lengths)))
    curve = tailrec.figures.compute_lorenz(lengths)
    expected = np.interp(n / len(lengths), curve["share_of_users"], curve["share_of_events"])
    assert solution("01-1")(np.array(lengths), n / len(lengths)) == pytest.approx(expected)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=3).filter(any), st.data())
def test_the_kinds_seen_are_those_of_every_draw(counts, data):
    items = [kind for kind, count in enumerate(counts) for _ in range(count)]
    n = data.draw(st.integers(1, len(items)))
    expected = np.mean([len(set(draw)) for draw in combinations(items, n)])
    assert solution("01-3")(np.array(counts), n) == pytest.approx(expected)
