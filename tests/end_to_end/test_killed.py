"""A comparison that is killed at any moment goes on where it was: the same numbers, no finished piece made twice."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time

import pytest

#: Runs in the process: kills it at the given moment of writing, counted over whole and half-written files.
KILL_AT = """
import itertools, signal
moments = itertools.count()
def dying(call):
    def then(*arguments):
        for after in (False, True):
            if next(moments) == {moment}:
                os.kill(os.getpid(), signal.SIGKILL)
            if not after:
                found = call(*arguments)
        return found
    return then
os.fsync, os.replace = dying(os.fsync), dying(os.replace)
"""


@pytest.fixture
def undisturbed(tailrec_cli, small, tmp_path):
    assert tailrec_cli(*small, "--jobs", 1, "--out", "undisturbed").code == 0
    return (tmp_path / "undisturbed/summary.json").read_bytes()


def test_killed_while_it_writes(tailrec_cli, small, pieces, tmp_path, undisturbed):
    written = 0
    # Every fifth moment: before and after a file is whole, before and after it is in its place, in turn.
    for moment in range(0, 1000, 5):
        out = tmp_path / f"killed-{moment}"
        killed = tailrec_cli(*small, "--jobs", 1, "--out", out, before=KILL_AT.format(moment=moment))
        if killed.code == 0:
            break
        assert killed.code == -signal.SIGKILL
        there = pieces(out)
        written = max(written, len(there))
        resumed = tailrec_cli(*small, "--jobs", 1, "--out", out, "--resume")
        assert resumed.code == 0, resumed.stderr
        assert there.items() <= pieces(out).items()
        assert (out / "summary.json").read_bytes() == undisturbed
        assert not list(out.rglob(".writing-*"))
    # Four fits, each with its lists and two metrics, and four outputs: two calls a file, two moments a call.
    assert (written, moment) == (16, 4 * (16 + 4))


SLOW = """
import sys, time
import numpy as np
import tailrec
from tailrec import cli


@tailrec.register.model("slow")
class Slow(tailrec.ModelPlugin):
    seed: int = 0

    def fit(self, train, *, weights=None, validation=None):
        time.sleep(0.1)
        self.scores_ = np.random.default_rng(self.seed).random(train.n_items)
        return self

    def score(self, users):
        return np.tile(self.scores_, (len(users), 1))


if __name__ == "__main__":
    cli.main()
"""


def test_killed_from_outside_with_two_workers(tmp_path, ratings, pieces):
    (tmp_path / "slow.py").write_text(SLOW)
    command = [sys.executable, "slow.py", "compare", "--data", f"csv:path={ratings}", "--model", "slow", "--seeds", "6"]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    quiet = {"cwd": tmp_path, "env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    subprocess.run([*command, "--jobs", "1", "--out", "undisturbed"], **quiet, check=True)
    undisturbed = (tmp_path / "undisturbed/summary.json").read_bytes()
    for moment in (2, 9):
        out = f"killed-{moment}"
        with subprocess.Popen([*command, "--jobs", "2", "--out", out], **quiet, start_new_session=True) as process:
            while len(pieces(tmp_path / out)) < moment and process.poll() is None:
                time.sleep(0.001)
            time.sleep(random.Random(moment).random() / 20)
            process.kill()
        assert process.returncode == -signal.SIGKILL
        there = pieces(tmp_path / out)
        assert len(there) >= moment
        resumed = subprocess.run([*command, "--jobs", "2", "--out", out, "--resume"], **quiet, text=True)
        assert resumed.returncode == 0, resumed.stderr
        assert there.items() <= pieces(tmp_path / out).items()
        assert (tmp_path / out / "summary.json").read_bytes() == undisturbed
        # The workers of the killed run would wait for it for minutes.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
