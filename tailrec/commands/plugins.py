"""`tailrec plugins`: what is installed, without importing any of it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

NoPlugin = Annotated[
    list[str] | None,
    typer.Option("--no-plugin", help="Switch off a plugin, or all of a package. May be repeated."),
]


def plugins(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    load: Annotated[bool, typer.Option("--load", help="Try to import each, in processes of their own.")] = False,
    no_plugin: NoPlugin = None,
) -> None:
    """List the data sets, models and metrics that are installed, without importing any."""
    from tailrec.discovery import SWITCH, switched_off_in_vain
    from tailrec.registry import everything

    switch_off(no_plugin)
    found = everything()
    if load:
        from tailrec.trying import tried

        found = tried(found)
    columns = ("kind", "name", "version", "source", "status")
    rows = [{column: getattr(one, column) for column in columns} for one in found]
    for name in switched_off_in_vain():
        print(f"tailrec: {SWITCH} names `{name}`, which is no plugin and no package here", file=sys.stderr)
    if as_json:
        import json

        print(json.dumps(rows, indent=1))
        return
    rows.insert(0, dict(zip(columns, columns, strict=True)))
    widths = {column: max(len(row[column]) for row in rows) for column in columns}
    for row in rows:
        print("  ".join(row[column].ljust(widths[column]) for column in columns).rstrip())


def switch_off(names: list[str] | None) -> None:
    """Switch plugins off for this command."""
    if names:
        from tailrec import discovery

        discovery.switch_off(names)
