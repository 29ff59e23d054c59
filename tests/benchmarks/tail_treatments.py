"""Every fact of the course about tail and head, measured anew on films and groceries, into docs/facts.md.

Settings are chosen on the validation (mean NDCG@10 of the tail, seeds from 100), the test is read with others. It takes
about two hours of one core; what is finished lies under --out and is not done again.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import tail_models
from facts_table import write_facts
from tail_methods import films, groceries

import tailrec
from tailrec.scenarios import Scenario, default_scenarios

#: Settings are chosen on the default thinning of the films, and on the first three windows of the groceries.
CHOOSING_SEEDS, CHOOSING_WINDOWS = {"films": (100, 101), "groceries": (100,)}, ("all", "0", "8", "16")
#: Films are thinned anew this often, and a model is fitted to each with three seeds; groceries have six windows.
N_THINNINGS = 5
SEEDS = {"films": 3, "films, removed events free": 1, "groceries": 1}
METHODS = {"films": films, "groceries": groceries}


def main() -> None:
    """Choose, compare, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="the folder that keeps every finished piece")
    parser.add_argument("--only", choices=[*METHODS], help="one of the data sets")
    parser.add_argument("--facts", type=Path, help="where to write; by default docs/facts.md", default=None)
    arguments = parser.parse_args()
    if arguments.out is None:
        print("tail_treatments.py takes about two hours: name a folder that keeps what is done, with --out")
        return
    chosen, results = {}, {}
    for data in [arguments.only] if arguments.only else METHODS:
        scenario = replace(default_scenarios()[data], models=None)
        chosen[data] = choose(data, scenario, arguments.out / data)
        for name, scenarios in measured_on(data, scenario).items():
            models = list(dict.fromkeys(chosen[data].values()))
            options = {"baseline": "popularity", "seeds": SEEDS[name], "out": arguments.out / name, "resume": True}
            results[name] = tailrec.compare(scenarios, models, "ndcg", **options)
            print(f"{name}: measured; failures: {results[name].failures}", flush=True)
    write_facts(results, chosen, {data: METHODS[data]() for data in chosen}, arguments.facts)


def measured_on(data: str, scenario: Scenario) -> dict[str, list[Scenario]]:
    """Return the scenarios that make up each table."""
    if data == "groceries":
        return {data: [scenario]}
    steps = {
        "films": tail_models.ThinHistories,
        "films, removed events free": tail_models.ThinWithoutMasking,
    }
    return {
        name: [replace(scenario, prepare=[step(seed=n)], name=f"{name}, thinning {n}") for n in range(N_THINNINGS)]
        for name, step in steps.items()
    }


def choose(data: str, scenario: Scenario, folder: Path) -> dict[str, str]:
    """Return the spelling that is best for the tail on the validation, for every method."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "trials.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    known = {trial["model"]: trial["tail"] for trial in map(json.loads, lines)}
    splits = [split for window, split in scenario.splits() if window in CHOOSING_WINDOWS]
    chosen: dict[str, str] = {}
    for method in METHODS[data]():
        spellings = list(method.spellings(chosen))
        for spelled in spellings if len(spellings) > 1 else ():
            if spelled not in known:
                trial = {"method": method.title, "model": spelled} | validated(spelled, splits, CHOOSING_SEEDS[data])
                known[spelled] = trial["tail"]
                with path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(trial, ensure_ascii=False) + "\n")
        chosen[method.title] = max(spellings, key=lambda spelled: known.get(spelled, 0.0))
        print(f"{data}: {method.title}: {chosen[method.title]}", flush=True)
    return chosen


def validated(spelled: str, splits: list[tailrec.Split], seeds: tuple[int, ...]) -> dict[str, float]:
    """Return the mean NDCG@10 on the validation by segment, over users, splits and seeds."""
    values: dict[str, list[np.ndarray]] = {"newest": [], "tail": [], "head": []}
    for split in splits:
        segments = tailrec.segment_users(split.train)
        for seed in seeds if "seed" in tailrec.model(spelled).parameter_names() else seeds[:1]:
            model = seeded(tailrec.model(spelled), seed).fit(split.train, validation=split.validation)
            ranking = tailrec.rank(model, split.validation, 10)
            each = tailrec.metric("ndcg").per_user(ranking)
            for name, found in values.items():
                found.append(each[segments[name][ranking.users]])
    return {name: float(np.nanmean(np.concatenate(found))) for name, found in values.items()}


def seeded(model: tailrec.ModelPlugin, seed: int) -> tailrec.ModelPlugin:
    """Return the model with another seed, where it has one."""
    has_one = "seed" in model.parameter_names()
    return type(model)(**(model.parameters() | {"seed": seed})) if has_one else model


if __name__ == "__main__":
    main()
