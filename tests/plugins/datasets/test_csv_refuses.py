"""Each kind of bad input: what a message says was expected, what came, on which line, and how to mend it."""

import gzip
import re
import tracemalloc

import pytest

import tailrec

CASES = {
    "text for a rating": ("user,item,rating\n1,2,3\n\n1,3,abc\n", {}, "line 4.*finite number.*`rating`.*'abc'.*mend"),
    "nan": ("user,item,rating\n1,2,3\n1,3,nan\n", {}, "line 3.*finite number.*`rating`.*nan"),
    "no rating": ("user,item,rating\n1,2,3\n1,3,\n", {}, "line 3.*finite number.*`rating`.*nothing"),
    "infinity": ("user,item,rating\n1,2,3\n1,3,-inf\n", {}, "line 3.*finite number.*`rating`.*-inf"),
    "a rating beyond single precision": ("user,item,rating\n1,2,1e300\n", {}, r"line 2.*below 3.4e38.*1e\+300"),
    "text for a time": ("user,item,timestamp\n1,2,5\n1,3,abc\n", {}, "line 3.*finite number.*`timestamp`.*'abc'"),
    "a date that is none": ("user,item,date\n1,2,2024-05-31\n1,3,2024-05-32\n", {}, "line 3.*2024-05-32"),
    "a negative time": ("user,item,timestamp\n1,2,5\n\n\n1,3,-5\n", {}, "line 5.*not negative.*`timestamp`.*-5.*mend"),
    "repeated rows": ("user,item\n1,2\n\n1,3\n1,2\n", {}, "line 5.*every row once.*repeats line 2.*duplicates=drop"),
    "mixed ids": ("user,item\n1,2\nx,3\n2,4\n", {}, "line 3.*`user`.*whole number.*'x'.*ids=text"),
    "text for a number": ("user,item\na,2\n", {"ids": "number"}, "line 2.*whole number.*'a'.*ids=text"),
    "an id too large": ("user,item\n1,2\n99999999999999999999,2\n", {"ids": "number"}, "line 3.*64 bits.*ids=text"),
    "no user": ("user,item\n1,2\n,3\n", {}, "line 3.*an id in column `user`.*nothing"),
    "no item": ("user,item\n1,2\n2,  \n", {}, "line 3.*an id in column `item`.*nothing"),
    "too few fields": ("user,item,rating\n\n1,2,3\n1,3\n", {}, "line 4.*3 fields.*line 1.*received 2: '1,3'.*mend"),
    "too many fields": ("user,item\n1,2\n1,3,4\n", {}, "line 3.*2 fields.*received 3: '1,3,4'.*sequences"),
    "a line of spaces": ("user,item\n1,2\n   \n2,3\n", {}, "line 3.*2 fields.*received 1"),
    "an open quote": ('user,item,rating\n1,2,3\n1,"2,3\n2,3,4\n', {}, "line 3.*3 fields.*quotes=false"),
    "a quote over two lines": ('user,item\n1,"2\n2"\n', {}, "line 2.*`item` on one line.*quotes=false"),
    "an open quote at the end": ('user,item\n1,2\n1,"2\n', {}, "line 3.*`item` on one line.*quotes=false"),
    "a header alone": ("\nuser,item\n", {}, "events below the header in line 2.*none"),
    "blank lines alone": ("\n\n\n", {}, "at least one event"),
    "no column for the user": ("usr,item\n1,2\n", {}, "column for the user.*`usr`, `item`.*user=usr"),
    "no header": ("a,b\nc,d\n", {}, "`a`, `b`.*header=false"),
    "two columns for the item": ("user,movie,book\n1,2,3\n", {}, "`movie` and `book`.*item=movie"),
    "a column that is not there": ("user,item\n1,2\n", {"rating": "stars"}, "`stars` for the rating.*`user`, `item`"),
    "nearly a column": ("user,item,score\n1,2,3\n", {"rating": "scores"}, "did you mean `score`"),
    "a column twice": ("user,item,user\n1,2,3\n", {}, "one column `user`, received 2"),
    "one column for two": (
        "user,item\n1,2\n",
        {"rating": "item"},
        "`item` for both",
    ),
    "another separator": ("user,item\n1,2\n", {"sep": "tab"}, "`user,item`.*sep="),
    "too low": ("user,item,rating\n1,2,3\n", {"min_rating": 4.0}, "at least 4 .*none above 3"),
    "nothing to rate": ("user,item\n1,2\n", {"min_rating": 4.0}, "min_rating=4.*rating="),
    "a number that is none": ("user,item,rating\n1,2,1\n1,3,x\n", {"min_rating": 4.0}, "line 3.*finite number.*'x'"),
    "latin-1": (b"user,item\n1,2\n1,caf\xe9\n", {}, "line 3.*utf-8.*0xe9 at byte offset 19.*encoding=latin-1"),
    "utf-16": ("user,item\n1,2\n".encode("utf-16"), {}, "line 1.*UTF-16.*encoding=utf-16"),
    "utf-16 without a mark": ("user,item\n1,\xe9\n".encode("utf-16-le"), {}, "line 1.*NUL.*encoding=utf-16-le"),
    "not ascii": ("user,item\n1,é\n".encode(), {"encoding": "ascii"}, "line 2.*ascii.*encoding=utf-8"),
    "half a character": ("user,item\n1,é".encode("utf-16-le")[:-1], {"encoding": "utf-16-le"}, "line 2.*utf-16-le"),
    "no encoding": ("user,item\n1,2\n", {"encoding": "latin-99"}, "`encoding`.*'latin-99'"),
    "an encoding of bytes": ("user,item\n1,2\n", {"encoding": "base64"}, "`encoding`.*'base64'"),
    "a NUL": (b"user,item\n1,2\n1,\0\n", {}, "line 3.*NUL.*binary"),
    "parquet": (b"PAR1....", {}, "Parquet.*`parquet`"),
    "a spreadsheet": (b"PK\x03\x04....", {}, "zip.*unpack"),
    "damaged gzip": (gzip.compress(b"user,item\n" + bytes(range(49, 120)) * 9)[:-9], {}, "whole gzip.*copy it again"),
    "a separator of nothing": ("user,item\n", {"sep": ""}, "`sep`.*tab"),
    "an unknown parameter": ("user,item\n", {"separator": ","}, "unknown parameter `separator`.*sep"),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_gets_a_sentence(tmp_path, case):
    text, values, pattern = CASES[case]
    path = tmp_path / "ratings.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(tailrec.InputError) as caught:
        tailrec.load("csv", path=str(path), **values)
    message = str(caught.value)
    assert re.search(pattern, message), message
    assert "\n" not in message and len(message) < 600
    assert "ratings.csv" in message or "encoding" in values or "sep" in values or "separator" in values


@pytest.mark.parametrize("piece", range(1, 20))
def test_a_wrong_byte_has_its_offset_and_line_whatever_the_size_of_a_read(tmp_path, monkeypatch, piece):
    monkeypatch.setattr("tailrec_datasets.text_file._PIECE", piece)
    path = tmp_path / "ratings.csv"
    path.write_bytes(b"user,item\n1,\xc3\xa9\n2,\xc3(\n3,4\n")
    with pytest.raises(tailrec.InputError, match="line 3: .* 0xc3 at byte offset 17;"):
        tailrec.load("csv", path=str(path))


@pytest.mark.parametrize("value", ["x" * 9_000_000, '"' + "x" * 9_000_000])
def test_a_message_shows_the_start_of_a_long_value(tmp_path, value):
    path = tmp_path / "ratings.csv"
    path.write_text(f"user,item,rating\n1,2,3\n1,3,{value}\n")
    with pytest.raises(tailrec.InputError, match="line 3") as caught:
        tailrec.load("csv", path=str(path))
    assert len(str(caught.value)) < 600


def test_the_line_of_the_test_is_named(tmp_path):
    train, test = tmp_path / "train.csv", tmp_path / "test.csv"
    train.write_text("user,item,rating\n1,2,3\n")
    test.write_text("user,item,rating\n\n1,2,3\n1,2,x\n")
    with pytest.raises(tailrec.InputError, match=r"test\.csv, line 4: .*'x'"):
        tailrec.load("csv", path=str(train), test=str(test))


@pytest.mark.parametrize("name", ["csv", "sequences"])
@pytest.mark.parametrize("packed", [True, False])
def test_a_line_of_200_mb_is_refused_before_it_is_in_memory(tmp_path, name, packed):
    path = tmp_path / "long.csv"
    with gzip.open(path, "wb", compresslevel=1) if packed else open(path, "wb") as file:
        file.write(b"user,item\n1,2\n")
        for _ in range(200):
            file.write(b"1 2 " * 250_000)
    tracemalloc.start()
    try:
        with pytest.raises(tailrec.InputError, match="line 3: expected lines of at most 10 MB"):
            tailrec.load(name, path=str(path))
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


def test_a_line_just_short_of_the_limit_is_read(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("user,item\n1," + "x" * 9_999_998 + "\n2,y\n")
    assert len(tailrec.load("csv", path=str(path))) == 2
    path.write_text("user,item\n1," + "x" * 9_999_999 + "\n2,y\n")
    with pytest.raises(tailrec.InputError, match="line 2"):
        tailrec.load("csv", path=str(path))
