"""What the treatments of the tail gave on the films, as the benchmark `tail_treatments.py` measured it."""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_FILE = "tail_treatments.json"
_COLUMNS = ["method", "model", "against", "segment", "difference", "low", "high", "p_value"]


def tail_treatments(against: str | None = None) -> pd.DataFrame:
    """Return the measured differences in NDCG@10 between a treatment and what it is compared with.

    Parameters
    ----------
    against
        What it is compared with: ``two-tower``, ``popularity``, or ``control`` for each treatment's random control.
        By default all rows.

    Returns
    -------
    DataFrame
        Columns as in `tailrec.Result.differences`, with the treatment as ``model`` and what it is compared with as
        ``baseline``, and ``spelling``, the chosen settings. ``p_adjusted`` is by Holm over the rows that are returned.

    Examples
    --------
    >>> rows = tail_treatments("two-tower")
    >>> sorted(rows["segment"].unique())
    ['head', 'newest', 'tail']
    """
    import pandas as pd

    import tailrec

    stored = json.loads(files("tailrec_course").joinpath(_FILE).read_text(encoding="utf-8"))
    rows = pd.DataFrame(stored["rows"], columns=_COLUMNS)
    rows = rows.rename(columns={"model": "spelling", "method": "model", "against": "baseline"})
    rows = rows.assign(scenario="films", window="all", metric="ndcg", n_users=rows["segment"].map(stored["n_users"]))
    if against == "control":
        rows = rows[rows["baseline"].str.contains("control")]
    elif against is not None:
        rows = rows[rows["baseline"] == against]
    return rows.reset_index(drop=True).assign(p_adjusted=tailrec.holm(rows["p_value"].to_numpy()))


def write(facts: Path, into: Path) -> None:
    """Write the two-tower's rows of docs/facts.csv, which the benchmark left, as the notebook reads them."""
    import pandas as pd

    import tailrec

    table = pd.read_csv(facts)
    mine = (table["scenario"] == "films") & table["model"].str.contains("two-tower")
    mine &= ~table["model"].str.contains("user=history|item=both")
    (_, split), *_ = tailrec.Scenario("movielens-small", "last-fraction", prepare=["thin-histories:seed=0"]).splits()
    segments = tailrec.segment_users(split.train)
    stored: dict[str, Any] = {
        "made_by": [
            "python tests/benchmarks/tail_treatments.py --out FOLDER",
            "python -m tailrec_course.notebook_08.treatments docs/facts.csv",
        ],
        "n_users": {name: int(segments[name].sum()) for name in ("newest", "tail", "head")},
        "rows": table.loc[mine, _COLUMNS].values.tolist(),
    }
    into.write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(str(files("tailrec_course").joinpath(_FILE))))
