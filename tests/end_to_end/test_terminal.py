"""What is drawn on a terminal is plain where it is piped."""

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest

COMMAND = [sys.executable, "-m", "tailrec.cli"]
SMALL = [
    "compare",
    "--data",
    "synthetic:n_users=40,n_items=20",
    "--model",
    "popularity",
    "--model",
    "ease",
    "--jobs",
    "1",
]


def test_a_pipe_gets_plain_text(tmp_path):
    done = subprocess.run([*COMMAND, *SMALL], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert not set(done.stdout) & set("─│╭╰━\x1b\r")


def test_it_goes_by_its_name_however_it_is_started(tmp_path):
    done = subprocess.run([*COMMAND, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: tailrec [OPTIONS] COMMAND")


def test_a_terminal_gets_tables_and_progress(tmp_path):
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    environment = os.environ | {"TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen([*COMMAND, *SMALL], cwd=tmp_path, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # how Linux says that the other end was closed
                break
            if not part:
                break
            shown += part
    os.close(ours)
    text = shown.decode()
    assert process.returncode == 0, text
    assert "\x1b[" in text and "─" in text
    assert "0/2 [" in text


@pytest.mark.parametrize("arguments", [["plugins"], ["compare", "--help"], SMALL])
def test_a_reader_that_has_left_is_no_traceback(tmp_path, arguments):
    reader, writer = os.pipe()
    os.close(reader)
    # Written at once or at the end: the reader is missed at another moment.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    pipes = {"stdout": writer, "stderr": subprocess.PIPE, "text": True}
    done = subprocess.run([*COMMAND, *arguments], cwd=tmp_path, env=environment, **pipes)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


def test_an_interrupt_says_how_to_go_on(tmp_path):
    command = [*COMMAND, *SMALL, "--model", "item-knn"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not (tmp_path / "results/pieces").is_dir():
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out) == (130, "")
    assert err == "tailrec: interrupted; the finished pieces are kept, run again with --resume\n"
