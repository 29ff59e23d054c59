"""Every plugin that is broken on purpose is told by the check that names its fault, and by no other."""

import os
from pathlib import Path

import pytest

from tailrec.conformance.checks import KINDS
from tailrec.conformance.opening import find_all
from tailrec.conformance.running import all_checks_of, check

_FILES = sorted(Path(__file__).parent.glob("broken_*.py"))
_PLUGINS = [(path.stem, found) for path in _FILES for found in find_all(str(path))]


@pytest.fixture(autouse=True)
def environment():
    """Leave the environment as it was: one of the plugins sets a variable."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.parametrize("found", [pytest.param(found, id=f"{file}-{found.label}") for file, found in _PLUGINS])
def test_a_fault_is_told_by_the_check_that_names_it_and_by_no_other(found):
    expected = found.cls.breaks
    report = check(found)
    assert {outcome.check: outcome.sentence for outcome in report.failed}.keys() == expected.keys(), report
    for name, words in expected.items():
        assert words in report[name].sentence
        assert report[name].sentence.count("; ") >= 1, "a sentence says what is wrong and how to mend it"


def test_there_are_many_and_every_check_is_seen_failing():
    told = {(found.kind, name) for _, found in _PLUGINS for name in found.cls.breaks}
    assert len([found for _, found in _PLUGINS if found.cls.breaks]) >= 30
    # A check of several kinds is one function: it is enough that it is seen failing for one of them.
    names = {name for _, name in told}
    assert [one.name for kind in KINDS for one in all_checks_of(kind) if one.name not in names] == []
