"""Breadth: entropies against scipy, the rarefied one against the exact expectation, and no bias where there is none."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy as scipy_entropy
from scipy.stats import hypergeom, linregress
from tailrec_course.notebook_01 import bits_per_doubling, compute_breadth, entropy, shuffled
from tailrec_course.notebook_01.breadth_figure import compute_by_fifth, draw_breadth

KINDS = np.eye(4)[[0, 0, 0, 1, 1, 2, 3, 3, 3, 3]]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=8).filter(any))
def test_entropy_is_scipys(counts):
    assert entropy(counts) == pytest.approx(scipy_entropy(counts, base=2), abs=1e-12)


def exact_rarefied(counts, n):
    """Return the expected entropy of n items of one kind each: a kind's count is hypergeometric."""
    total = 0.0
    for count in counts:
        for seen in range(1, n + 1):
            p = seen / n
            total -= hypergeom.pmf(seen, sum(counts), count, n) * p * np.log2(p)
    return total


@pytest.mark.parametrize("n", [2, 4, 10])
def test_the_rarefied_entropy_is_its_expectation(n):
    table = compute_breadth([np.arange(10)], KINDS, n, draws=4000)
    assert table["rarefied"][0] == pytest.approx(exact_rarefied([3, 2, 1, 4], n), abs=0.02)


def test_the_columns_by_hand():
    table = compute_breadth([np.arange(10), np.array([0]), np.array([0, 3])], KINDS, n=2)
    assert table.index.tolist() == [0, 2] and table["length"].tolist() == [10, 2]
    plain = scipy_entropy([3, 2, 1, 4], base=2)
    np.testing.assert_allclose(table["naive"], [plain, 1.0])
    # (m - 1) / 2N nats: three more kinds than one in ten draws, one more in two.
    np.testing.assert_allclose(table["miller_madow"], [plain + 3 / 20 / np.log(2), 1 + 1 / 4 / np.log(2)])
    assert table["rarefied"][2] == pytest.approx(1.0)  # all of it


def test_items_of_several_kinds_and_of_none():
    kinds = np.array([[1, 1], [0, 0], [1, 0]])
    table = compute_breadth([np.array([0, 1]), np.array([2, 1])], kinds, n=1, draws=50)
    # Draws that hold no kind are left out; a film of two kinds is one bit by itself.
    np.testing.assert_allclose(table["rarefied"], [1.0, 0.0])


def test_shuffling_keeps_lengths_and_items():
    histories = [np.arange(5), np.array([7, 7]), np.array([9])]
    dealt = shuffled(histories, seed=3)
    assert [len(one) for one in dealt] == [5, 2, 1]
    assert sorted(np.concatenate(dealt)) == sorted(np.concatenate(histories))
    assert any((one != other).any() for one, other in zip(dealt, histories, strict=True))
    assert all((a == b).all() for a, b in zip(dealt, shuffled(histories, seed=3), strict=True))


def test_where_taste_is_the_same_only_the_rarefied_entropy_says_so():
    rng = np.random.default_rng(0)
    kinds = np.eye(12)[rng.integers(0, 12, 400)]
    histories = [rng.integers(0, 400, length) for length in np.repeat([5, 8, 13, 21, 34, 55], 60)]
    table = compute_breadth(histories, kinds, n=5)
    found = {name: bits_per_doubling(table["length"], table[name]) for name in ("naive", "miller_madow", "rarefied")}
    assert found["naive"].low > 0.2 and found["miller_madow"].low > 0.05
    assert found["rarefied"].low < 0 < found["rarefied"].high


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=3, max_size=20))
def test_the_slope_is_that_of_a_regression(pairs):
    length, breadth = zip(*pairs, strict=True)
    if len(set(length)) > 1:
        expected = linregress(np.log2(length), breadth).slope
        assert bits_per_doubling(length, breadth, resamples=20).value == pytest.approx(expected, abs=1e-9)


def test_the_interval_holds_and_narrows():
    rng = np.random.default_rng(1)
    length, noise = rng.integers(1, 99, 400), rng.random(400)
    few, many = (bits_per_doubling(length[:n], np.log2(length[:n]) + noise[:n]) for n in (40, 400))
    assert few.low < 1 < few.high and many.low < 1 < many.high
    assert many.high - many.low < 0.5 * (few.high - few.low)


def test_the_picture_shows_the_means_of_fifths():
    rng = np.random.default_rng(0)
    table = compute_breadth([rng.integers(0, 10, n) for n in range(4, 44)], KINDS, n=4)
    groups = compute_by_fifth(table)
    assert groups["n_people"].tolist() == [8] * 15
    by_hand = table.sort_values("length")["naive"].to_numpy().reshape(5, 8).mean(axis=1)
    np.testing.assert_allclose(groups.loc[groups["measure"] == "naive", "value"], by_hand)
    figure = draw_breadth({"as they are": table, "shuffled": table})
    figure.draw_without_rendering()
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["as they are", "shuffled"]
    (lines, _, _), *_ = figure.axes[0].containers
    np.testing.assert_allclose(lines.get_ydata(), by_hand)


def test_an_empty_table_has_its_columns():
    assert isinstance(compute_breadth([np.array([0])], KINDS, n=2), pd.DataFrame)
