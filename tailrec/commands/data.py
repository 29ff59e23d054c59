"""`tailrec data NAME`: what a data set holds, and its terms."""

from __future__ import annotations

import sys
import traceback
from typing import Annotated

import typer


def data(
    name: Annotated[str, typer.Argument(help="A data set: NAME[:key=value,...].")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    trace: Annotated[bool, typer.Option("--trace", help="Print the traceback of a plugin that failed.")] = False,
) -> None:
    """Load a data set and say what is in it."""
    from tailrec.errors import PluginError, TailrecError
    from tailrec.failures import trace_of
    from tailrec.registry import load

    try:
        loaded = load(name)
    except TailrecError as error:
        if trace:
            print(trace_of(error), file=sys.stderr)
        raise
    except Exception as error:
        if trace:
            traceback.print_exception(error)
        raise PluginError(f"the data set {name} could not be loaded: {type(error).__name__}: {error}") from error
    facts = {key: value.item() if hasattr(value, "item") else value for key, value in loaded.describe().items()}
    if as_json:
        import json

        print(json.dumps({"name": name, "title": loaded.title, "licence": loaded.licence, **facts}, indent=1))
        return
    print(f"{loaded.title or name}\n{loaded.licence}".rstrip())
    for key, value in facts.items():
        print(f"{key:20} {value:,.4g}" if isinstance(value, float) else f"{key:20} {value:,}")
