"""Which rows of a table a picture shows: one metric, and of every scenario one window."""

from __future__ import annotations

import pandas as pd

from tailrec.results import POOLED


def tested_metric(differences: pd.DataFrame) -> str:
    """Return the first metric that is tested user by user, else the first, else an empty name."""
    tested = differences.loc[differences["p_value"].notna(), "metric"]
    return str(next(iter(tested), next(iter(differences["metric"]), "")))


def one_window(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the pooled window of every scenario where there is one, else those of its first.

    Examples
    --------
    >>> rows = pd.DataFrame({"scenario": ["a", "a", "b", "b"], "window": ["0", "pooled", "0", "8"]})
    >>> one_window(rows).values.tolist()
    [['a', 'pooled'], ['b', '0']]
    """
    pooled = set(rows.loc[rows["window"] == POOLED, "scenario"])
    rows = rows[~rows["scenario"].isin(pooled) | (rows["window"] == POOLED)]
    first = rows.groupby("scenario")["window"].transform("first")
    return rows[rows["window"] == first]
