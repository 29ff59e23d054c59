"""The measures of a classifier, against scikit-learn."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn import metrics
from sklearn.calibration import calibration_curve
from tailrec_keras.classification import (
    area_under_roc,
    calibration_error,
    compute_accuracy_by_activity,
    compute_calibration,
    compute_roc,
    confusion,
)

from tailrec import InputError, bootstrap_interval

ROWS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 20).map(lambda n: n / 20)), min_size=1, max_size=40)


@given(ROWS)
def test_counts_and_what_follows_from_them_are_those_of_scikit_learn(rows):
    y, p = np.array(rows).T
    claimed = p > 0.5
    counts = confusion(y, p)
    tn, fp, fn, tp = metrics.confusion_matrix(y, claimed, labels=[0, 1]).ravel()
    assert tuple(counts) == (tp, fp, fn, tn)
    assert counts.accuracy == pytest.approx(metrics.accuracy_score(y, claimed))
    assert counts.precision == pytest.approx(metrics.precision_score(y, claimed, zero_division=0))
    assert counts.recall == pytest.approx(metrics.recall_score(y, claimed, zero_division=0))
    assert counts.f1 == pytest.approx(metrics.f1_score(y, claimed, zero_division=0))


@given(ROWS)
def test_the_roc_curve_and_its_area_are_those_of_scikit_learn(rows):
    y, p = np.array(rows).T
    assume(0 < y.sum() < len(y))
    assert area_under_roc(y, p) == pytest.approx(metrics.roc_auc_score(y, p))
    curve = compute_roc(y, p)
    false, true, thresholds = metrics.roc_curve(y, p, drop_intermediate=False)
    np.testing.assert_allclose(curve["false_positive_rate"], false)
    np.testing.assert_allclose(curve["true_positive_rate"], true)
    np.testing.assert_array_equal(curve["threshold"], thresholds)
    drawn = np.trapezoid(curve["true_positive_rate"], curve["false_positive_rate"])
    assert drawn == pytest.approx(area_under_roc(y, p))


@given(ROWS)
def test_the_area_is_the_share_of_the_pairs_in_order(rows):
    y, p = np.array(rows).T
    assume(0 < y.sum() < len(y))
    ones, zeros = p[y == 1], p[y == 0]
    wins = (ones[:, None] > zeros).mean() + (ones[:, None] == zeros).mean() / 2
    assert area_under_roc(y, p) == pytest.approx(wins)
    assert area_under_roc(y, 1 - p) == pytest.approx(1 - wins)


@given(ROWS, st.sampled_from([1, 2, 8, 16]))
def test_calibration_is_that_of_scikit_learn(rows, n_bins):
    y, p = np.array(rows).T
    # scikit-learn gives a probability on an edge to the bin below.
    p = np.clip(p + 0.003, 0, 1)
    observed, predicted = calibration_curve(y, p, n_bins=n_bins)
    table = compute_calibration(y, p, n_bins)
    np.testing.assert_allclose(table["observed"], observed)
    np.testing.assert_allclose(table["predicted"], predicted)
    assert table["n_rows"].sum() == len(y)
    assert ((table["low"] <= table["predicted"]) & (table["predicted"] <= table["high"] + 1e-12)).all()


def test_calibration_error_by_hand():
    y, p = [1, 0, 1, 1], [0.05, 0.05, 0.95, 1.0]
    # Two rows: said 0.05, observed 0.5; two rows: said 0.975, observed 1.
    assert calibration_error(y, p) == pytest.approx((2 * 0.45 + 2 * 0.025) / 4)
    assert calibration_error([0, 1], [0.0, 1.0]) == 0


def test_accuracy_by_activity_by_hand():
    lengths = np.array([0, 1, 2, 9, 30])
    users = np.array([0, 1, 1, 2, 2, 2, 3, 4, 4])
    labels = np.array([1, 1, 0, 1, 1, 0, 1, 0, 0])
    said = np.array([0.9, 0.2, 0.2, 0.9, 0.1, 0.1, 0.7, 0.5, 0.6])
    table = compute_accuracy_by_activity(labels, said, users, lengths, cuts=(1, 5, 10))
    assert table["history"].tolist() == ["0", "1", "2-5", "6-10", "11+"]
    assert table["n_users"].tolist() == [1, 1, 1, 1, 1]
    assert table["n_rows"].tolist() == [1, 2, 3, 1, 2]
    assert table["accuracy"].tolist() == pytest.approx([1, 1 / 2, 2 / 3, 1, 1 / 2])
    assert table["base_rate"].tolist() == pytest.approx([1, 1 / 2, 2 / 3, 1, 1])


def test_its_intervals_draw_people_not_rows():
    rng = np.random.default_rng(0)
    users = np.repeat(np.arange(30), 20)
    labels = rng.integers(2, size=600)
    # Somebody is understood or is not: their rows are right or wrong together.
    understood = rng.random(30) < 0.6
    said = np.where(understood[users], labels, 1 - labels).astype(float)
    row = compute_accuracy_by_activity(labels, said, users, np.full(30, 7), cuts=(9,)).iloc[0]
    value, low, high = bootstrap_interval(understood.astype(float))
    assert (row["accuracy"], row["low"], row["high"]) == pytest.approx((value, low, high))
    assert row["high"] - row["low"] > 0.25


def test_groups_without_a_row_are_left_out():
    table = compute_accuracy_by_activity([1], [0.9], [0], [3], cuts=(1, 2, 5))
    assert table["history"].tolist() == ["3-5"]


@pytest.mark.parametrize(
    ("labels", "numbers", "words"),
    [
        ([0, 1], [0.5], r"as many labels as predictions, each in one row, received \(2,\) and \(1,\)"),
        ([[0], [1]], [[0.5], [0.5]], "each in one row"),
        ([0, 2], [0.5, 0.5], "labels of 0 and 1"),
        ([0, 1], [0.5, np.nan], "finite"),
    ],
)
def test_what_cannot_be_measured_is_refused(labels, numbers, words):
    for measure in (confusion, area_under_roc, compute_roc, compute_calibration):
        with pytest.raises(InputError, match=words):
            measure(labels, numbers)


def test_one_kind_of_label_has_no_curve_and_a_score_is_no_probability():
    assert np.isnan(area_under_roc([1, 1], [0.1, 0.2]))
    with pytest.raises(InputError, match="labels of both kinds"):
        compute_roc([1, 1], [0.1, 0.2])
    with pytest.raises(InputError, match="probabilities from 0 to 1, received -1 to 2"):
        compute_calibration([1, 0], [2.0, -1.0])
