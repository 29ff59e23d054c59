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
