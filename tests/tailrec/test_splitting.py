"""The ways to split: hand-worked frames, no event from after the cut in the train, and sentences for what cannot be."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings
from scipy.sparse import csr_matrix

from tailrec import InputError, Interactions, split
from tailrec.splitting import Holdout, Temporal, default_split, from_rows

FEW = settings(max_examples=40, deadline=None)
DAY, WEEK = 86_400, 604_800
FOUR_USERS = pd.DataFrame(
    [("a", 1, 10), ("b", 1, 10), ("b", 2, 20), ("c", 3, 30), ("c", 1, 10), ("c", 2, 20)]
    + [("d", item, 10 * item) for item in range(1, 11)],
    columns=["user", "item", "timestamp"],
)


def interactions(frame, **values):
    return Interactions.from_frame(frame, timestamp="timestamp" if "timestamp" in frame else None, **values)


def items_of(data, matrix):
    """Return the ids in each row of a users × items matrix, by the user's id."""
    rows = csr_matrix(matrix)
    return {data.users[row]: set(data.items[rows[row].indices]) for row in range(data.n_users)}


def parts_of(data, parts):
    return [items_of(data, matrix) for matrix in (parts.train.matrix(), parts.validation.targets, parts.test.targets)]


def test_last_fraction_by_hand():
    data = interactions(FOUR_USERS)
    train, validation, test = parts_of(data, split(data, "last-fraction"))
    assert train == {"a": {1}, "b": {1}, "c": {1}, "d": {1, 2, 3, 4, 5, 6, 7}}
    assert validation == {"a": set(), "b": set(), "c": {2}, "d": {8}}
    assert test == {"a": set(), "b": {2}, "c": {3}, "d": {9, 10}}


def test_a_large_test_leaves_a_train_and_a_validation():
    data = interactions(FOUR_USERS)
    train, validation, test = parts_of(data, split(data, "last-fraction:test=0.9,validation=0.05"))
    assert train == {"a": {1}, "b": {1}, "c": {1}, "d": {1}}
    assert validation == {"a": set(), "b": set(), "c": {2}, "d": {2}}
    assert test == {"a": set(), "b": {2}, "c": {3}, "d": set(range(3, 11))}


def test_leave_last_out_by_hand():
    data = interactions(FOUR_USERS)
    train, validation, test = parts_of(data, split(data, "leave-last-out"))
    assert train == {"a": {1}, "b": {1}, "c": {1}, "d": set(range(1, 9))}
    assert validation == {"a": set(), "b": set(), "c": {2}, "d": {9}}
    assert test == {"a": set(), "b": {2}, "c": {3}, "d": {10}}


def test_random_has_the_sizes_of_last_fraction():
    data = interactions(FOUR_USERS)
    sizes = [[{user: len(items) for user, items in part.items()} for part in parts_of(data, split(data, how))]
             for how in ("random", "random:seed=1", "last-fraction")]  # fmt: skip
    assert sizes[0] == sizes[1] == sizes[2]


def test_the_first_events_of_time_are_the_train_where_no_window_is_given():
    frame = pd.DataFrame({"user": [0, 1] * 5, "item": range(10), "timestamp": range(10)})
    data = interactions(frame)
    train, validation, test = parts_of(data, split(data, "temporal"))
    assert [set.union(*part.values()) for part in (train, validation, test)] == [set(range(8)), {8}, {9}]


def test_weeks_are_counted_from_midnight_of_the_first_day():
    # The first event is at noon of day 3; week 1 begins at midnight of day 10, not at noon.
    moments = {
        "noon of day 3": 3.5,
        "just before week 1": 10 - 1 / DAY,
        "the first second of week 1": 10.0,
        "noon of day 10": 10.5,
        "the last second of week 1": 17 - 1 / DAY,
        "the first second of week 2": 17.0,
        "after the test": 24.0,
    }
    frame = pd.DataFrame({"user": 0, "item": list(moments), "timestamp": [day * DAY for day in moments.values()]})
    data = interactions(frame)
    parts = parts_of(data, split(data, "temporal:train=1,validation=1,test=1"))
    named = list(moments)
    assert [part[0] for part in parts] == [set(named[:2]), set(named[2:5]), {named[5]}]
    later = parts_of(data, split(data, "temporal", start=1.0, train=1.0, validation=0.0, test=1.0))
    assert [part[0] for part in later] == [set(named[2:5]), set(), {named[5]}]


@pytest.mark.parametrize(("unit", "seconds"), [("second", 1), ("hour", 3600), ("day", DAY), ("week", WEEK)])
def test_every_unit_has_its_length(unit, seconds):
    start = 5 * DAY
    times = [start + step * seconds for step in (0, 1.5, 2, 2.5, 3, 4)]
    data = interactions(pd.DataFrame({"user": 0, "item": range(6), "timestamp": times}))
    parts = parts_of(data, split(data, f"temporal:train=2,validation=1,test=1,unit={unit}"))
    assert [part[0] for part in parts] == [{0, 1}, {2, 3}, {4}]


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (9, "expected events in the train window, found none between week 9 and 10; the data spans 3.143 weeks"),
        (3, "expected events in the test window, found none between week 5 and 6; the data spans 3.143 weeks"),
    ],
)
def test_an_empty_window_is_said(start, said):
    frame = pd.DataFrame({"user": range(23), "item": 0, "timestamp": [day * DAY for day in range(23)]})
    with pytest.raises(InputError, match=f"temporal: {said}"):
        split(interactions(frame), f"temporal:start={start},train=1,validation=1,test=1")


@pytest.mark.parametrize("how", ["temporal:train=4", "temporal:train=4,test=1", "temporal:start=3"])
def test_a_window_needs_all_its_lengths(how):
    with pytest.raises(InputError, match="temporal: expected `train`, `validation` and `test` together, received"):
        split(interactions(FOUR_USERS), how)


def test_a_window_may_be_given_partly_by_keyword():
    frame = pd.DataFrame({"user": 0, "item": range(3), "timestamp": [0, 1, 2]})
    data = interactions(frame)
    parts = split(data, "temporal:train=1,unit=second", validation=1.0, test=1.0)
    assert [part[0] for part in parts_of(data, parts)] == [{0}, {1}, {2}]


def test_events_of_one_moment_keep_the_order_of_the_source():
    frame = pd.DataFrame({"user": 0, "item": ["z", "y", "x", "w"], "timestamp": [5, 5, 5, 5]})
    data = interactions(frame)
    train, validation, test = parts_of(data, split(data, "leave-last-out"))
    assert (train[0], validation[0], test[0]) == ({"z", "y"}, {"x"}, {"w"})
    again = interactions(frame.iloc[::-1])
    assert parts_of(again, split(again, "leave-last-out"))[2][0] == {"z"}


def test_a_product_bought_again_is_not_asked_for():
    frame = pd.DataFrame({"user": 0, "item": [1, 2, 3, 1, 3, 4], "timestamp": range(6)})
    data = interactions(frame)
    rows = [np.isin(np.arange(6), part) for part in ([0, 1], [2, 3], [4, 5])]
    parts = from_rows(data, *rows)
    assert [part[0] for part in parts_of(data, parts)] == [{1, 2}, {3}, {4}]
    assert items_of(data, parts.test.masked)[0] == {1, 2, 3}


def test_the_given_test_is_the_test_and_the_rest_is_the_train():
    data = Interactions.from_frame(
        pd.DataFrame({"user": ["a", "a", "b"], "item": [1, 2, 1]}),
        test=pd.DataFrame({"user": ["b", "c", "a"], "item": [3, 1, 1]}),
    )
    with pytest.warns(UserWarning, match="given: 1 of the 3 pairs of the given test stand in the train"):
        parts = split(data, "given")
    train, validation, test = parts_of(data, parts)
    assert train == {"a": {1, 2}, "b": {1}, "c": set()}
    assert validation == {"a": set(), "b": set(), "c": set()}
    assert test == {"a": set(), "b": {3}, "c": {1}}
    assert parts.train.given_test is None
    with pytest.raises(InputError, match="given: expected data that came with a test"):
        split(interactions(FOUR_USERS), "given")


def test_a_validation_beside_the_given_test_is_a_random_share_of_each_user():
    frame = pd.DataFrame(
        {"user": np.repeat(range(4), [1, 2, 10, 30]), "item": [*range(1), *range(2), *range(10), *range(30)]}
    )
    data = Interactions.from_frame(frame, test=pd.DataFrame({"user": [0], "item": [40]}))
    parts = split(data, "given:validation=0.1")
    assert np.diff(parts.validation.targets.indptr).tolist() == [0, 1, 1, 3]
    assert len(parts.train) + parts.validation.targets.nnz == len(data)
    other = split(data, "given:validation=0.1,seed=1")
    assert (parts.validation.targets != other.validation.targets).nnz > 0
    assert items_of(data, parts.test.targets)[0] == {40}


def test_a_random_split_depends_on_its_seed_alone_and_takes_every_place():
    data = Interactions.from_frame(pd.DataFrame({"user": np.repeat(range(200), 10), "item": list(range(10)) * 200}))
    first, same, other = (split(data, "random", seed=seed).test.targets for seed in (0, 0, 1))
    assert (first != same).nnz == 0 and (first != other).nnz > 0
    # Each place in a history is as likely as any other: 40 of 200, by 5 standard deviations.
    assert np.abs(np.asarray(first.sum(axis=0)).ravel() - 40).max() < 5 * np.sqrt(200 * 0.2 * 0.8)


@pytest.mark.parametrize("how", ["last-fraction", "leave-last-out"])
def test_data_without_order_is_split_with_a_warning(how):
    data = interactions(FOUR_USERS.drop(columns="timestamp"))
    with pytest.warns(UserWarning, match=f"{how}: the data has no timestamps.*use `random`"):
        split(data, how)
    split(interactions(FOUR_USERS.drop(columns="timestamp"), ordered=True), how)
    split(data, "random")


def test_a_cut_in_time_needs_timestamps():
    with pytest.raises(InputError, match="temporal: expected data with timestamps, received <Interactions: 4 users"):
        split(interactions(FOUR_USERS.drop(columns="timestamp"), ordered=True), "temporal")


def test_a_split_that_leaves_nothing_is_said():
    single = pd.DataFrame({"user": [0, 1], "item": [0, 1], "timestamp": [1, 1]})
    for how, received in (("leave-last-out", "2 and 0"), ("last-fraction", "2 and 0"), ("temporal", "0 and 2")):
        with pytest.raises(InputError, match=f"expected events in the train and in the test.* leaves {received}"):
            split(interactions(single), how)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("leave-last", "no split is named `leave-last`; did you mean `leave-last-out`"),
        ("last-fraction:test=1.5", "last-fraction: expected `test` to be less than 1, received '1.5'"),
        ("last-fraction:test=0.6,validation=0.4", "expected `test` and `validation` to leave something to train on"),
        ("random:tst=0.1", "random: unknown parameter `tst`; did you mean `test`"),
        ("temporal:unit=month", "temporal: expected `unit` to be 'second', 'hour', 'day' or 'week', received 'month'"),
        (3, "expected the name of a split .* or an object of one, received 3"),
        (Temporal, "or an object of one, received <class"),
    ],
)
def test_what_is_no_split_is_refused(how, said):
    with pytest.raises(InputError, match=said):
        split(interactions(FOUR_USERS), how)


def test_the_split_that_fits_the_data_is_chosen_where_none_is_named():
    without = FOUR_USERS.drop(columns="timestamp")
    assert default_split(interactions(FOUR_USERS)) == "last-fraction"
    assert default_split(interactions(without)) == "random"
    assert default_split(interactions(without, ordered=True)) == "last-fraction"
    assert default_split(interactions(FOUR_USERS, test=FOUR_USERS.head(1))) == "given"


def test_a_holdout_knows_the_histories_behind_it():
    data = interactions(FOUR_USERS)
    parts = split(data, "leave-last-out")
    assert parts.test.history_lengths().tolist() == parts.train.history_lengths().tolist() == [1, 1, 1, 8]
    assert Holdout(parts.test.targets, parts.validation.masked).history_lengths().tolist() == [1, 1, 1, 8]
    assert repr(parts) == "<Split: 11 training events, 2 validation targets, 3 test targets>"
