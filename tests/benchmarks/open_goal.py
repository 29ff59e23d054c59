"""The open goal: beat `popularity` for households with at most five products, and be no worse than `ease` for the head.

    python tests/benchmarks/open_goal.py             # every attempt, on the windows that start in weeks 0, 8 and 16
    python tests/benchmarks/open_goal.py --dense     # the same attempts on starts 0, 2, ..., 16
    python tests/benchmarks/open_goal.py --report    # the frozen candidates on weeks 24, 32 and 40: once, for good

Values are kept in results/open-goal, a file an attempt, window and seed, and a run that was interrupted goes on. What
has been reported stands in open_goal_reported.csv; an attempt in there is not reported again.
"""

from __future__ import annotations

import argparse
import os
from functools import cache
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from open_goal_attempts import ATTEMPTS, FROZEN, REPORTED_BEFORE

import tailrec

HERE = Path(__file__).parent
STORE = HERE.parent.parent / "results" / "open-goal"
RECORD = HERE / "open_goal_reported.csv"
DEVELOPMENT, DENSE, HELD_OUT = (0, 8, 16), tuple(range(0, 17, 2)), (24, 32, 40)
SEEDS = 3


@cache
def split_of(start: int) -> tailrec.Split:
    scenario = tailrec.Scenario(
        "grocery",
        split="temporal:train=4,validation=1,test=4,unit=week",
        prepare=["drop-rare-items:min_users=10"],
        windows=[start],
    )
    return next(split for _, split in scenario.splits())


def values_of(label: str, make, start: int) -> np.ndarray:
    """Return (n_users,) the test NDCG@10 of everybody with a history and a target, seeds averaged."""
    split = split_of(start)
    seeds = range(SEEDS) if "seed" in make().parameter_names() else (None,)
    found = []
    for seed in seeds:
        path = STORE / f"{label}-{start}-{seed}.npy".replace(" ", "_").replace("/", "-")
        if not path.exists():
            model = make() if seed is None else make(seed=seed)
            model.fit(split.train, validation=split.validation)
            values = tailrec.metric("ndcg").per_user(tailrec.rank(model, split.test, 10, users=asked(start)))
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_suffix(".part.npy")
            np.save(temporary, values)
            temporary.rename(path)
        found.append(np.load(path))
    return np.mean(found, axis=0)


def asked(start: int) -> np.ndarray:
    split = split_of(start)
    return np.flatnonzero((split.test.targets.getnnz(axis=1) > 0) & (split.train.history_lengths() > 0))


def differences(label: str, make, segment: str, against: str, starts: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return (n,) differences from another model in the windows pooled, and whose they are."""
    found, households = [], []
    for start in starts:
        users = asked(start)
        here = tailrec.segment_users(split_of(start).train)[segment][users]
        other = values_of(against, lambda: tailrec.model(against), start)
        found.append((values_of(label, make, start) - other)[here])
        households.append(users[here])
    return np.concatenate(found), np.concatenate(households)


def rows(label: str, make, starts: tuple[int, ...], n_reported: int = 1) -> list[dict]:
    """Return the differences from popularity, and for the head from EASE, resampled by household.

    `adjusted_low` and `adjusted_high` bound the interval that Bonferroni widens for the number reported.
    """
    out = []
    for segment, against in (
        ("newest", "popularity"),
        ("tail", "popularity"),
        ("head", "popularity"),
        ("head", "ease"),
    ):
        difference, household = differences(label, make, segment, against, starts)
        value, low, high = tailrec.bootstrap_interval(difference, household)
        adjusted = tailrec.bootstrap_interval(difference, household, level=1 - 0.05 / n_reported)
        p = tailrec.sign_flip_p_value(difference, household)
        out.append(
            {"attempt": label, "segment": segment, "against": against, "n": len(difference), "value": value}
            | {"low": low, "high": high, "adjusted_low": adjusted.low, "adjusted_high": adjusted.high, "p": p}
        )
    return out


def line(found: list[dict]) -> str:
    cells = (f"{row['value']:+.4f} [{row['low']:+.4f}, {row['high']:+.4f}]" for row in found)
    return f"| {found[0]['attempt']} | {' | '.join(cells)} |".replace("-0.", "−0.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dense", action="store_true", help="development on nine overlapping windows")
    parser.add_argument("--report", action="store_true", help="the frozen candidates on the held-out windows, once")
    parser.add_argument("--only", default="", help="attempts whose name holds this")
    given = parser.parse_args()
    if given.report:
        return report()
    starts = DENSE if given.dense else DEVELOPMENT
    print("| attempt | newest | tail | head | head, against EASE |\n|---|---|---|---|---|")
    for label, make in ATTEMPTS.items():
        if given.only in label:
            print(line(rows(label, make, starts)), flush=True)
    return None


def report() -> None:
    labels = [*FROZEN, *REPORTED_BEFORE]
    done = pd.read_csv(RECORD) if RECORD.exists() else pd.DataFrame(columns=["attempt"])
    for label in labels:
        if label in set(done["attempt"]):
            print(f"{label}: reported before, and so not again")
            continue
        new = pd.DataFrame(rows(label, ATTEMPTS[label], HELD_OUT, len(labels)))
        done = pd.concat([done, new], ignore_index=True).astype({"n": int})
        done.to_csv(RECORD, index=False, float_format="%.6f")
    print(done.round(4).to_string(index=False))
    newest = done[done["segment"] == "newest"]
    print(newest[["attempt", "p"]].assign(p_adjusted=tailrec.holm(newest["p"])).round(4).to_string(index=False))


if __name__ == "__main__":
    main()
