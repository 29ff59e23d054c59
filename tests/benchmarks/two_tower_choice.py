"""Which towers serve whom, on the validation alone: mean NDCG@10 of three seeds by segment, films and groceries.

Every configuration that was tried in the end stands here, those that are no better too. The test is not looked at.
"""

from __future__ import annotations

import argparse

import numpy as np

import tailrec
from tailrec.scenarios import scenario

SCENARIOS = {"films": "films", "groceries": "groceries-one-window"}
SEGMENTS = ("newest", "tail", "head", "known")
MODELS = [
    "popularity",
    "ease",
    "two-tower",
    "two-tower:item=both",
    "two-tower:user=history",
    "two-tower:user=history,l2=0.03",
    "two-tower:user=both",
    "two-tower:user=both,item=both",
    "two-tower:user=history,item=both",
    "two-tower:user=history,item=both,l2=0.03",
    "two-tower:user=history,item=both,l2=0.03,truncate=0.25",
    "two-tower:user=history,item=both,l2=0.03,truncate=0.5",
    "two-tower:user=history,item=both,l2=0.03,truncate=0.25,dim=128",
]


def validated(spelling: str, split, n_seeds: int) -> list[float]:
    """Return the mean NDCG@10 on the validation of each segment; `known` are all who have a history."""
    masks = tailrec.segment_users(split.train)
    masks["known"] = ~masks["new"]
    found = []
    for seed in range(n_seeds):
        values = {"seed": seed} if "seed" in tailrec.model(spelling).parameter_names() else {}
        model = tailrec.model(spelling, **values).fit(split.train, validation=split.validation)
        measured = tailrec.evaluate(model, split, "ndcg", on="validation")["value"].to_numpy()
        found.append([np.nanmean(measured[masks[name]]) for name in SEGMENTS])
        if not values:
            break
    return np.mean(found, axis=0).tolist()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="seeds a model")
    parser.add_argument("--models", nargs="+", default=MODELS, metavar="MODEL", help="spellings")
    arguments = parser.parse_args()
    print(f"\n{__doc__}")
    for title, name in SCENARIOS.items():
        split = next(split for _, split in scenario(name).splits())
        print(f"{title:70}" + "".join(f"{segment:>9}" for segment in SEGMENTS))
        for spelling in arguments.models:
            values = validated(spelling, split, arguments.seeds)
            print(f"{spelling:70}" + "".join(f"{value:9.4f}" for value in values), flush=True)


if __name__ == "__main__":
    main()
