"""The result as a table of text: drawn by rich on a terminal, plain where it is piped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from tailrec.results import POOLED, Result

if TYPE_CHECKING:
    from rich.console import Console

#: The level below which an adjusted p-value counts as more than noise.
ALPHA = 0.05


def verdict(row: Any, higher_is_better: bool = True) -> str:
    """Return what a difference says: ``better``, ``worse``, ``no difference shown``, or nothing where it is not tested.

    It says better or worse only where the interval excludes zero and the adjusted p-value is below 0.05.
    """
    if math.isnan(row.p_adjusted):
        return ""
    if row.p_adjusted >= ALPHA or not (row.low > 0 or row.high < 0):
        return "no difference shown"
    return "better" if (row.low > 0) == higher_is_better else "worse"


def interval(low: float, high: float, form: str = "{:.4f} to {:.4f}") -> str:
    """Return how an interval is written; one person has none."""
    return "no interval" if math.isnan(low) else form.format(low, high)


def print_result(result: Result, console: Console) -> None:
    """Print, for every scenario and metric, the values by segment and then the differences from the baseline."""
    summary, differences = result.summary(), result.differences()
    for (scenario, metric), values in summary.groupby(["scenario", "metric"], sort=False):
        window = POOLED if POOLED in set(values["window"]) else values["window"].iloc[0]
        values = values[values["window"] == window]
        of_metric = (differences["scenario"] == scenario) & (differences["metric"] == metric)
        gaps = differences[of_metric & (differences["window"] == window)]
        n_windows = sum(w.scenario == scenario for w in result.windows)
        title = f"{scenario}: {metric}" + (f", {n_windows} windows pooled by person" if window == POOLED else "")
        print_table(console, f"{title}, value and 95 % interval", *_wide(values, _value_cell))
        if len(gaps):
            cell = partial(_difference_cell, higher_is_better=result.higher_is_better(str(metric)))
            sense = "" if result.higher_is_better(str(metric)) else ", lower is better"
            print_table(console, f"{title}, difference from {result.experiment.baseline}{sense}", *_wide(gaps, cell))
    for line in missing(result):
        console.print(line, style="red", markup=False, highlight=False, soft_wrap=True)
    for note in result.notes:
        console.print(f"note: {note}", markup=False, highlight=False, soft_wrap=True)


def missing(result: Result) -> list[str]:
    """Return a sentence for everything that failed; the seeds of a model share one."""
    return list(dict.fromkeys(f"missing: {failure}" for failure in result.failures))


def _wide(rows: pd.DataFrame, cell: Any) -> tuple[list[str], list[list[str]]]:
    """Return a header and rows: a model a row, a segment a column with its number of users."""
    sizes = rows.groupby("segment", sort=False)["n_users"].max()
    segments = [segment for segment in sizes.index if sizes[segment] > 0]
    header = ["model", *(f"{segment}\n{sizes[segment]:,} users" for segment in segments)]
    body = []
    for model, of_model in rows.groupby("model", sort=False):
        by_segment = {row.segment: row for row in of_model.itertuples()}
        body.append([str(model), *(cell(by_segment[s]) for s in segments)])
    return header, body


def _value_cell(row: Any) -> str:
    return (
        "undefined" if math.isnan(row.value) else f"{row.value:.4f}\n{interval(row.low, row.high, '[{:.4f}, {:.4f}]')}"
    )


def _difference_cell(row: Any, higher_is_better: bool) -> str:
    if math.isnan(row.difference):
        return "undefined"
    tested = "" if math.isnan(row.p_adjusted) else f"\np {row.p_adjusted:.4f} {verdict(row, higher_is_better)}"
    return f"{row.difference:+.4f}\n{interval(row.low, row.high, '[{:+.4f}, {:+.4f}]')}{tested}"


def print_table(console: Console, title: str, header: Sequence[str], body: Sequence[Sequence[str]]) -> None:
    """Print a table, a list of texts a row: drawn on a terminal, plain where it is piped; a text may have two lines."""
    if not console.is_terminal:
        _print_plain(title, header, body)
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, show_lines=False)
    for position, name in enumerate(header):
        table.add_column(Text(name), justify="left" if position == 0 else "right", overflow="fold")
    for line in body:
        table.add_row(*(_coloured(text) for text in line))
    console.print(table)


def _coloured(text: str) -> Any:
    from rich.text import Text

    # A word says it as well: colour is never the only sign.
    style = "green" if text.endswith(" better") else "red" if text.endswith(" worse") else ""
    return Text(text, style=style)


def _print_plain(title: str, header: Sequence[str], body: Sequence[Sequence[str]]) -> None:
    print(f"\n{title}")
    lines = [[text.replace("\n", "  ") for text in line] for line in (header, *body)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())
