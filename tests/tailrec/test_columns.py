"""What a column is read as, and which sentence refuses it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrec import Interactions
from tailrec.columns import Column, exact_repeats, moments, numbers, place, ratings, require_columns
from tailrec.errors import InputError


def column(values, lines=10, **kwargs):
    return Column(pd.Series(values, name="c", **kwargs), "file", lines)


def test_a_row_is_named_by_its_line_its_position_or_a_function():
    assert place("file", 2, 10) == "file, line 12"
    assert place("file", 2, None) == "file, row 2"
    assert place("file", np.int64(2), "sheet {}".format) == "file, sheet 2"


@pytest.mark.parametrize(
    ("table", "wanted", "pattern"),
    [
        (pd.DataFrame({"usr": [1], "item": [2]}), ["user"], "a column `user`, received usr, item; did you mean"),
        (pd.DataFrame(), ["user"], "no columns"),
        (pd.DataFrame([[1, 2]], columns=["user", "user"]), ["user"], "one column `user`, received 2"),
        (pd.DataFrame({"user": [1]}), ["user", "user"], "a column for each role, received `user` for 2"),
        (pd.DataFrame({"user": []}), ["user"], "at least one event, received none"),
    ],
)  # fmt: skip
def test_columns_that_are_not_there(table, wanted, pattern):
    with pytest.raises(InputError, match=pattern):
        require_columns(table, wanted, "file")


@pytest.mark.parametrize(
    ("values", "read"),
    [
        ([1, 2], [1, 2]),
        (["1", " 2.5 "], [1, 2.5]),
        (pd.array([1, 2], dtype="Int64"), [1, 2]),
        ([True, False], [1, 0]),
    ],
)
def test_numbers(values, read):
    assert numbers(column(values)).tolist() == read


@pytest.mark.parametrize(
    ("values", "received"),
    [
        (["1", "x"], "'x'"),
        ([1, np.nan], "nothing"),
        ([1, np.inf], "inf"),
        ([1, -np.inf], "-inf"),
        (pd.array([1, None], dtype="Int64"), "nothing"),
        (["1", None], "nothing"),
        (["1", "x" * 999], "'x{60,75}..."),
    ],
)
def test_what_is_no_finite_number(values, received):
    with pytest.raises(InputError, match=f"file, line 11: expected a finite number in column `c`, received {received}"):
        numbers(column(values))


@pytest.mark.parametrize("values", [pd.to_datetime(["2024-05-31"]), pd.to_timedelta(["1s"]), [1j]])
def test_what_is_no_number_at_all(values):
    with pytest.raises(InputError, match="file, line 10: expected a number in column `c`"):
        numbers(column(values))


def test_a_rating_fits_single_precision():
    assert ratings(column([3.4e38])).dtype == np.float32
    with pytest.raises(InputError, match=r"line 11: expected a rating below 3.4e38 .* received -1e\+300"):
        ratings(column([1, -1e300]))


SECONDS = [1717113600, 1717200000]
DAYS = ["2024-05-31", "2024-06-01"]


@pytest.mark.parametrize(
    "values",
    [
        SECONDS,
        [float(second) for second in SECONDS],
        [str(second) for second in SECONDS],
        DAYS,
        ["2024-05-31T02:00:00+02:00", "2024-06-01 00:00:00Z"],
        ["31/05/2024", "01/06/2024"],
        ["05/31/2024", "06/01/2024"],
        pd.to_datetime(DAYS),
        pd.to_datetime(DAYS).tz_localize("UTC"),
        pd.to_datetime(DAYS).tz_localize("UTC").tz_convert("Asia/Tokyo"),
        pd.to_datetime(DAYS).as_unit("s"),
        pd.to_datetime(DAYS).as_unit("ns"),
        [pd.Timestamp(day).date() for day in DAYS],
    ],
)
def test_a_time_is_seconds_however_it_is_written(values):
    read = moments(column(values))
    assert read.tolist() == SECONDS and read.dtype == np.int64


def test_a_fraction_of_a_second_stays():
    assert moments(column(["2024-05-31 00:00:00.25"])).tolist() == [1717113600.25]
    assert moments(column([0.5, 1.0])).tolist() == [0.5, 1.0]


@pytest.mark.parametrize(
    ("values", "pattern"),
    [
        ([5, -5], "line 11: expected a time that is not negative in column `c`, received -5"),
        (["5", "-5"], "line 11: .* not negative .*'-5'"),
        (["1970-01-02", "1969-12-31"], "line 11: .* not negative .*'1969-12-31'"),
        ([5, np.nan], "line 11: expected a finite number"),
        (["5", "x"], "line 11: expected a finite number .*'x'"),
        (["2024-05-31", "2024-05-32"], "line 11: expected a time .*2024-05-31 12:00:00.* received '2024-05-32'"),
        (
            ["05/06/2024", "01/02/2024"],
            "line 10: expected a date with one meaning .*'05/06/2024'; write it",
        ),
        (["31/05/2024", "05/31/2024"], "line 11: expected a time .*'05/31/2024'"),
        (["whenever", "never"], "line 10: expected a time .*'whenever'"),
        (pd.to_datetime(["2024-05-31", None]), "line 11: expected a time .*nothing"),
    ],
)
def test_what_is_no_time(values, pattern):
    with pytest.raises(InputError, match=pattern):
        moments(column(values))


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=40),
    st.booleans(),
)
def test_a_repeat_is_what_stands_earlier_in_every_column(rows, rated):
    table = pd.DataFrame(rows, columns=["user", "item", "rating"]).iloc[:, : 3 if rated else 2]
    seen, expected = set(), []
    for row in table.itertuples(index=False, name=None):
        expected.append(row in seen)
        seen.add(row)
    assert exact_repeats(table, "file", 2, refuse=False).tolist() == expected
    if any(expected):
        second = expected.index(True)
        first = table.to_numpy().tolist().index(table.iloc[second].tolist())
        message = (
            f"file, line {second + 2}: expected every row once, received {sum(expected)} .* repeats line {first + 2}\\)"
        )
        with pytest.raises(InputError, match=message):
            exact_repeats(table, "file", 2, refuse=True)


@pytest.mark.parametrize("kind", [int, str])
def test_times_of_nanoseconds_keep_their_order(kind):
    start = 1_700_000_000_000_000_000
    times = [kind(start + step) for step in (300, 100, 200)]
    frame = pd.DataFrame({"user": 1, "item": [0, 1, 2], "time": times})
    data = Interactions.from_frame(frame, timestamp="time")
    assert data.frame["item"].tolist() == [1, 2, 0]
