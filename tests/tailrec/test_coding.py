"""Ids of any tables to one coding."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrec.coding import align, ids, in_order
from tailrec.columns import Column
from tailrec.errors import InputError


def column(values):
    return Column(pd.Series(values, name="c"), "file", 10)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([7, 3, 7], "i"),
        ([7.0, 3.0, 7.0], "i"),
        (np.array([7, 3, 7], dtype=np.uint8), "i"),
        (np.array([7, 3, 7], dtype=object), "i"),
        (np.array([7, 3.0, 7], dtype=object), "i"),
        (pd.array([7, 3, 7], dtype="Int64"), "i"),
        (pd.Categorical([7, 3, 7], categories=[1, 3, 7]), "i"),
        (["b", "a", "b"], "O"),
        (np.array(["b", "a", "b"], dtype=object), "O"),
        (pd.Categorical(["b", "a", "b"], categories=["c", "a", "b"]), "O"),
    ],
)
def test_ids_are_whole_numbers_or_text(values, kind):
    codes, distinct = ids(column(values))
    assert distinct.dtype.kind == kind and len(distinct) == 2
    assert distinct[codes].tolist() == list(values)


@pytest.mark.parametrize(
    ("values", "pattern"),
    [
        (["a", None], "line 11: expected an id in column `c`, received nothing"),
        ([1, np.nan], "line 11: expected an id .*nothing"),
        (pd.array([1, None], dtype="Int64"), "line 11: expected an id .*nothing"),
        (pd.Categorical(["a", None]), "line 11: expected an id .*nothing"),
        ([1, 1, 2.5], "line 12: expected an id that is text or a whole number .*2.5"),
        ([1.0, np.inf], "line 11: .*whole number.* inf"),
        ([1.0, 2.0**53 + 2], "line 11: .*whole number.* 9007199254740994"),
        (np.array([3, 2**63 + 5], dtype=np.uint64), "line 11: .*at most 64 bits.*9223372036854775813"),
        (np.array([3, 2**70], dtype=object), "line 11: .*at most 64 bits"),
        (
            np.array([1, 1, "a"], dtype=object),
            "line 12: expected ids of one type, all like 1, .*'a'; make",
        ),
        (np.array(["a", 1], dtype=object), "line 11: expected ids of one type, all like 'a', .* received 1;"),
        ([True, False], "line 10: .*text or a whole number.* True"),
        ([b"a"], "line 10: .*text or a whole number.* b'a'"),
        ([(1, 2)], "line 10: .*text or a whole number"),
        ([[1, 2]], "line 10: .*text or a whole number"),
        (pd.to_datetime(["2024-05-31"]), "line 10: .*text or a whole number"),
    ],
)
def test_what_is_no_id(values, pattern):
    with pytest.raises(InputError, match=pattern):
        ids(column(values))


@given(
    rows=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), max_size=40),
    scale=st.sampled_from([1, 0.5, 10**18, 2**40]),
    timed=st.booleans(),
)
def test_events_are_sorted_and_ties_keep_their_order(rows, scale, timed):
    frame = pd.DataFrame(
        {
            "user": np.array([user for user, _ in rows], dtype=np.int32),
            "item": np.arange(len(rows), dtype=np.int32),
            "timestamp": np.array([time * scale for _, time in rows]),
        }
    )
    if not timed:
        frame = frame.drop(columns="timestamp")
    expected = sorted(range(len(rows)), key=lambda row: (rows[row][0], rows[row][1] if timed else 0))
    ordered = in_order(frame)
    assert ordered["item"].tolist() == expected
    assert ordered["user"].dtype == ordered["item"].dtype == np.int32
    assert ordered.index.equals(pd.RangeIndex(len(rows)))


def test_features_stand_in_the_order_of_the_ids():
    features = pd.DataFrame({"genres": ["x", "y", "z"]}, index=[9, 7, 5])
    aligned = align(features, pd.Index([5, 6, 9]), "item")
    assert aligned["genres"].fillna("").tolist() == ["z", "", "x"] and aligned.index.tolist() == [0, 1, 2]
    assert align(None, pd.Index([5]), "item") is None


def test_features_are_also_columns_with_the_ids_among_them():
    features = {"book": np.array([9, 5]), "genres": np.array(["x", "z"])}
    aligned = align(features, pd.Index([5, 6, 9], name="book"), "item")
    assert aligned.columns.tolist() == ["genres"] and aligned["genres"].fillna("").tolist() == ["z", "", "x"]


@pytest.mark.parametrize("given", [{"title": ["a", "b"]}, [["a"], ["b"]], pd.Series(["a", "b"])])
def test_what_is_no_table_of_features_is_refused(given):
    with pytest.raises(InputError) as caught:
        align(given, pd.Index([5, 6], name="book"), "item")
    assert str(caught.value) == (
        "expected the item features as a table (pandas.DataFrame) with the ids as its index, or as a dict of columns "
        f"with the ids in `book`, received {type(given).__name__}"
    )


@pytest.mark.parametrize(
    ("index", "pattern"),
    [
        ([5, 5], "one row of item features an id, received the id 5 more than once"),
        (["5", "6"], "index of the item features to hold ids of the events, such as 5, received '5', '6'"),
        ([], "received no row"),
    ],
)
def test_features_of_nobody_are_refused(index, pattern):
    with pytest.raises(InputError, match=pattern):
        align(pd.DataFrame({"genres": ["x"] * len(index)}, index=index), pd.Index([5, 6]), "item")
