"""docs/conformance.md lists every check, in the words of the code."""

from pathlib import Path

from tailrec.conformance.checks import KINDS
from tailrec.conformance.listing import table, written_anew
from tailrec.conformance.running import all_checks_of

_PAGE = Path(__file__).parents[3] / "docs" / "conformance.md"


def test_the_page_is_as_it_would_be_written_anew():
    page = _PAGE.read_text("utf-8")
    assert written_anew(page) == page, "python -m tailrec.conformance.listing docs/conformance.md"


def test_every_check_stands_in_the_table():
    rows = table()
    for kind in KINDS:
        for check in all_checks_of(kind):
            assert f"| `{check.name}` |" in rows and check.holds.replace("|", "\\|") in rows
    assert all(line.count(" | ") == 3 for line in rows.splitlines() if line.startswith("| `"))
