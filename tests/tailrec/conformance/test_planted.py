"""The made-up data are what they are said to be, and the share of pairs is scikit-learn's area under the curve."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.metrics import roc_auc_score

from tailrec.conformance.comparing import auc, shown
from tailrec.conformance.planted import only, planted_leak, planted_taste, two_camps, with_holes


@given(st.integers(0, 10_000))
def test_the_share_of_pairs_is_the_area_under_the_curve_of_the_candidates(seed):
    rng = np.random.default_rng(seed)
    scores, kinds = rng.integers(5, size=(1, 12)).astype(float), rng.permutation([0, 0, 0, 1, 1, 2, 2, 2, 2, 2, 2, 2])
    targets, masked = csr_matrix((kinds == 1)[None]), csr_matrix((kinds == 0)[None])
    expected = roc_auc_score(kinds[kinds > 0] == 1, scores[0, kinds > 0])
    assert auc(scores, targets, masked)[0] == pytest.approx(expected)


def _own(matrix, tastes):
    rows, items = matrix.nonzero()
    return np.mean(items % 2 == tastes[rows])


def test_most_of_what_is_planted_is_of_the_users_own_taste():
    split = planted_taste()
    tastes = np.arange(80) % 2
    for matrix in (split.train.matrix(), split.validation.targets, split.test.targets):
        assert 0.8 < _own(matrix, tastes) < 1.0
    assert split.validation.targets.getnnz(axis=1).tolist() == [3] * 80
    assert (
        split.test.targets.multiply(split.test.masked).nnz
        == split.validation.targets.multiply(split.train.matrix()).nnz
        == 0
    )
    assert split.train.history_lengths().min() >= 6 and split.train.history_lengths().max() <= 14
    assert len(split.train) > split.train.matrix().nnz, "some come back to an item"
    assert (split.train.item_counts() > 0).all()


def test_the_train_of_the_leak_says_nothing_and_its_targets_everything():
    split = planted_leak()
    asked = split.validation.targets
    tastes = np.array([row.indices[0] % 2 for row in asked])
    removed = split.validation.masked - split.train.matrix()
    assert tastes.mean() == 0.5
    assert _own(asked, tastes) == _own(split.test.targets, tastes) == _own(removed, tastes) == 1.0
    rows, items = split.train.matrix().nonzero()
    own = items % 2 == tastes[rows]
    assert abs(own.mean() - 0.5) < 3 * 0.5 / np.sqrt(len(own))
    overlaps = (asked.multiply(split.validation.masked), split.test.targets.multiply(split.test.masked))
    assert [one.nnz for one in overlaps] == [0, 0]


def test_the_undecided_of_two_camps_have_nothing_of_either():
    camps = two_camps()
    matrix = camps.split.train.matrix().toarray()
    assert matrix[camps.undecided][:, 4:].sum() == 0
    assert matrix[:, camps.of_first].sum() == matrix[:, camps.of_second].sum() == 25 * 4
    assert not (camps.is_first & camps.is_second).any()
    assert camps.is_first.sum() == camps.is_second.sum() == 25 * 6


def test_the_holes_are_the_first_and_the_last_and_one_between():
    train = with_holes().train
    assert np.flatnonzero(train.history_lengths() == 0).tolist() == [0, 17, 39]
    assert {0, 13, 29} <= set(np.flatnonzero(train.item_counts() == 0))


@pytest.mark.parametrize("word", ["ratings", "timestamps", "order", "item-features", "user-features", "price"])
def test_bare_data_carry_what_is_required_and_nothing_else(word):
    data = planted_taste(["price"]).train
    bare = only(data, frozenset({word}))
    assert bare.has(word) and not only(data, frozenset()).has(word)
    others = {"ratings", "timestamps", "item-features", "user-features"} - {word}
    beside = {"timestamps"} if word == "order" else {"item-features"} if word == "price" else set()
    assert {other for other in others if bare.has(other)} == beside


def test_two_numbers_are_written_with_as_many_digits_as_tell_them_apart():
    assert shown(0.31, 0.29) == ("0.31", "0.29")
    assert shown(1.000001, 1.000002) == ("1.000001", "1.000002")
    assert shown(1.0, 1.0) == ("1", "1")
