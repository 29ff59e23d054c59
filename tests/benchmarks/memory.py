"""How much memory a process took at most, and a command with all its children."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path


def peak_mb() -> float:
    """Return the most memory that this process held since it started."""
    status = Path("/proc/self/status")
    if status.is_file():
        # getrusage would count what the parent held before this program was loaded.
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 1024


def run_watched(command: Sequence[str], variables: dict[str, str]) -> tuple[float, float, str]:
    """Return the seconds of a command, the most memory of all its processes together, and what it printed.

    Memory is looked at ten times a second and counts what processes share once each: an upper bound.
    """
    start, peak = time.perf_counter(), 0.0
    # A file, since a pipe that nobody empties would stop the command.
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(command, env=variables, stdout=printed, stderr=subprocess.STDOUT)
        while process.poll() is None:
            peak = max(peak, _tree_mb(process.pid))
            time.sleep(0.1)
        seconds = time.perf_counter() - start
        printed.seek(0)
        text = printed.read().decode(errors="replace")
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{text}")
    return seconds, peak, text


def _tree_mb(root: int) -> float:
    children: dict[int, list[int]] = {}
    resident: dict[int, float] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # The name in brackets may hold spaces; the parent is the second field behind it.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            pages = int((folder / "statm").read_text().split()[1])
        except (OSError, IndexError):
            continue
        children.setdefault(int(fields[1]), []).append(int(folder.name))
        resident[int(folder.name)] = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    total, waiting = 0.0, [root]
    while waiting:
        process = waiting.pop()
        total += resident.get(process, 0.0)
        waiting += children.get(process, [])
    return total
