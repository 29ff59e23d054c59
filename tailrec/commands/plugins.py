"""`tailrec plugins`: what is installed, without importing any of it."""

from __future__ import annotations

from typing import Annotated

import typer


def plugins(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the data sets, models and metrics that are installed, without importing any."""
    from tailrec.registry import listing

    columns = ("kind", "name", "version", "source", "status")
    rows = [{column: getattr(found, column) for column in columns} for found in listing()]
    if as_json:
        import json

        print(json.dumps(rows, indent=1))
        return
    rows.insert(0, dict(zip(columns, columns, strict=True)))
    widths = {column: max(len(row[column]) for row in rows) for column in columns}
    for row in rows:
        print("  ".join(row[column].ljust(widths[column]) for column in columns).rstrip())
