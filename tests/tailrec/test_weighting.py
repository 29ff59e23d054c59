"""The weighting schemes against their formula written out."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tailrec
from tailrec import InputError, Interactions, segment_users, weights
from tailrec.weighting import SCHEMES, EffectiveNumber, InverseActivity, InversePropensity

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


# Four users with 1, 1, 2 and 4 items; the items 1 to 4 have 4, 2, 1 and 1 users.
FOUR = [("a", 1), ("b", 1), ("c", 1), ("c", 2), ("d", 1), ("d", 2), ("d", 3), ("d", 4)]


@pytest.mark.parametrize(
    ("how", "raw"),
    [
        ("inverse-activity", [1, 1, 1 / 2, 1 / 2, 1 / 4, 1 / 4, 1 / 4, 1 / 4]),
        # (1 - 1/2) / (1 - 1/2^n): 1, 2/3 and 8/15.
        ("effective-number:beta=0.5", [1, 1, 2 / 3, 2 / 3, 8 / 15, 8 / 15, 8 / 15, 8 / 15]),
        ("effective-number:beta=0", [1] * 8),
        ("inverse-propensity:exponent=1,clip=0.01", [1, 1, 1, 2, 1, 2, 4, 4]),
        ("inverse-propensity:exponent=0.5,clip=0.01", [1, 1, 1, 2**0.5, 1, 2**0.5, 2, 2]),
        ("inverse-propensity:exponent=1,clip=0.4", [1, 1, 1, 2, 1, 2, 2.5, 2.5]),
        # The three with the shortest histories are the tail, of whom two have one item.
        ("segment:names=[tail,head],weights=[2,1],rule=activity:tail=0.7", [2, 2, 2, 2, 1, 1, 1, 1]),
        ("segment:names=[tail],weights=[3],rule=activity:tail=0.7", [3, 3, 3, 3, 1, 1, 1, 1]),
        ('segment:names=[newest,tail],weights=[6,3],rule="activity:tail=0.7,newest=1"', [6, 6, 3, 3, 1, 1, 1, 1]),
        ('segment:names=[tail,newest],weights=[3,6],rule="activity:tail=0.7,newest=1"', [3, 3, 3, 3, 1, 1, 1, 1]),
        ("segment:names=[1,2-3,4+],weights=[0,0.5,2],rule=length:cuts=[1,3]", [0, 0, 0.5, 0.5, 2, 2, 2, 2]),
    ],
)
def test_on_four_users_by_hand(how, raw):
    np.testing.assert_allclose(weights(interactions(FOUR), how), np.array(raw) / np.mean(raw))


@given(EVENTS, st.floats(0, 0.999))
def test_an_event_weighs_one_by_the_sum_of_what_each_of_the_users_items_is_worth(pairs, beta):
    train = interactions(pairs)
    lengths = train.history_lengths()[train.frame["user"]]
    raw = np.array([1 / sum(beta**position for position in range(n)) for n in lengths])
    np.testing.assert_allclose(weights(train, EffectiveNumber(beta=beta)), raw / raw.mean())


@given(EVENTS)
def test_effective_number_goes_from_no_weights_to_inverse_activity(pairs):
    train = interactions(pairs)
    assert (weights(train, EffectiveNumber(beta=0.0)) == 1).all()
    np.testing.assert_allclose(weights(train, EffectiveNumber(beta=1 - 1e-9)), weights(train, "inverse-activity"))


@given(EVENTS, st.floats(0, 3), st.floats(0.001, 1))
def test_an_event_weighs_one_by_the_clipped_power_of_its_items_popularity(pairs, exponent, clip):
    train = interactions(pairs)
    buyers = {item: len({user for user, i in pairs if i == item}) for _, item in pairs}
    most = max(buyers.values())
    raw = np.array([1 / max((buyers[train.items[i]] / most) ** exponent, clip) for i in train.frame["item"]])
    found = weights(train, InversePropensity(exponent=exponent, clip=clip))
    np.testing.assert_allclose(found, raw / raw.mean())
    assert found.max() / found.min() <= 1 / clip * (1 + 1e-9)


@given(EVENTS, st.floats(0.01, 5), st.floats(0.01, 5))
def test_a_segments_weight_against_another_is_what_was_said(pairs, tail, head):
    train = interactions(pairs)
    found = weights(train, f"segment:names=[tail,head],weights=[{tail},{head}]")
    is_tail = segment_users(train)["tail"][train.frame["user"]]
    expected = np.where(is_tail, tail, head)
    np.testing.assert_allclose(found, expected / expected.mean())


def test_it_is_a_users_distinct_items_that_count():
    train = interactions([("a", 1), ("a", 1), ("a", 1), ("b", 1), ("b", 2)])
    for how in ("inverse-activity", "effective-number:beta=0.5"):
        assert weights(train, how)[0] > weights(train, how)[3]


@pytest.mark.parametrize("how", [*SCHEMES][:3] + ["segment:names=[tail,head],weights=[2,1]"])
@given(pairs=EVENTS)
def test_every_scheme_has_mean_one(how, pairs):
    assert weights(interactions(pairs), how).mean() == pytest.approx(1)


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


@pytest.mark.parametrize("named", [["tail", "head"], ["all"]])
def test_nobody_with_a_weight_is_refused_before_there_are_people(named):
    with pytest.raises(InputError, match=r"expected a positive weight for somebody, received \[0"):
        SCHEMES["segment"](names=named, weights=[0.0] * len(named))


def test_some_may_weigh_nothing():
    train = interactions([(0, 0), (0, 1), (1, 0)])
    assert weights(train, SCHEMES["segment"](names=["head"], weights=[0.0])).sum() > 0


def test_what_is_weighed_is_the_training_events():
    with pytest.raises(InputError, match=r"expected the training events, such as `split\.train`, received Split"):
        weights(tailrec.testing.tiny_split(), "inverse-activity")


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
        (lambda train: ["a"] * len(train), r"expected 3 weights, one a training event, received \['a', 'a', 'a'\]"),
        (lambda train: None, "expected 3 weights"),
        (None, "expected the name of a weighting scheme"),
        ("effective-number:beta=1", "expected `beta` to be less than 1, received '1'"),
        ("inverse-propensity:clip=0", "expected `clip` to be greater than 0, received '0'"),
        ("segment:names=[tial],weights=[2]", "rule `activity` is named `tial`; did you mean `tail`"),
        ("segment:names=[1-5],weights=[2],rule=length:cuts=[3]", "is named `1-5`; did you mean `1-3`"),
        ("segment:names=[tail,head],weights=[2]", "a weight for each, received ..tail., .head.. and .2"),
        ("segment:names=[tail,tail],weights=[2,1]", "expected different `names`"),
        ("segment:names=[tail],weights=[-1]", r"expected `weights\[0\]` to be greater than or equal to 0"),
        ("segment:names=[tail],weights=[2],rule=activty", "no segment rule is named `activty`"),
        ("segment:names=[new],weights=[2],rule=events:tail=2", "expected `tail` to be less than 1"),
    ],
)
def test_what_is_no_scheme_is_refused(how, said):
    with pytest.raises(InputError, match=said):
        weights(interactions([(0, 0), (0, 1), (1, 0)]), how)
