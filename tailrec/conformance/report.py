"""What the checks found: a table, an HTML table, JSON."""

from __future__ import annotations

import html
import json
import re
import textwrap
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Status = Literal["passed", "failed", "expected failure", "not applicable"]
_WIDTH = 116


@dataclass(frozen=True)
class Outcome:
    """What came of one check.

    Attributes
    ----------
    check
        The check's name.
    outcome
        ``passed``, ``failed``, ``expected failure`` (it was declared, with a reason) or ``not applicable``.
    sentence
        What is wrong and how to mend it; the reason of an expected failure; why a check was not applicable.
    trace
        The traceback of what the plugin raised.
    """

    check: str
    outcome: Status
    sentence: str = ""
    trace: str = field(default="", repr=False)


@dataclass(frozen=True, repr=False)
class Report:
    """What came of all checks of a plugin.

    Attributes
    ----------
    plugin
        Its spelling.
    kind
        ``data``, ``model`` or ``metric``.
    outcomes
        One a check, in the order in which they were run.
    seconds
        How long it took.
    note
        What took long, where it did.
    """

    plugin: str
    kind: str
    outcomes: tuple[Outcome, ...]
    seconds: float = 0.0
    note: str = ""

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The checks that failed."""
        return tuple(one for one in self.outcomes if one.outcome == "failed")

    @property
    def ok(self) -> bool:
        """Whether no check failed."""
        return not self.failed

    def __getitem__(self, check: str) -> Outcome:
        """Return what came of a check, by its name."""
        return next(one for one in self.outcomes if one.check == check)

    @property
    def summary(self) -> str:
        """One line: the plugin, and how many checks had which outcome."""
        counts = Counter(one.outcome for one in self.outcomes)
        told = ", ".join(f"{counts[status]} {status}" for status in _ORDER if counts[status])
        return f"{self.kind} {self.plugin}: {told}, in {self.seconds:.1f} s"

    @property
    def _worst_first(self) -> list[Outcome]:
        return sorted(self.outcomes, key=lambda one: one.outcome not in ("failed", "expected failure"))

    def __repr__(self) -> str:
        width = max((len(one.check) for one in self.outcomes), default=0)
        lines = [self.summary, *([self.note] if self.note else [])]
        for one in self._worst_first:
            lines.append(f"  {one.check:{width}}  {one.outcome}")
            if one.sentence:
                indent = " " * 6
                lines += textwrap.wrap(
                    one.sentence, _WIDTH, initial_indent=indent, subsequent_indent=indent,
                    break_long_words=False, break_on_hyphens=False,
                )  # fmt: skip
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td style='text-align:left;white-space:nowrap'>{html.escape(one.check)}</td>"
            f"<td style='text-align:left;white-space:nowrap'>{_MARKS[one.outcome]}</td>"
            f"<td style='text-align:left'>{_code(one.sentence)}</td></tr>"
            for one in self._worst_first
        )
        note = f"<br>{_code(self.note)}" if self.note else ""
        head = "".join(
            f"<th style='text-align:left'>{name}</th>" for name in ("check", "outcome", "what, and how to mend it")
        )
        caption = f"<caption style='text-align:left'>{html.escape(self.summary)}{note}</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        head = {"plugin": self.plugin, "kind": self.kind, "ok": self.ok, "seconds": round(self.seconds, 3)}
        return head | {"note": self.note, "checks": [asdict(one) for one in self.outcomes]}

    def to_json(self) -> str:
        """Return all of it as JSON."""
        return json.dumps(self.as_dict(), indent=1)


def _code(text: str) -> str:
    """Return text for a page; what stands in backticks as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text))


_ORDER: tuple[Status, ...] = ("passed", "failed", "expected failure", "not applicable")
_MARKS: dict[Status, str] = {
    "passed": "✓ passed",
    "failed": "<b>✗ failed</b>",
    "expected failure": "! expected failure",
    "not applicable": "– not applicable",
}
