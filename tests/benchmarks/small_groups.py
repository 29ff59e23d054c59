"""How often a 95 % interval holds the true mean in small groups: the reason for the report's rule of 30 people.

The paired differences in NDCG@10 of `ease` and `popularity` for the tail are taken as a population whose mean is known;
groups are drawn from it, and the intervals that hold the mean are counted.
"""

from __future__ import annotations

import argparse

import numpy as np

import tailrec

SIZES = (5, 10, 20, 30, 50, 100, 200)


def population(scenario: str) -> np.ndarray:
    """Return (n_users,) the differences of the tail."""
    result = tailrec.compare(scenario, ["popularity", "ease"], ["ndcg"])
    values = {m.model: m.values for m in result.measured}
    return (values["ease"] - values["popularity"])[result.windows[0].segments["tail"]]


def share_held(values: np.ndarray, size: int, groups: int) -> float:
    """Return the share of intervals over groups of a size that hold the mean of all."""
    rng = np.random.default_rng(size)
    held = 0
    for seed in range(groups):
        drawn = rng.choice(values, size)
        _, low, high = tailrec.bootstrap_interval(drawn, n_resamples=1_000, seed=seed)
        held += low <= values.mean() <= high
    return held / groups


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--groups", type=int, default=1_000, help="how many groups of each size are drawn")
    groups = parser.parse_args().groups
    print("| drawn from the tail of |", " | ".join(f"{size} people" for size in SIZES), "|")
    for scenario in ("films", "groceries-one-window"):
        values = population(scenario)
        shares = [f"{share_held(values, size, groups):.0%}" for size in SIZES]
        print(f"| {scenario} |", " | ".join(shares), "|", flush=True)


if __name__ == "__main__":
    main()
