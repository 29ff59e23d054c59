"""Stored results, so that a notebook can open them without running for minutes."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def main_job() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return summary and differences as `tailrec compare` left them, rows as in `Result`.

    Examples
    --------
    >>> summary, differences = main_job()
    >>> differences["baseline"].unique().tolist()
    ['popularity']
    """
    import pandas as pd

    text = files("tailrec_course").joinpath("main_job.json").read_text(encoding="utf-8")
    stored = json.loads(text)
    return pd.DataFrame(stored["summary"]), pd.DataFrame(stored["differences"])


def two_tower_speed() -> dict[str, pd.Series]:
    """Return what `tests/benchmarks/two_tower.py` measured, each time as a multiple of the first of its list.

    Examples
    --------
    >>> sorted(two_tower_speed())
    ['epoch', 'lists of everybody']
    """
    import pandas as pd

    text = files("tailrec_course").joinpath("two_tower_speed.json").read_text(encoding="utf-8")
    return {what: pd.Series(times) for what, times in json.loads(text).items() if isinstance(times, dict)}


def open_goal() -> pd.DataFrame:
    """Return what `tests/benchmarks/open_goal.py --report` measured on the held-out windows, once.

    Columns ``attempt``, ``segment``, ``against``, ``n`` people, ``value`` (the mean difference in NDCG@10), ``low`` and
    ``high`` (95 %), ``adjusted_low`` and ``adjusted_high`` (for the number of attempts), ``p``.

    Examples
    --------
    >>> open_goal()["attempt"].nunique()
    5
    """
    import pandas as pd

    with files("tailrec_course").joinpath("open_goal_reported.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file)
