"""Write `tail_treatments.json` from what the benchmark left: ``python -m ... docs/facts.csv``."""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path

import pandas as pd

import tailrec
from tailrec_course.notebook_08.treatments import COLUMNS, FILE

MADE_BY = [
    "python tests/benchmarks/tail_treatments.py --out FOLDER",
    "python -m tailrec_course.notebook_08.store_treatments docs/facts.csv",
]


def store(facts: Path, into: Path) -> None:
    """Write the films' rows of the two-tower by id, plain and treated, without its comparison with EASE."""
    table = pd.read_csv(facts)
    mine = (table["scenario"] == "films") & table["model"].str.contains("two-tower")
    mine &= ~table["model"].str.contains("user=history|item=both") & (table["against"] != "EASE")
    (_, split), *_ = tailrec.Scenario("movielens-small", "last-fraction", prepare=["thin-histories:seed=0"]).splits()
    segments = tailrec.segment_users(split.train)
    n_users = {name: int(segments[name].sum()) for name in dict.fromkeys(table.loc[mine, "segment"])}
    rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in table.loc[mine, COLUMNS].values.tolist())
    head = json.dumps({"made_by": MADE_BY, "n_users": n_users}, indent=1)
    into.write_text(f'{head[:-2]},\n "rows": [\n  {rows}\n ]\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    store(Path(sys.argv[1]), Path(str(files("tailrec_course").joinpath(FILE))))
