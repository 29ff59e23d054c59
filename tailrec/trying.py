"""Trying whether plugins can be loaded: each package in a process of its own, so that no import can hurt another."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from tailrec.discovery import Found

_CHILD = """
import json, sys
from tailrec import registry
for kind, name in json.loads(sys.argv[1]):
    try:
        registry.find(kind, name)
    except registry.PluginError:
        pass
    status = next(one.status for one in registry.listing() if (one.kind, one.name) == (kind, name))
    with open(sys.argv[2], "a", encoding="utf-8") as file:
        print(json.dumps(status), file=file)
"""


def tried(plugins: Iterable[Found], seconds: float = 60.0) -> list[Found]:
    """Return the plugins with what became of importing them.

    Parameters
    ----------
    plugins
        As `registry.everything` lists them; what is switched off, not installed, or declared in a way that cannot
        be tried stays as it is.
    seconds
        How long the imports of one package may take.
    """
    found = []
    for source, group in groupby(sorted(plugins, key=lambda one: one.source), key=lambda one: one.source):
        listed = list(group)
        wanted = [one for one in listed if one.entry_point is not None and not one.status.startswith("disabled")]
        found += [one for one in listed if one not in wanted]
        while wanted:
            statuses, end = _statuses(wanted, seconds)
            found += [replace(one, status=status) for one, status in zip(wanted, statuses, strict=False)]
            wanted = wanted[len(statuses) :]
            if wanted and end:  # the one that it had come to is to blame; the others get a process of their own
                found.append(replace(wanted.pop(0), status=f"broken: {end}"))
            elif wanted:
                found += [replace(one, status=f"broken: {source} could not be tried") for one in wanted]
                break
    return sorted(found, key=lambda one: (one.kind, one.name))


def _statuses(plugins: list[Found], seconds: float) -> tuple[list[str], str]:
    """Return the statuses that a process found one after the other, and how it ended where that was too early."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "statuses"
        names = json.dumps([(one.kind, one.name) for one in plugins])
        command = [sys.executable, "-c", _CHILD, names, str(report)]
        try:
            code = subprocess.run(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=seconds
            ).returncode
            end = f"its import ended the process with status {code}"
        except subprocess.TimeoutExpired:
            end = f"its import took longer than {seconds:g} s"
        lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
        return [json.loads(line) for line in lines], end
