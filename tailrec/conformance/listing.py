"""The list of checks as a table of Markdown, and the page that holds it.

``python -m tailrec.conformance.listing docs/conformance.md`` writes the table of the page anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tailrec.conformance.checks import KINDS, Check
from tailrec.conformance.running import all_checks_of

_HEAD = "| check | of | what it holds | how to mend |\n|---|---|---|---|\n"
BEGIN, END = "<!-- checks -->\n", "<!-- end of checks -->\n"


def table() -> str:
    """Return the checks, a row each: name, kinds, what it holds and how to mend what breaks it."""
    rows: dict[str, list[Check]] = {}
    for kind in KINDS:
        for check in all_checks_of(kind):
            rows.setdefault(f"{check.name} {check.holds}", []).append(check)
    return _HEAD + "".join(_row(same) for same in rows.values())


def written_anew(page: str) -> str:
    """Return a page with the table between its marks written anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def _row(same: list[Check]) -> str:
    kinds = "every" if len(same) == len(KINDS) else ", ".join(one.kind for one in same)
    cells = (f"`{same[0].name}`", kinds, same[0].holds, same[0].mend)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(written_anew(path.read_text("utf-8")), "utf-8")
