"""What a seed did: how far the mean of a model moves when only its random numbers change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec.figures.window import one_window
from tailrec.report.groups import windows_of

if TYPE_CHECKING:
    from tailrec.results import Result


def compute_seeds(result: Result, metric: str, segments: list[str]) -> list[dict[str, Any]]:
    """Return, for every model fitted with several seeds, the lowest and highest of their means.

    Returns
    -------
    list of dict
        ``scenario``, ``model``, ``segment``, ``n`` seeds, ``lowest``, ``highest``, and ``low`` and ``high``: the
        interval over people, to set the range over seeds beside.
    """
    summary = one_window(result.summary())
    summary = summary[summary["metric"] == metric]
    interval = {(row.scenario, row.model, row.segment): (row.low, row.high) for row in summary.itertuples()}
    rows = []
    for scenario in dict.fromkeys(window.scenario for window in result.windows):
        names = [window.name for window in windows_of(result, scenario)]
        for segment in segments:
            masks = {w.name: w.segments[segment] for w in windows_of(result, scenario) if segment in w.segments}
            for model, by_seed in _values(result, scenario, metric).items():
                whole = [values for values in by_seed.values() if set(values) == set(names)]
                each = [np.concatenate([values[name][masks[name]] for name in masks]) for values in whole if masks]
                means = [float(np.nanmean(values)) for values in each if not np.isnan(values).all()]
                if len(means) > 1:
                    low, high = interval[scenario, model, segment]
                    place = {"scenario": scenario, "model": model, "segment": segment, "low": low, "high": high}
                    rows.append(place | {"n": len(means), "lowest": min(means), "highest": max(means)})
    return rows


def _values(result: Result, scenario: str, metric: str) -> dict[str, dict[int, dict[str, Any]]]:
    """Return the values of every model by seed and window."""
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for m in result.measured:
        if (m.scenario, m.metric) == (scenario, metric) and not isinstance(m.values, dict):
            found.setdefault(m.model, {}).setdefault(m.seed, {})[m.window] = m.values
    return found
