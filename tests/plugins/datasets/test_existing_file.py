"""A path that is typed wrong gets a sentence."""

import builtins
import os

import pytest

import tailrec

READERS = ["csv", "parquet", "sequences"]


@pytest.mark.parametrize("name", READERS)
def test_a_path_that_leads_nowhere(tmp_path, name, monkeypatch):
    (tmp_path / "ratings.csv").write_text("user,item\n1,2\n")
    (tmp_path / "empty.csv").write_text("")
    os.mkfifo(tmp_path / "pipe")
    expected = {
        "rating.csv": "found none of that name; did you mean `ratings.csv`",
        "zzz": "found none of that name; mend `path`; the folder .* holds `empty.csv`, `ratings.csv`",
        "no/ratings.csv": "there is no folder `.*no`",
        "ratings.csv/x": "there is no folder `.*ratings.csv`",
        "": "received a folder; name one of its files; .*`ratings.csv`",
        "empty.csv": "expected events, received an empty file",
        "pipe": "a pipe or a device",
        "x" * 3000: "expected a file",
    }
    for path, pattern in expected.items():
        with pytest.raises(tailrec.InputError, match=pattern):
            tailrec.load(name, path=str(tmp_path / path))
    for path, pattern in {"": "empty text", "a\0b": "expected a file"}.items():
        with pytest.raises(tailrec.InputError, match=pattern):
            tailrec.load(name, path=path)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(tailrec.InputError, match="did you mean `ratings.csv`"):
        tailrec.load(name, path="~/ratngs.csv")


@pytest.mark.parametrize("name", READERS)
def test_a_file_that_may_not_be_read(tmp_path, name, monkeypatch):
    path = tmp_path / "ratings.csv"
    path.write_text("user,item\n1,2\n")

    def refuse(file, *args, **kwargs):
        if os.fspath(file) == os.fspath(path):
            raise PermissionError(13, "Permission denied", str(file))
        return whole(file, *args, **kwargs)

    whole = builtins.open
    monkeypatch.setattr(builtins, "open", refuse)
    with pytest.raises(tailrec.InputError, match=r"ratings\.csv: expected a file that may be read.*permission.*chmod"):
        tailrec.load(name, path=str(path))


@pytest.mark.parametrize("name", READERS)
def test_the_path_of_the_test_is_looked_at_too(tmp_path, name):
    path = tmp_path / "ratings.csv"
    path.write_text("user,item\n1,2\n")
    with pytest.raises(tailrec.InputError, match="tst.csv: expected a file|whole Parquet file"):
        tailrec.load(name, path=str(path), test=str(tmp_path / "tst.csv"))
