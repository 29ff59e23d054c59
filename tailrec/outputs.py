"""What a run leaves in its folder: `summary.json`, `results.parquet`, `run.toml`, `report.html`."""

from __future__ import annotations

import io
import json
import math
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from tailrec.discovery import installed
from tailrec.experiments import to_toml
from tailrec.names import spelling
from tailrec.parameters import Parameters
from tailrec.results import Result
from tailrec.runs import RunStore
from tailrec.specification import Experiment

_VERSIONS_OF = ("tailrec", "numpy", "scipy", "pandas")


def write_outputs(result: Result, folder: str | Path) -> dict[str, Path]:
    """Write the four files and return their paths by name; each is either whole or as it was."""
    store = RunStore(folder)
    contents = {
        "summary.json": summary_json(result).encode(),
        "results.parquet": _parquet(result.per_user()),
        "run.toml": run_toml(result).encode(),
        "report.html": _report(result).encode(),
    }
    paths = {name: store.folder / name for name in contents}
    with store.publishing():
        for name, content in contents.items():
            store.write(paths[name], content)
    return paths


def summary_json(result: Result) -> str:
    """Return the rows of summary and differences as JSON; what is undefined is null, and no time stands in it."""
    document = {"summary": _rows(result.summary()), "differences": _rows(result.differences())}
    return json.dumps(document, indent=1, allow_nan=False) + "\n"


def run_toml(result: Result) -> str:
    """Return the exact specification, with the versions it ran on in comments, and what a file cannot hold."""
    versions = {"python": platform.python_version()} | {name: metadata.version(name) for name in _VERSIONS_OF}
    versions |= dict(sorted({(found.source, found.version) for found in installed()}))
    header = "# The exact specification of this run: `tailrec compare run.toml` repeats it.\n"
    unheld = _of_python_alone(result.experiment)
    if unheld:
        header = f"# The specification of this run. A file cannot hold what Python gave it: {', '.join(unheld)}.\n"
    return header + "".join(f"# {name} {version}\n" for name, version in versions.items()) + to_toml(result.experiment)


def _of_python_alone(experiment: Experiment) -> list[str]:
    known = {(found.kind, found.name) for found in installed()}
    given = [("model", model) for model in experiment.models] + [("metric", metric) for metric in experiment.metrics]
    unheld = [f"the {kind} {spelling(one)}" for kind, one in given if (kind, one.name) not in known]
    for scenario in experiment.scenarios:
        data = scenario.spelled()["data"]
        if ("data", data.partition(":")[0]) not in known:
            unheld.append(f"the data of {scenario.name}")
    return unheld + (["the segment rule"] if not isinstance(experiment.segments, (str, Parameters)) else [])


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = table.to_dict(orient="records")
    return [{str(k): None if isinstance(v, float) and math.isnan(v) else v for k, v in row.items()} for row in rows]


def _parquet(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()


def _report(result: Result) -> str:
    from tailrec.report.page import report_html

    return report_html(result)
