"""`tailrec new-plugin KIND NAME`: a package of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def new_plugin(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="What it is: data, model or metric.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name, such as my-model.")],
    into: Annotated[Path, typer.Option("--into", help="The folder to make it in.")] = Path("."),
) -> None:
    """Write a package with a plugin that works, its tests and all that it takes to ship it."""
    from tailrec.new_plugin import new_plugin as write

    folder = write(kind, name, into)
    module = folder.name.replace("-", "_")
    print(f"{folder} is made. What it does is in {module}/{name.replace('-', '_')}.py. In that folder:\n")
    print("  pip install -e '.[test]'")
    print("  pytest")
    print(f"  tailrec check {name}")
