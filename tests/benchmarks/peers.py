"""Peers measured side by side: every run a process of its own, in its own environment, on the same inputs from disk.

A script makes a `Benchmark`, gives it peers and bars, and calls `main`. The script is also what the other
environments run, so it and this file import nothing but the standard library at their top.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from environments import Unavailable, environment
from memory import peak_mb

N_THREADS = min(2, os.cpu_count() or 1)


@dataclass
class Peer:
    """One way to do the work: a function that loads the inputs and returns what is to be timed."""

    prepare: Callable[[Path], Callable[[], Any]]
    packages: list[str]
    environment: str
    variables: dict[str, str]


@dataclass
class Bar:
    """What one peer may take at most, as a share of what another takes, or by itself."""

    of: str
    against: str | None
    at_most: float
    quantity: str


@dataclass
class Benchmark:
    """Peers that do the same work, and how they should compare."""

    title: str
    script: str
    inputs: Callable[[Path], None]
    peers: dict[str, Peer] = field(default_factory=dict)
    bars: list[Bar] = field(default_factory=list)

    def peer(
        self, name: str, packages: list[str], environment: str = "tailrec", **variables: str
    ) -> Callable[[Callable[[Path], Callable[[], Any]]], Callable[[Path], Callable[[], Any]]]:
        """Add a peer; `variables` go into the environment of its processes."""

        def add(prepare: Callable[[Path], Callable[[], Any]]) -> Callable[[Path], Callable[[], Any]]:
            self.peers[name] = Peer(prepare, packages, environment, variables)
            return prepare

        return add

    def bar(self, of: str, against: str | None, at_most: float, quantity: str = "seconds") -> None:
        """Say what should hold; `quantity` is ``seconds``, ``peak_mb`` or ``extra_mb``."""
        self.bars.append(Bar(of, against, at_most, quantity))

    def main(self) -> None:
        """Run every peer in turn, several times, and print the medians and their ratios."""
        parser = argparse.ArgumentParser(description=self.title)
        parser.add_argument("--repeats", type=int, default=5, help="processes a peer; the median counts")
        parser.add_argument("--only", nargs="+", metavar="PEER", help=f"of {', '.join(self.peers)}")
        parser.add_argument("--run-one", nargs=2, help=argparse.SUPPRESS)
        arguments = parser.parse_args()
        if arguments.run_one:
            print(json.dumps(measure(self.peers[arguments.run_one[0]], Path(arguments.run_one[1]))))
            return
        wanted = [name for name in self.peers if not arguments.only or name in arguments.only]
        print(f"\n{self.title.strip()}\n{N_THREADS} threads, median of {arguments.repeats} processes", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            self.inputs(Path(folder))
            found = self.alternate(wanted, Path(folder), arguments.repeats)
        self.report(found)

    def alternate(self, names: list[str], folder: Path, repeats: int) -> dict[str, list[dict[str, Any]]]:
        """Return the measurements of every peer that can be measured; they take turns."""
        pythons = {}
        for name in names:
            try:
                pythons[name] = environment(self.peers[name].environment)
            except Unavailable as reason:
                print(f"{name} could not be measured: {reason}")
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in pythons}
        for _ in range(repeats):
            for name in pythons:
                command = [str(pythons[name]), self.script, "--run-one", name, str(folder)]
                done = subprocess.run(command, env=variables(self.peers[name]), capture_output=True, text=True)
                if done.returncode:
                    raise SystemExit(f"{name} failed:\n{done.stderr}")
                found[name].append(json.loads(done.stdout.splitlines()[-1]))
        return found

    def report(self, found: dict[str, list[dict[str, Any]]]) -> None:
        """Print what was measured, and whether the bars hold."""
        print(f"{'':26} {'seconds':>8} {'from':>8} {'to':>8} {'peak MB':>8} {'extra MB':>9}")
        for name, runs in found.items():
            seconds = [run["seconds"] for run in runs]
            sizes = [median(runs, quantity) for quantity in ("peak_mb", "extra_mb")]
            print(
                f"{name:26} {statistics.median(seconds):8.3f} {min(seconds):8.3f} {max(seconds):8.3f} "
                f"{sizes[0]:8.0f} {sizes[1]:9.0f}   {runs[0]['versions']}"
            )
        for bar in self.bars:
            if bar.of not in found or (bar.against is not None and bar.against not in found):
                continue
            value = median(found[bar.of], bar.quantity)
            against = f" / {bar.against}" if bar.against else ""
            if bar.against:
                value /= median(found[bar.against], bar.quantity)
            verdict = "holds" if value <= bar.at_most else "DOES NOT HOLD"
            print(f"{bar.quantity} of {bar.of}{against}: {value:.3g} (at most {bar.at_most:g}): {verdict}")


def median(runs: list[dict[str, Any]], quantity: str) -> float:
    """Return the median of one quantity."""
    return statistics.median(run[quantity] for run in runs)


def measure(peer: Peer, folder: Path) -> dict[str, Any]:
    """Return seconds, memory and versions of one peer, in this process."""
    work = peer.prepare(folder)
    before = peak_mb()
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    peak = peak_mb()
    del result
    versions = ", ".join(f"{package} {metadata.version(package)}" for package in peer.packages)
    python = ".".join(map(str, sys.version_info[:3]))
    return {
        "seconds": seconds,
        "peak_mb": peak,
        "extra_mb": peak - before,
        "versions": f"{versions}, Python {python}",
    }


def variables(peer: Peer | None = None) -> dict[str, str]:
    """Return the environment variables of a process that is measured: the same number of threads for everybody."""
    # These two make OpenBLAS take itself for another processor's.
    kept = {name: value for name, value in os.environ.items() if name not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "LK_NUM_THREADS")
    threads = dict.fromkeys(names, str(N_THREADS))
    return kept | threads | (peer.variables if peer else {})
