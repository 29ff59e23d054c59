"""`tailrec check`: what is wrong with a plugin, and how to mend it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from tailrec.commands.plugins import NoPlugin, switch_off


def check(
    what: Annotated[
        str,
        typer.Argument(help="NAME or module:Class, either with :key=value,..., file.py, or the folder of a package."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    trace: Annotated[bool, typer.Option("--trace", help="Print the tracebacks of what the plugin raised.")] = False,
    no_plugin: NoPlugin = None,
) -> None:
    """Check a plugin: its contract, and what it finds in planted data. Exit status 1 where a check failed."""
    import json

    from tailrec.conformance.opening import Unmade, find_all
    from tailrec.conformance.running import check as run

    switch_off(no_plugin)
    if "" not in sys.path:
        sys.path.insert(0, "")  # module:Class is looked for where the command is given
    reports, not_checked = [], []
    for found in find_all(what):
        if isinstance(found, Unmade):
            not_checked.append(found)
            continue
        reports.append(run(found))
        if not as_json:
            print(reports[-1])
    if as_json:
        well = bool(reports) and all(report.ok for report in reports)
        facts = {"ok": well, "reports": [report.as_dict() for report in reports]}
        print(json.dumps(facts | {"not_checked": {one.label: one.reason for one in not_checked}}, indent=1))
    for one in not_checked:
        print(f"tailrec: not checked, {one.reason}; give it one: {one.example}", file=sys.stderr)
    for report in reports if trace else ():
        for outcome in report.outcomes:
            if outcome.trace:
                print(f"\n{report.plugin}, {outcome.check}:\n{outcome.trace}", file=sys.stderr)
    if not all(report.ok for report in reports):
        raise typer.Exit(1)
    if not reports:
        raise typer.Exit(2)
