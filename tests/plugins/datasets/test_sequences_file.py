"""Files with a line a user."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tailrec


@pytest.fixture
def write(tmp_path):
    def write(text, name="toys.txt"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def histories(data):
    items = [data.items[history].tolist() for history in data.histories()]
    return dict(zip(data.users.tolist(), items, strict=True))


@pytest.mark.parametrize(
    ("text", "values", "expected", "ordered"),
    [
        ("2 5 6\n3 7 6 5", {}, {1: [5, 6], 2: [7, 6, 5]}, False),
        ("2 5 6\n0\n1 7\n", {}, {1: [5, 6], 3: [7]}, False),
        ("9 5 6 6\n4 5\n3\n", {}, {4: [5], 9: [5, 6, 6]}, True),
        ("ann b c b\nbob c\n", {}, {"ann": ["b", "c", "b"], "bob": ["c"]}, True),
        ("ann 5\nbob 6 5\nann 7\n", {"layout": "user"}, {"ann": [5, 7], "bob": [6, 5]}, True),
        ("2 5 6\n3 7 6 5\n", {"layout": "user"}, {2: [5, 6], 3: [7, 6, 5]}, True),
        ("2 5 6\n\n2 5\n", {"layout": "items"}, {1: [2, 5, 6], 3: [2, 5]}, True),
        ("2 5 6\n\n1 5\n", {"layout": "count", "ordered": True}, {1: [5, 6], 3: [5]}, True),
        ("9 5 6\n", {"ordered": False}, {9: [5, 6]}, False),
        ("a,b,c\nd, e ,b\n", {}, {"a": ["b", "c"], "d": ["e", "b"]}, True),
        ("a;b;c\r\nd;e\r\n", {}, {"a": ["b", "c"], "d": ["e"]}, True),
        ("a::b::c\rd::e\r", {}, {"a": ["b", "c"], "d": ["e"]}, True),
        ("a\tthe ball\tb\nd\tc\n", {"sep": "tab"}, {"a": ["the ball", "b"], "d": ["c"]}, True),
        ("a\tb  c\nd   b\t\n", {}, {"a": ["b", "c"], "d": ["b"]}, True),
        ("7 08 9\n", {"ids": "text"}, {"7": ["08", "9"]}, True),
        ("7 08 9\n", {"ids": "number"}, {7: [8, 9]}, True),
        ("\ufeff1 5\n\n\n0\n", {}, {1: [5]}, False),
    ],
)
def test_layouts(write, text, values, expected, ordered):
    data = tailrec.load("sequences", path=write(text), **values)
    assert histories(data) == expected
    assert data.ordered is ordered and data.frame.columns.tolist() == ["user", "item"]


def test_a_test_shares_users_by_id_or_by_line(write):
    data = tailrec.load("sequences", path=write("a 1 2\nb 3\n"), test=write("b 4\nc 1\na 5\n", "test.txt"))
    assert data.users.tolist() == ["a", "b", "c"] and data.items.tolist() == [1, 2, 3, 4, 5]
    assert data.given_test.to_numpy().tolist() == [[0, 4], [1, 3], [2, 0]]
    data = tailrec.load("sequences", path=write("2 1 2\n1 3\n"), test=write("0\n1 4\n", "test.txt"))
    assert data.given_test.to_numpy().tolist() == [[1, 3]]
    assert tailrec.split(data, "given").test.targets.toarray().tolist() == [[0, 0, 0, 0], [0, 0, 0, 1]]


def test_the_layout_is_one_that_fits_the_test_too(write):
    data = tailrec.load("sequences", path=write("1 5\n2 6 7\n"), test=write("1 6 7\n", "test.txt"))
    assert histories(data) == {1: [5], 2: [6, 7]} and data.ordered
    assert data.given_test.to_numpy().tolist() == [[0, 1], [0, 2]]


CASES = {
    "a wrong count": ("2 5 6\n\n2 5 6 7\n", {"layout": "count"}, "line 3.*count.*'2' and 3 items.*layout=user"),
    "an unknown layout": (
        "2 5 6\n\n2 5 6 7\n",
        {},
        "line 3.*'2' as in line 1.*layout=user.*layout=count.*layout=items",
    ),
    "mixed ids": ("a 1 2 3\n\nb 4 x\n", {}, "line 3.*an item.*whole number.*'x'.*ids=text"),
    "mixed users": ("1 1 2 3\n2 4\n\nx 1\n", {}, "line 4.*a user.*whole number.*'x'.*ids=text"),
    "a missing id": ("a,b\nb,,c\n", {}, "line 2.*an item.*nothing"),
    "users alone": ("a\nb\n", {}, "at least one event.*without an item"),
    "blank lines alone": ("\n\n", {}, "blank lines alone"),
    "latin-1": (b"a b\nc caf\xe9\n", {}, "line 2.*0xe9 at byte offset 9.*encoding=latin-1"),
    "utf-16": ("a b\n".encode("utf-16"), {}, "encoding=utf-16"),
    "a NUL": (b"a b\nc \0\n", {}, "line 2.*NUL"),
    "parquet": (b"PAR1...", {}, "`parquet`"),
    "a layout that is none": ("a b\n", {"layout": "users"}, "`layout`.*'user'.*'users'"),
    "a separator of nothing": ("a b\n", {"sep": ""}, "`sep`"),
    "no encoding": ("a b\n", {"encoding": "utf-99"}, "`encoding`.*utf-99"),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_gets_a_sentence(write, case):
    text, values, pattern = CASES[case]
    with pytest.raises(tailrec.InputError) as caught:
        tailrec.load("sequences", path=write(text), **values)
    assert re.search(pattern, str(caught.value)), str(caught.value)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 30), max_size=6), min_size=1, max_size=20), st.integers(1, 40))
def test_lines_come_back_whatever_the_size_of_a_read(tmp_path_factory, lines, piece):
    path = tmp_path_factory.mktemp("sequences") / "x.dat"
    path.write_text("\n".join(" ".join(map(str, [len(items), *items])) for items in lines))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tailrec_datasets.text_file._PIECE", piece)
        if not any(lines):
            with pytest.raises(tailrec.InputError, match="at least one event"):
                tailrec.load("sequences", path=path)
            return
        data = tailrec.load("sequences", path=path)
    assert histories(data) == {line: items for line, items in enumerate(lines, 1) if items}
