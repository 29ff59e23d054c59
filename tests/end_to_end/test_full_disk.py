"""A folder that cannot be written is one sentence, exit 2, and what was finished before stays."""

import pytest

FULL_AFTER = """
import errno, itertools
def fsync_until_full(handle, fsync=os.fsync, count=itertools.count()):
    if next(count) >= {written}:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    fsync(handle)
os.fsync = fsync_until_full
"""


def one_sentence(run):
    assert run.code == 2, run.stderr
    assert run.stdout == ""
    assert run.stderr.startswith("tailrec: ") and run.stderr.count("\n") == 1, run.stderr
    return run.stderr


@pytest.mark.parametrize("written", [0, 3, 15, 17])
def test_a_full_disk(tailrec_cli, small, pieces, tmp_path, written):
    full = tailrec_cli(*small, "--jobs", 1, "--out", "out", before=FULL_AFTER.format(written=written))
    assert one_sentence(full) == (
        "tailrec: the disk of out is full (No space left on device); make room and run again with --resume, "
        "the finished pieces are kept\n"
    )
    there = pieces(tmp_path / "out")
    assert len(there) == min(written, 16)
    assert not list((tmp_path / "out").rglob(".writing-*"))
    assert tailrec_cli(*small, "--jobs", 1, "--out", "out", "--resume").code == 0
    assert there.items() <= pieces(tmp_path / "out").items()
    assert tailrec_cli(*small, "--jobs", 1, "--out", "undisturbed").code == 0
    summaries = [(tmp_path / out / "summary.json").read_bytes() for out in ("out", "undisturbed")]
    assert summaries[0] == summaries[1]


def test_a_file_too_large_for_the_system_in_a_worker(tailrec_cli, small, pieces, tmp_path):
    # The fit of `ease` is a matrix over the items; the pieces of `popularity` are small.
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))"
    full = tailrec_cli(*small, "--jobs", 2, "--out", "out", before=limit)
    assert "the disk of out is full (File too large)" in one_sentence(full)
    there = pieces(tmp_path / "out")
    assert tailrec_cli(*small, "--jobs", 2, "--out", "out", "--resume").code == 0
    assert there.items() <= pieces(tmp_path / "out").items()


@pytest.mark.parametrize("out", ["file", "file/below"])
def test_a_path_that_cannot_be_a_folder(tailrec_cli, small, tmp_path, out):
    (tmp_path / "file").write_text("")
    sentence = one_sentence(tailrec_cli(*small, "--out", out))
    assert "the output folder" in sentence and "choose another with --out" in sentence


def test_a_folder_without_permission_is_said_before_any_work(tailrec_cli, small, tmp_path):
    # Root may write everywhere, so the refusal is made up.
    refuse = """
import builtins, errno, tailrec.scenarios
def refusing(file, mode="r", *rest, open=open, **named):
    if "w" in mode and "pieces" in str(file):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))
    return open(file, mode, *rest, **named)
builtins.open = refusing
tailrec.scenarios.Scenario.splits = None
"""
    sentence = one_sentence(tailrec_cli(*small, "--out", "out", before=refuse))
    assert sentence.startswith("tailrec: the output folder out cannot be used: Permission denied (out/pieces/")
    assert sentence.endswith("choose another with --out, or mend its permissions\n")
