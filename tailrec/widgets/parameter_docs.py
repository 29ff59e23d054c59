"""What a class of parameters says of each of them in the *Parameters* section of its docstring."""

from __future__ import annotations

import inspect
import re
from typing import Any


def parameter_docs(cls: type[Any]) -> dict[str, str]:
    """Return the sentences on each parameter, by its name.

    Where a class says nothing, or *As in* another, its bases are asked.

    Examples
    --------
    >>> class Base:
    ...     '''A base.
    ...
    ...     Parameters
    ...     ----------
    ...     dim, epochs
    ...         A length,
    ...         and how often.
    ...     '''
    >>> class Model(Base):
    ...     '''A model.
    ...
    ...     Parameters
    ...     ----------
    ...     dim
    ...         As in `Base`.
    ...     l2
    ...         The ridge.
    ...     '''
    >>> parameter_docs(Model)
    {'dim': 'A length, and how often.', 'epochs': 'A length, and how often.', 'l2': 'The ridge.'}
    """
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        said = _section(inspect.cleandoc(vars(base).get("__doc__") or ""))
        found |= {name: text for name, text in said.items() if name not in found or not text.startswith("As in ")}
    return found


def _section(doc: str) -> dict[str, str]:
    match = re.search(r"^Parameters\n-{3,}\n(.*?)(?=^\S[^\n]*\n-{3,}$|\Z)", doc, re.DOTALL | re.MULTILINE)
    found: dict[str, str] = {}
    names: list[str] = []
    for line in match[1].splitlines() if match else ():
        if line and not line[0].isspace():
            names = [name.strip().lstrip("*") for name in line.partition(" : ")[0].split(",")]
        elif line.strip():
            for name in names:
                found[name] = f"{found.get(name, '')} {line.strip()}".lstrip()
    return found
