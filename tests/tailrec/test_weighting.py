"""The weighting schemes against their formula written out."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrec import InputError, Interactions, weights
from tailrec.weighting import InverseActivity

EVENTS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 8)), min_size=1, max_size=40)


def interactions(pairs):
    return Interactions.from_frame(pd.DataFrame(pairs, columns=["user", "item"]), duplicates="keep")


def test_by_hand():
    train = interactions([("a", 1), ("b", 1), ("b", 2), ("b", 3), ("b", 4)])
    assert weights(train, "inverse-activity").tolist() == [2.5, 0.625, 0.625, 0.625, 0.625]
    # 4 ** -0.5 is a half: 1 and four halves, whose mean is 0.6.
    np.testing.assert_allclose(weights(train, "inverse-activity:exponent=0.5"), np.array([1, 0.5, 0.5, 0.5, 0.5]) / 0.6)


@given(EVENTS, st.floats(0, 3))
def test_each_event_weighs_its_users_number_of_items_to_the_minus_exponent(pairs, exponent):
    train = interactions(pairs)
    rows = [
        (train.users[user], train.items[item])
        for user, item in zip(train.frame["user"], train.frame["item"], strict=True)
    ]
    raw = [len({i for u, i in rows if u == user}) ** -exponent for user, _ in rows]
    np.testing.assert_allclose(weights(train, InverseActivity(exponent=exponent)), np.array(raw) / np.mean(raw))


@given(EVENTS, st.floats(0, 3))
def test_the_mean_over_the_events_is_one(pairs, exponent):
    found = weights(interactions(pairs), InverseActivity(exponent=exponent))
    assert found.dtype == np.float64 and found.shape == (len(pairs),)
    assert found.mean() == pytest.approx(1) and (found > 0).all()


@given(EVENTS)
def test_exponent_zero_weighs_every_event_the_same(pairs):
    assert (weights(interactions(pairs), "inverse-activity:exponent=0") == 1).all()


@given(EVENTS.map(lambda pairs: sorted(set(pairs))))
def test_exponent_one_gives_every_user_the_same_total(pairs):
    train = interactions(pairs)
    totals = np.bincount(train.frame["user"], weights=weights(train, "inverse-activity"))
    np.testing.assert_allclose(totals, totals[0])


def test_a_scheme_of_ones_own_is_brought_to_mean_one():
    train = interactions([(0, 0), (0, 1), (1, 0)])
    assert weights(train, lambda train: np.array([1, 2, 3])).tolist() == [0.5, 1.0, 1.5]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("inverse-activty", "no weighting scheme is named `inverse-activty`; did you mean `inverse-activity`"),
        ("inverse-activity:exponent=-1", "expected `exponent` to be greater than or equal to 0, received '-1'"),
        ("inverse-activity:exponent=nan", "expected `exponent` to be a finite number, received 'nan'"),
        (lambda train: np.ones(2), "expected 3 weights, one a training event"),
        (lambda train: np.array([1, np.nan, 1]), "finite and not negative"),
        (
            lambda train: np.array([1, -1, 1]),
            "some of them positive; received .* from -1 to 1",
        ),
        (lambda train: np.zeros(3), "some of them positive"),
        (None, "expected the name of a weighting scheme"),
    ],
)
def test_what_is_no_scheme_is_refused(how, said):
    with pytest.raises(InputError, match=said):
        weights(interactions([(0, 0), (0, 1), (1, 0)]), how)
