"""What a delimited file is read as; what is refused stands in test_csv_refuses.py."""

import gzip

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tailrec

ROWS = [(7, 12, 4.5, 100), (7, 31, 2.0, 50), (9, 12, 5.0, 70)]


@pytest.fixture
def write(tmp_path):
    def write(text, name="ratings.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return str(path)

    return write


def events(data):
    """The events as (user id, item id, other columns...), in the order of the frame."""
    others = [data.frame[name].tolist() for name in data.frame.columns[2:]]
    return list(zip(data.users[data.frame["user"]], data.items[data.frame["item"]], *others, strict=True))


def lines(sep, header=None, end="\n"):
    rows = [sep.join(str(value) for value in row) for row in ROWS]
    return end.join(([header] if header else []) + rows) + end


@pytest.mark.parametrize("sep", [",", "\t", ";", "::", " "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("named", [True, False])
def test_every_layout_gives_the_same_events(write, sep, end, named):
    header = sep.join(["userId", "movieId", "rating", "timestamp"]) if named else None
    data = tailrec.load("csv", path=write(lines(sep, header, end)))
    assert events(data) == [(7, 31, 2.0, 50), (7, 12, 4.5, 100), (9, 12, 5.0, 70)]
    assert data.ordered and data.users.dtype == np.int64 and data.title == "ratings.csv"


def test_blank_lines_a_mark_and_a_missing_last_line_break_change_nothing(write):
    plain = tailrec.load("csv", path=write("user,item\n1,2\n3,4\n", "a.csv"))
    spaced = tailrec.load("csv", path=write("\ufeff\n\nuser,item\n\n1,2\n\n\n3,4", "b.csv"))
    assert events(plain) == events(spaced) == [(1, 2), (3, 4)]


def test_gzip_is_unpacked_whatever_the_name(write):
    data = tailrec.load("csv", path=write(gzip.compress(b"user,item\n1,2\n"), "packed"))
    assert events(data) == [(1, 2)]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16", "utf-16-le", "cp1252"])
def test_an_encoding_is_read_as_it_is_said(write, encoding):
    data = tailrec.load("csv", path=write("user,item\nzoë,café\n", encoding=encoding), encoding=encoding)
    assert events(data) == [("zoë", "café")]


def test_quoted_line_breaks_survive_where_the_parser_reads_in_blocks(write, monkeypatch):
    monkeypatch.setattr("tailrec_datasets.delimited.LONGEST_LINE", 64 - (1 << 20))
    rows = [(user, user % 7) for user in range(200)]
    text = "user,review,item\n" + "".join(f'{user},"one\n\n{user},two\n3,4",{item}\n' for user, item in rows)
    assert events(tailrec.load("csv", path=write(text))) == rows


def test_a_character_that_two_reads_share_is_whole(write, monkeypatch):
    monkeypatch.setattr("tailrec_datasets.text_file._PIECE", 3)
    data = tailrec.load("csv", path=write("user,item\nzoë,äöü\n€,b\n"))
    assert events(data) == [("zoë", "äöü"), ("€", "b")]


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("user_id:token\titem_id:token\trating:float", ("user_id:token", "item_id:token")),
        ("reviewerID,asin,overall", ("reviewerID", "asin")),
        ("Timestamp,User ID,Item-Id", ("User ID", "Item-Id")),
        ("item_id,artist_id,user", ("user", "item_id")),
    ],
)
def test_the_usual_names_are_found(write, header, columns):
    sep = "\t" if "\t" in header else ","
    data = tailrec.load("csv", path=write(f"{header}\n{sep.join('123')}\n"))
    assert (data.users.name, data.items.name) == columns


def test_columns_that_are_asked_for(write):
    path = write("who,what,score,user,item\n1,2,3,4,5\n")
    assert events(tailrec.load("csv", path=path, user="who", item="what")) == [(1, 2, 3.0)]
    assert events(tailrec.load("csv", path=path, user="who", item="what", rating="-")) == [(1, 2)]
    path = write("5,1,9\n", "bare.csv")
    assert events(tailrec.load("csv", path=path, user="2", item="1", timestamp="3")) == [(1, 5, 9)]


def test_quotes_hold_separators_line_breaks_and_quotes(write):
    text = 'user,item,review\n1,"a,b","two\nlines"\n2,"say ""x""",b\n'
    assert events(tailrec.load("csv", path=write(text))) == [(1, "a,b"), (2, 'say "x"')]
    assert events(tailrec.load("csv", path=write('user,item\n1,"a\n2,b"\n'), quotes=False)) == [(1, '"a'), (2, 'b"')]


@pytest.mark.parametrize(
    ("ids", "written", "read"),
    [
        ("auto", ["7", "8"], [7, 8]),
        ("auto", [" 7", "7 ", "8"], [7, 7, 8]),
        ("auto", ["-3", "0"], [-3, 0]),
        ("auto", ["007", "008"], ["007", "008"]),
        ("auto", ["7", "x", "y"], ["7", "x", "y"]),
        ("auto", ["9999999999999999999", "8"], ["9999999999999999999", "8"]),
        ("text", ["7", "8"], ["7", "8"]),
        ("text", ["7", "x"], ["7", "x"]),
        ("number", ["007", "7", "-08"], [7, 7, -8]),
        ("auto", ["nan", "NULL", "x"], ["nan", "NULL", "x"]),
    ],
)
def test_ids_are_numbers_where_all_are(write, ids, written, read):
    text = "user,item\n" + "".join(f"{user},{row}\n" for row, user in enumerate(written))
    data = tailrec.load("csv", path=write(text), ids=ids)
    rows = data.items[data.frame["item"]].astype(int)
    assert dict(zip(rows, data.users[data.frame["user"]], strict=True)) == dict(enumerate(read))


def test_the_given_test_shares_the_codes_and_needs_only_ids(write):
    train = write("user,item,rating,timestamp\n1,10,3,5\n2,20,4,6\n")
    test = write("item;user\n30;1\n10;3\n", "test.csv")
    data = tailrec.load("csv", path=train, test=test)
    assert data.users.tolist() == [1, 2, 3] and data.items.tolist() == [10, 20, 30]
    assert data.given_test.columns.tolist() == ["user", "item"]
    assert data.given_test.to_numpy().tolist() == [[0, 2], [2, 0]]
    split = tailrec.split(data, "given")
    assert split.test.targets.toarray().tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]


def test_the_ids_of_train_and_test_are_of_one_type(write):
    train, test = write("user,item\n1,10\n"), write("user,item\na,10\nb,10\nc,11\n", "test.csv")
    data = tailrec.load("csv", path=train, test=test)
    assert data.users.tolist() == ["1", "a", "b", "c"] and data.items.tolist() == [10, 11]


def test_a_least_rating_leaves_out_what_is_rated_lower(write):
    train = write("user,item,rating\n1,10,3\n1,11,2.5\n2,10,1\n")
    test = write("user,item,rating\n1,12,1\n2,12,5\n", "test.csv")
    data = tailrec.load("csv", path=train, test=test, min_rating=2.5)
    assert events(data) == [(1, 10, 3.0), (1, 11, 2.5)]
    assert data.items[data.given_test["item"]].tolist() == [12] and data.given_test["rating"].tolist() == [5.0]


def test_repeated_rows_are_dropped_or_kept_when_asked(write):
    path = write("user,item\n1,2\n1,2\n1,3\n")
    assert len(tailrec.load("csv", path=path, duplicates="drop")) == 2
    assert len(tailrec.load("csv", path=path, duplicates="keep")) == 3


def test_dates_are_seconds(write):
    path = write("user,item,date\n1,2,2024-05-31\n1,3,2024-05-30T12:00:00Z\n")
    data = tailrec.load("csv", path=path)
    assert events(data) == [(1, 3, 1717070400), (1, 2, 1717113600)]


def test_the_words_for_separators(write):
    path = write("user\titem\n1\t2\n")
    for sep in ("tab", "\t", "\\t"):
        assert events(tailrec.load("csv", path=path, sep=sep)) == [(1, 2)]


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(-20, 20)), min_size=1, max_size=60),
    sep=st.sampled_from([",", "\t", ";"]),
)
def test_what_pandas_writes_is_what_is_read(tmp_path_factory, rows, sep):
    table = pd.DataFrame(rows, columns=["user", "item", "rating"]).drop_duplicates()
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    table.to_csv(path, index=False, sep=sep)
    read = tailrec.load("csv", path=path)
    assert events(read) == sorted(table.itertuples(index=False, name=None), key=lambda row: row[0])
