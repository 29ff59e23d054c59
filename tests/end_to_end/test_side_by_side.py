"""Two runs into one folder do not corrupt each other."""

import json
import re

import pandas as pd

OUTPUTS = ("summary.json", "run.toml", "report.html", "results.parquet")


def models_in_outputs(folder):
    """Return the models that each output speaks of."""
    return {
        "summary.json": {row["model"] for row in json.loads((folder / "summary.json").read_text())["summary"]},
        "run.toml": set(re.findall(r'name = "((?:popularity|ease|item-knn)[^"]*)"', (folder / "run.toml").read_text())),
        "report.html": set(re.findall(r'<th scope="row">(.*?)</th>', (folder / "report.html").read_text())),
        "results.parquet": set(pd.read_parquet(folder / "results.parquet")["model"]),
    }


def test_the_same_specification_at_once(tailrec_cli, small, tmp_path):
    tailrec_cli(*small, "--jobs", 1, "--out", "alone")
    for repeat in range(2):
        out = tmp_path / f"together-{repeat}"
        several = [[*small, "--jobs", 1, "--out", out, *resume] for resume in ([], [], ["--resume"])]
        for run in tailrec_cli(several=several):
            assert (run.code, run.stderr) == (0, "")
        assert (out / "summary.json").read_bytes() == (tmp_path / "alone/summary.json").read_bytes()
        assert not list(out.rglob(".writing-*"))


def test_different_specifications_at_once(tailrec_cli, ratings, tmp_path):
    def command(*models):
        asked = [part for model in models for part in ("--model", model)]
        return ["compare", "--data", f"csv:path={ratings}", *asked, "--jobs", "1", "--out", "together"]

    for _ in range(2):
        runs = tailrec_cli(several=[command("popularity", "ease"), command("popularity", "item-knn")])
        assert [run.code for run in runs] == [0, 0], [run.stderr for run in runs]
        found = models_in_outputs(tmp_path / "together")
        assert found["summary.json"] in ({"popularity", "ease"}, {"popularity", "item-knn"})
        assert all(found[output] == found["summary.json"] for output in OUTPUTS), found
        assert not list((tmp_path / "together").rglob(".writing-*"))


def test_a_run_leaves_the_files_alone_that_another_is_writing(tailrec_cli, small, tmp_path):
    # The first run sleeps while it holds a half-written piece; the second starts, works and ends meanwhile.
    wait = """
import pathlib, time
def slow_fsync(handle, fsync=os.fsync):
    fsync(handle)
    pathlib.Path("half-written").touch()
    end = time.monotonic() + 60
    while not pathlib.Path("other-done").exists() and time.monotonic() < end:
        time.sleep(0.01)
os.fsync = slow_fsync
"""
    other = """
import atexit, pathlib, time
while not pathlib.Path("half-written").exists():
    time.sleep(0.01)
atexit.register(pathlib.Path("other-done").touch)
"""
    first = [*small, "--jobs", 1, "--out", "out"]
    second = ["compare", "--data", small[2], "--model", "item-knn", "--jobs", 1, "--out", "out"]
    before = f"exec({wait!r} if 'ease' in sys.argv else {other!r}, globals())"
    for run in tailrec_cli(several=[first, second], before=before):
        assert (run.code, run.stderr) == (0, "")
    assert not list((tmp_path / "out").rglob(".writing-*"))


def test_what_a_killed_run_was_writing_is_removed(tailrec_cli, small, tmp_path):
    (tmp_path / "out/pieces").mkdir(parents=True)
    for stale in ("out/.writing-1", "out/pieces/.writing-2"):
        (tmp_path / stale).write_text("half")
    assert tailrec_cli(*small, "--jobs", 1, "--out", "out").code == 0
    assert not list((tmp_path / "out").rglob(".writing-*"))
