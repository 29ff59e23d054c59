"""Parquet files: typed columns, the same roles and refusals as a delimited file."""

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import tailrec


@pytest.fixture
def write(tmp_path):
    def write(table, name="plays.parquet"):
        path = tmp_path / name
        if isinstance(table, bytes):
            path.write_bytes(table)
        else:
            pq.write_table(table if isinstance(table, pa.Table) else pa.table(table), path)
        return str(path)

    return write


def load(path, **values):
    data = tailrec.load("parquet", path=path, **values)
    columns = [data.users[data.frame["user"]], data.items[data.frame["item"]]]
    columns += [data.frame[name].tolist() for name in data.frame.columns[2:]]
    return list(zip(*columns, strict=True))


TEXT = pa.array(["b", "a"])
IDS = {"user": [2, 1], "item": TEXT}


@pytest.mark.parametrize(
    ("table", "values", "expected"),
    [
        (IDS, {}, [(1, "a"), (2, "b")]),
        ({"user": [2, 1], "item": TEXT.dictionary_encode()}, {}, [(1, "a"), (2, "b")]),
        ({"user": pa.array([2, 1], pa.int16()), "item": TEXT.cast(pa.large_string())}, {}, [(1, "a"), (2, "b")]),
        ({"user": [2.0, 1.0], "item": TEXT, "rating": [5, 4]}, {}, [(1, "a", 4.0), (2, "b", 5.0)]),
        ({**IDS, "rating": [5, 4]}, {"min_rating": 5}, [(2, "b", 5.0)]),
        ({**IDS, "rating": [5, 4]}, {"rating": "-"}, [(1, "a"), (2, "b")]),
        ({**IDS, "rating": pa.array([5, 4], pa.decimal128(5, 2))}, {}, [(1, "a", 4.0), (2, "b", 5.0)]),
        ({**IDS, "time": pa.array([9, 7], pa.timestamp("ms"))}, {}, [(1, "a", 0.007), (2, "b", 0.009)]),
        ({**IDS, "date": pa.array([9, 7], pa.date32())}, {}, [(1, "a", 604_800), (2, "b", 777_600)]),
        ({"who": [2, 1], "what": TEXT, "user": [8, 9]}, {"user": "who", "item": "what"}, [(1, "a"), (2, "b")]),
        ({"user": [1, 1], "item": ["a", "a"]}, {"duplicates": "drop"}, [(1, "a")]),
    ],
)
def test_typed_columns(write, table, values, expected):
    assert load(write(table), **values) == expected


def test_an_index_that_pandas_wrote_is_a_column(tmp_path):
    path = tmp_path / "plays.parquet"
    pd.DataFrame({"item": [3, 4]}, index=pd.Index([7, 8], name="user")).to_parquet(path)
    assert load(path) == [(7, 3), (8, 4)]


def test_the_given_test(write):
    train = write({"user": [1, 2], "item": [3, 4], "rating": [1, 5]})
    data = tailrec.load("parquet", path=train, test=write({"user": [2], "item": [3]}, "test.parquet"), min_rating=1.0)
    assert data.given_test.to_numpy().tolist() == [[1, 0]]


CASES = {
    "a text file": (b"user,item\n1,2\n", {}, r"whole Parquet file.*b'user,item.*`csv`"),
    "a missing column": ({"usr": [1], "item": [2]}, {}, "column for the user.*`usr`, `item`"),
    "no row": ({"user": pa.array([], pa.int64()), "item": pa.array([], pa.int64())}, {}, "at least one event"),
    "a missing id": ({"user": [1, None], "item": [2, 3]}, {}, "row 1.*an id.*`user`.*nothing"),
    "nan": ({"user": [1, 2], "item": [2, 3], "rating": [1.0, np.nan]}, {}, "row 1.*finite number.*`rating`"),
    "nan beside a least rating": (
        {"user": [1, 2], "item": [2, 3], "rating": [1.0, np.nan]},
        {"min_rating": 3},
        "row 1",
    ),
    "infinity": ({"user": [1, 2], "item": [2, 3], "rating": [1.0, np.inf]}, {}, "row 1.*finite number.*inf"),
    "text for a rating": (
        {"user": [1], "item": [2], "rating": ["x"]},
        {},
        "numbers in column `rating`, received string",
    ),
    "a list for an id": ({"user": [1], "item": [[2]]}, {}, "text or whole numbers in column `item`, received list"),
    "half an id": ({"user": [1.5], "item": [2]}, {}, r"row 0.*`user`.*1\.5"),
    "a negative time": ({"user": [1, 1], "item": [2, 3], "timestamp": [5, -5]}, {}, "row 1.*not negative.*-5"),
    "repeated rows": ({"user": [1, 1], "item": [2, 2]}, {}, "row 1.*repeats row 0.*duplicates=drop"),
    "too low": ({"user": [1], "item": [2], "rating": [2]}, {"min_rating": 3}, "at least 3 .*none above 2"),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_gets_a_sentence(write, case):
    table, values, pattern = CASES[case]
    with pytest.raises(tailrec.InputError) as caught:
        tailrec.load("parquet", path=write(table), **values)
    assert re.search(pattern, str(caught.value)), str(caught.value)
    assert "plays.parquet" in str(caught.value)


def test_a_file_that_is_cut_or_damaged_is_refused(write, tmp_path):
    path = tmp_path / "plays.parquet"
    whole = (write({"user": list(range(999)), "item": list(range(999))}), path.read_bytes())[1]
    damaged = whole[:10] + b"\xff" * 40 + whole[50:]
    for content in (whole[: len(whole) // 2], damaged):
        with pytest.raises(tailrec.InputError, match="whole Parquet file"):
            tailrec.load("parquet", path=write(content))


def test_the_ids_of_train_and_test_are_of_one_type(write):
    train, test = write({"user": [1], "item": [2]}), write({"user": [1], "item": ["2"]}, "test.parquet")
    with pytest.raises(tailrec.InputError, match="`item` to be of one type.*received 2 and '2'"):
        tailrec.load("parquet", path=train, test=test)
