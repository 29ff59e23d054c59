"""All numbers of a scenario: a table a metric, a row a model, a column a segment."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from tailrec.figures.window import one_window
from tailrec.report.groups import windows_of
from tailrec.tables import interval, verdict

if TYPE_CHECKING:
    from tailrec.results import Result


def compute_numbers(result: Result, scenario: str, metrics: list[str], sizes: dict[str, int]) -> dict[str, Any]:
    """Return what the section of a scenario shows.

    Parameters
    ----------
    result, scenario, metrics
        What a comparison found, and the scenario and metrics to show.
    sizes
        The segments in the order of the columns, with the number of people measured.

    Returns
    -------
    dict
        ``name``, the number of ``windows``, the ``data`` with title and licence, ``segments`` with their
        ``n_users`` and one entry of ``tables`` a metric, with ``rows`` of as many ``cells`` as there are segments.
    """
    summary, differences = (one_window(rows) for rows in (result.summary(), result.differences()))
    summary, differences = (rows[rows["scenario"] == scenario] for rows in (summary, differences))
    gaps = {(row.model, row.segment, row.metric): row for row in differences.itertuples()}
    segments = [segment for segment, n_users in sizes.items() if n_users]
    tables = []
    for metric in metrics:
        rows, higher = [], result.higher_is_better(metric)
        for model, of_model in summary[summary["metric"] == metric].groupby("model", sort=False):
            by_segment = {row.segment: row for row in of_model.itertuples()}
            cells = [_cell(by_segment.get(segment), gaps.get((model, segment, metric)), higher) for segment in segments]
            rows.append({"model": model, "cells": cells})
        tables.append({"metric": metric, "rows": rows, "higher": higher})
    windows = windows_of(result, scenario)
    return {
        "name": scenario,
        "windows": len(windows),
        "data": windows[0].split.train,
        "segments": [{"name": segment, "n_users": sizes[segment]} for segment in segments],
        "tables": tables,
    }


def _cell(value: Any, gap: Any, higher_is_better: bool) -> dict[str, Any]:
    if value is None or math.isnan(value.value):
        return {"lines": ["undefined"], "verdict": ""}
    lines = [f"{value.value:.4f}", interval(value.low, value.high)]
    if gap is None or math.isnan(gap.difference):
        return {"lines": lines, "verdict": ""}
    lines += [f"{gap.difference:+.4f} ({interval(gap.low, gap.high, '{:+.4f} to {:+.4f}')})"]
    lines += [] if math.isnan(gap.p_adjusted) else [f"p {gap.p_adjusted:.4f}"]
    return {"lines": lines, "verdict": verdict(gap, higher_is_better)}
