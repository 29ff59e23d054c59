"""`Interactions`, against loops over the rows."""

import re
from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrec import InputError, Interactions

EVENTS = pd.DataFrame({"user": ["b", "a", "a", "b"], "item": [7, 7, 9, 7], "stars": [1, 2, 3, 4], "time": [3, 2, 1, 3]})


@pytest.fixture
def data():
    return Interactions.from_frame(EVENTS, rating="stars", timestamp="time", title="four", licence="free")


def test_events_are_coded_and_a_users_oldest_first(data):
    assert data.users.tolist() == ["a", "b"] and data.items.tolist() == [7, 9]
    assert data.frame.to_dict("list") == {
        "user": [0, 0, 1, 1], "item": [1, 0, 0, 0], "rating": [3.0, 2.0, 1.0, 4.0], "timestamp": [1, 2, 3, 3],
    }  # fmt: skip
    assert [str(kind) for kind in data.frame.dtypes] == ["int32", "int32", "float32", "int64"]
    assert data.ordered and (data.title, data.licence) == ("four", "free")
    assert repr(data) == "<Interactions: 2 users, 2 items, 4 events, with rating and timestamp>"


def test_the_table_that_came_is_left_alone():
    before = EVENTS.copy()
    Interactions.from_frame(EVENTS, rating="stars", timestamp="time")
    pd.testing.assert_frame_equal(EVENTS, before)


def test_without_a_time_the_order_is_the_sources_and_not_known_to_be_true():
    data = Interactions.from_frame(EVENTS[["user", "item"]], duplicates="drop")
    assert data.frame.to_numpy().tolist() == [[0, 0], [0, 1], [1, 0]]
    assert not data.ordered
    assert Interactions.from_frame(EVENTS[["user", "item"]], duplicates="keep", ordered=True).ordered


def test_the_matrix_is_one_or_the_sum_of_the_weights(data):
    assert data.matrix().toarray().tolist() == [[1, 1], [1, 0]] and data.matrix().dtype == np.float32
    weighted = data.matrix(weights=np.array([0.5, 1.0, 2.0, 3.0]))
    assert weighted.toarray().tolist() == [[1.0, 0.5], [5.0, 0.0]] and weighted.dtype == np.float32
    with pytest.raises(InputError, match=r"one weight a row of the frame, 4, received the shape \(3,\)"):
        data.matrix(weights=np.ones(3))


def test_what_it_has():
    features = pd.DataFrame({"genres": ["x", "y"]}, index=[7, 9])
    data = Interactions.from_frame(EVENTS, timestamp="time", duplicates="keep", item_features=features)
    known = ["ratings", "timestamps", "order", "item-features", "user-features", "genres", "text"]
    assert {what: data.has(what) for what in known} == {
        "ratings": False, "timestamps": True, "order": True, "item-features": True, "user-features": False,
        "genres": True, "text": False,
    }  # fmt: skip


def test_a_selection_keeps_the_coding(data):
    for rows in (np.array([False, True, False, True]), np.array([1, 3])):
        some = data.select(rows)
        assert some.frame["rating"].tolist() == [2.0, 4.0] and some.frame.index.tolist() == [0, 1]
        assert some.users is data.users and some.given_test is None
    nobody = data.select(np.zeros(4, dtype=bool))
    assert nobody.history_lengths().tolist() == [0, 0] and nobody.item_counts().tolist() == [0, 0]
    assert [len(history) for history in nobody.histories()] == [0, 0]


def test_the_given_test_shares_the_coding():
    test = pd.DataFrame({"user": ["c", "a"], "item": [8, 7]})
    data = Interactions.from_frame(EVENTS, rating="stars", timestamp="time", test=test)
    assert data.users.tolist() == ["a", "b", "c"] and data.items.tolist() == [7, 8, 9]
    assert data.given_test.to_dict("list") == {"user": [0, 2], "item": [0, 1]}
    assert data.history_lengths().tolist() == [2, 1, 0]


def test_everything_is_given_as_columns_by_their_names():
    data = Interactions.from_frame(
        {"user": [0, 1], "item": [3, 4]},
        item_features={"item": [4, 3], "genres": ["b", "a"]},
        user_features={"user": [0, 1], "age": [30, 40]},
        test={"user": [0], "item": [4]},
    )
    assert data.item_features["genres"].tolist() == ["a", "b"] and data.user_features["age"].tolist() == [30, 40]
    assert data.given_test.to_dict("list") == {"user": [0], "item": [1]}


def test_a_description(data):
    described = data.describe()
    assert (described["users"], described["items"], described["events"], described["pairs"]) == (2, 2, 4, 3)
    assert described["density"] == 0.75 and described["history_median"] == 1.5
    # Lengths 2 and 1: the mean absolute difference over pairs, 0.5, over twice the mean, 3.
    assert described["gini_of_users"] == pytest.approx(0.5 / 3)


@pytest.mark.parametrize(
    ("table", "values", "pattern"),
    [
        ({"usr": [1], "item": [1]}, {}, "ratings.csv: expected a column `user`"),
        ({"user": [], "item": []}, {}, "ratings.csv: expected at least one event"),
        ({"user": [1, 1], "item": [2, 2]}, {}, "line 3: expected every row once.*repeats line 2"),
        ({"user": [1, None], "item": [2, 2]}, {}, "line 3: expected an id in column `user`"),
        ({"user": [1], "item": [2], "r": ["x"]}, {"rating": "r"}, "line 2: expected a finite number in column `r`"),
        ({"user": [1], "item": [2], "t": [-1]}, {"timestamp": "t"}, "line 2: expected a time that is not negative"),
        ({"user": [1], "item": [2]}, {"duplicates": "dorp"}, "`duplicates` to be error, .* received 'dorp'"),
        ({"user": [1], "item": [2]}, {"test": pd.DataFrame({"user": [1]})}, "test of .*: expected a column `item`"),
        ({"user": [1], "item": [2]}, {"test": pd.DataFrame({"user": [1], "item": ["a"]})}, "received 2 and 'a'"),
        ({"user": [1], "item": [2]}, {"test": pd.DataFrame({"user": [1, 1], "item": [2, 2]})}, "test of .* row 1: "),
        ({"user": [1], "item": [2]}, {"test": [(1, 2)]}, "test of .*: expected a column `user`"),
        ({"user": [1], "item": [2]}, {"test": {"user": [1], "item": []}}, "test of .*: .* columns of one length"),
        ({"user": [1], "item": [2]}, {"test": 3}, "test of .*: expected a table, .* received int"),
        ({"user": [1], "item": [2]}, {"item_features": {"item": [2], "a": []}}, "item features: .* one length"),
        ({"user": [1], "item": [2]}, {"title": 3}, "expected `title` and `licence` to be text, received 3"),
        (
            {"user": [1], "item": [2]},
            {"test": pd.DataFrame({"user": [1, 1], "item": [2, 2]}), "test_source": "t.csv", "test_first_line": 5},
            "t.csv, line 6: .*repeats line 5",
        ),
    ],
)  # fmt: skip
def test_what_is_refused(table, values, pattern):
    with pytest.raises(InputError) as caught:
        Interactions.from_frame(pd.DataFrame(table), source="ratings.csv", first_line=2, **values)
    assert re.search(pattern, str(caught.value)), str(caught.value)


ROWS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 9)), min_size=1, max_size=60)


@given(ROWS, st.sampled_from([int, str, "U{}".format]))
def test_nothing_is_lost_in_coding(rows, spell):
    rows = [(spell(user), spell(item), time) for user, item, time in rows]
    table = pd.DataFrame(rows, columns=["user", "item", "time"])
    data = Interactions.from_frame(table, timestamp="time", duplicates="keep")
    decoded = zip(data.users[data.frame["user"]], data.items[data.frame["item"]], data.frame["timestamp"], strict=True)
    assert list(decoded) == sorted(rows, key=lambda row: (row[0], row[2]))
    histories = defaultdict(list)
    for user, item, _ in sorted(rows, key=lambda row: row[2]):
        histories[user].append(item)
    assert {u: data.items[h].tolist() for u, h in zip(data.users, data.histories(), strict=True)} == histories
    assert data.history_lengths().tolist() == [len(set(histories[user])) for user in data.users]
    buyers = [len({user for user in histories if item in histories[user]}) for item in data.items]
    assert data.item_counts().tolist() == buyers
