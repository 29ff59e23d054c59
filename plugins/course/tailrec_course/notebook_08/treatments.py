"""What the treatments of the tail gave on the films, as the benchmark `tail_treatments.py` measured it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

#: The stored file, beside the package's other data.
FILE = "tail_treatments.json"
#: What a row of it holds.
COLUMNS = ["method", "model", "against", "segment", "difference", "low", "high", "p_value"]


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
    ['all', 'head', 'tail']
    """
    import pandas as pd

    import tailrec

    stored = json.loads(files("tailrec_course").joinpath(FILE).read_text(encoding="utf-8"))
    rows = pd.DataFrame(stored["rows"], columns=COLUMNS)
    rows = rows.rename(columns={"model": "spelling", "method": "model", "against": "baseline"})
    rows = rows.assign(scenario="films", window="all", metric="ndcg", n_users=rows["segment"].map(stored["n_users"]))
    if against == "control":
        rows = rows[rows["baseline"].str.contains("control")]
    elif against is not None:
        rows = rows[rows["baseline"] == against]
    return rows.reset_index(drop=True).assign(p_adjusted=tailrec.holm(rows["p_value"].to_numpy()))
