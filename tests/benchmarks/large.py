"""popularity, item-knn and ials on a million events of 30,000 users with 40,000 items, through `tailrec compare`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from memory import run_watched
from peers import variables
from startup import TAILREC, say

N_USERS, N_ITEMS, N_EVENTS = 30_000, 40_000, 1_000_000
MODELS = ("popularity", "item-knn", "ials")


def write_events(path: Path) -> None:
    """Write distinct pairs of user and item with a timestamp each: many users with little and few with much."""
    rng = np.random.default_rng(0)
    events = pd.DataFrame(
        {
            "user": (N_USERS * rng.random(2 * N_EVENTS) ** 1.5).astype(np.int64),
            "item": (N_ITEMS * rng.random(2 * N_EVENTS) ** 2).astype(np.int64),
            "timestamp": rng.integers(0, 10**9, 2 * N_EVENTS),
        }
    )
    # Everybody and everything occurs at least once.
    events.loc[: N_ITEMS - 1, "item"] = np.arange(N_ITEMS)
    events.loc[: N_USERS - 1, "user"] = np.arange(N_USERS)
    events.drop_duplicates(["user", "item"]).head(N_EVENTS).to_csv(path, index=False)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="pieces side by side")
    arguments = parser.parse_args()
    print(f"\n{__doc__}\n{arguments.jobs} jobs, Python {sys.version.split()[0]}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        write_events(Path(folder) / "events.csv")
        command = [TAILREC, "compare", "--data", f"csv:path={folder}/events.csv", "--split", "last-fraction"]
        for model in MODELS:
            command += ["--model", model]
        command += ["--jobs", str(arguments.jobs), "--out", f"{folder}/results"]
        taken, peak, _ = run_watched(command, variables())
    print(f"seconds: {taken:.0f}")
    say("memory of all its processes", peak / 1024, 8, "GB")


if __name__ == "__main__":
    main()
