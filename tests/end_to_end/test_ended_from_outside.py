"""A run that is ended from outside takes its workers with it, and an output that cannot be written is a sentence."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TAILREC = [sys.executable, "-m", "tailrec.cli"]


def workers_of(pid):
    """Return the processes that a run has started to work for it."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            above = path.joinpath("stat").read_text().rpartition(")")[2].split()[1]
            if int(above) == pid and b"LokyProcess" in path.joinpath("cmdline").read_bytes():
                found.append(int(path.name))
        except (OSError, IndexError):
            continue
    return found


def until(condition):
    """Wait for what comes sooner or later; a run of the tests that waits for ever is ended by whoever started it."""
    while not condition():
        time.sleep(0.1)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_no_worker_outlives_its_run(tmp_path, how):
    command = [*TAILREC, "compare", "--data", "synthetic:n_users=200,n_items=100", "--model", "two-tower:epochs=500"]
    command += ["--seeds", "9", "--jobs", "2", "--out", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        until(lambda: len(workers_of(run.pid)) == 2 and list((tmp_path / "pieces").glob("fit-*")))
        workers = workers_of(run.pid)
        run.send_signal(how)
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [["plugins"], ["--help"], ["data", "synthetic"]])
def test_an_output_that_cannot_be_written_is_a_sentence(arguments):
    with open("/dev/full", "w") as full:
        run = subprocess.run([*TAILREC, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert run.returncode == 2
    assert run.stderr == "tailrec: the output cannot be written: No space left on device; what was computed is kept\n"
