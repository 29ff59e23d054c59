"""From a `Result` to the page: what it shows is computed here, how it looks stands in the template."""

from __future__ import annotations

import base64
import io
import math
from typing import Any

import jinja2

from tailrec import figures
from tailrec.results import POOLED, Result
from tailrec.tables import interval, verdict


def report_html(result: Result) -> str:
    """Return the report as one self-contained HTML page; whatever comes from the data is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tailrec.report", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template("page.html.j2").render(compute_page(result))


def compute_page(result: Result) -> dict[str, Any]:
    """Return everything that the page shows."""
    from tailrec.outputs import run_toml

    metrics = list(dict.fromkeys(result.summary()["metric"]))
    differences = result.differences()
    # A picture and a verdict need a metric that is tested user by user.
    shown = next(iter(differences.loc[differences["p_value"].notna(), "metric"]), metrics[0])
    return {
        "baseline": result.experiment.baseline,
        "sentences": compute_sentences(result, shown),
        "figure": _picture(result, shown),
        "metric": shown,
        "sections": [_section(result, scenario.name, metrics) for scenario in result.experiment.scenarios],
        "failures": list(dict.fromkeys(str(failure) for failure in result.failures)),
        "notes": list(result.notes),
        "removed": [
            {"scenario": scenario, "window": window, "rows": table.to_dict(orient="records")}
            for (scenario, window), table in result.removed.items()
        ],
        "specification": run_toml(result),
    }


def compute_sentences(result: Result, metric: str) -> list[dict[str, str]]:
    """Return one plain sentence a scenario and model: for whom it is better, for whom worse, where nothing is shown."""
    sentences = []
    rows = figures.compute_forest(result.differences(), metric, higher_is_better=result.higher_is_better(metric))
    for (scenario, model), of_model in rows.groupby(["scenario", "model"], sort=False):
        parts = []
        for said in ("better", "worse", "no difference shown"):
            who = [str(row.segment) for row in of_model.itertuples() if row.verdict == said]
            if who:
                parts.append(f"{said} for {', '.join(who)}")
        sentences.append({"scenario": str(scenario), "model": str(model), "text": "; ".join(parts)})
    return sentences


def _section(result: Result, scenario: str, metrics: list[str]) -> dict[str, Any]:
    summary, differences = result.summary(), result.differences()
    summary = summary[summary["scenario"] == scenario]
    differences = differences[differences["scenario"] == scenario]
    window = POOLED if POOLED in set(summary["window"]) else next(iter(summary["window"]), "all")
    summary, differences = summary[summary["window"] == window], differences[differences["window"] == window]
    gaps = {(row.model, row.segment, row.metric): row for row in differences.itertuples()}
    sizes = summary.groupby("segment", sort=False)["n_users"].max()
    segments = [segment for segment in sizes.index if sizes[segment]]
    tables = []
    for metric in metrics:
        rows, higher = [], result.higher_is_better(metric)
        for model, of_model in summary[summary["metric"] == metric].groupby("model", sort=False):
            by_segment = {row.segment: row for row in of_model.itertuples()}
            cells = [_cell(by_segment[segment], gaps.get((model, segment, metric)), higher) for segment in segments]
            rows.append({"model": model, "cells": cells})
        tables.append({"metric": metric, "rows": rows})
    return {
        "name": scenario,
        "windows": sum(w.scenario == scenario for w in result.windows),
        "data": next(w.split.train for w in result.windows if w.scenario == scenario),
        "segments": [{"name": segment, "n_users": int(sizes[segment])} for segment in segments],
        "tables": tables,
    }


def _cell(value: Any, gap: Any, higher_is_better: bool) -> dict[str, Any]:
    if math.isnan(value.value):
        return {"lines": ["undefined"], "verdict": ""}
    lines = [f"{value.value:.4f}", interval(value.low, value.high)]
    if gap is None or math.isnan(gap.difference):
        return {"lines": lines, "verdict": ""}
    lines += [f"{gap.difference:+.4f} ({interval(gap.low, gap.high, '{:+.4f} to {:+.4f}')})"]
    lines += [] if math.isnan(gap.p_adjusted) else [f"p {gap.p_adjusted:.4f}"]
    return {"lines": lines, "verdict": verdict(gap, higher_is_better)}


def _picture(result: Result, metric: str) -> str:
    higher = result.higher_is_better(metric)
    rows = figures.compute_forest(result.differences(), metric, higher_is_better=higher)
    if rows.empty:
        return ""
    buffer = io.BytesIO()
    figure = figures.draw_forest(rows, metric, result.experiment.baseline, higher_is_better=higher)
    figure.savefig(buffer, format="png", dpi=150, metadata={"Software": None})
    return base64.b64encode(buffer.getvalue()).decode()
