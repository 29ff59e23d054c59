import fcntl
import os
import stat

import numpy as np
import pytest

from tailrec.errors import StoreError
from tailrec.runs import RunStore


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "out")


def test_a_piece_comes_back_as_it_was(store):
    assert store.get("fit", "1") is None and not store.has("fit", "1")
    store.put("fit", "1", {"a": np.arange(3)})
    assert store.get("fit", "1")["a"].tolist() == [0, 1, 2]
    assert store.has("fit", "1") and not store.has("rank", "1") and not store.has("fit", "2")
    assert RunStore(store.folder).has("fit", "1")


def test_a_class_from_a_cell_can_be_kept(store):
    namespace = {"__name__": "__main__"}
    exec("class Fitted:\n    def answer(self): return 42", namespace)
    store.put("fit", "1", namespace["Fitted"]())
    assert store.get("fit", "1").answer() == 42


def test_a_damaged_piece_is_taken_away_and_named(store):
    store.put("fit", "1", "value")
    store.put("rank", "1", "value")
    path = store.path("fit", "1")
    path.write_bytes(path.read_bytes()[:-1])
    assert store.get("fit", "1") is None
    assert not path.exists() and store.damaged == ["fit-1"]
    assert store.get("rank", "1") == "value"


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_write_that_fails_leaves_what_was_there(store, monkeypatch, call):
    store.write(store.folder / "summary.json", b"old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(StoreError, match="the disk of .* is full .*--resume, the finished pieces are kept"):
        store.write(store.folder / "summary.json", b"new")
    assert (store.folder / "summary.json").read_bytes() == b"old"
    assert not list(store.folder.rglob(".writing-*"))


def test_an_interrupted_write_leaves_nothing_half(store, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        store.put("fit", "1", "value")
    assert not list(store.folder.rglob(".writing-*")) and not store.has("fit", "1")


def test_others_may_read_what_the_umask_allows(store):
    before = os.umask(0o022)
    try:
        store.write(store.folder / "summary.json", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((store.folder / "summary.json").stat().st_mode) == 0o644


@pytest.mark.parametrize("name", [".writing-stale", "pieces/.writing-stale"])
def test_half_written_files_are_swept_unless_somebody_is_writing(store, name):
    stale = store.folder / name
    stale.write_text("half")
    with open(store.pieces / ".writing") as writer:
        fcntl.flock(writer, fcntl.LOCK_SH)
        RunStore(store.folder)
        assert stale.exists()
    RunStore(store.folder)
    assert not stale.exists()


def test_one_run_publishes_at_a_time(store):
    with store.publishing(), open(store.pieces / ".publishing") as other:
        store.write(store.folder / "summary.json", b"")
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)
    with store.publishing():
        pass


def test_a_folder_that_cannot_be_one_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"the output folder .*/file/out cannot be used: Not a directory .* --out"):
        RunStore(tmp_path / "file/out")
