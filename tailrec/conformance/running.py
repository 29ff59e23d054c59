"""Running checks: each is run by itself, and whatever a plugin does becomes an outcome."""

from __future__ import annotations

import contextlib
import io
import signal
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from types import FrameType
from typing import Any

from threadpoolctl import threadpool_limits

from tailrec.conformance.checks import Check, Fault, NotApplicable, checks_of, names_of_checks
from tailrec.conformance.data_subject import DataSubject
from tailrec.conformance.finding import Broken, find
from tailrec.conformance.metric_subject import MetricSubject
from tailrec.conformance.model_subject import ModelSubject
from tailrec.conformance.report import Outcome, Report
from tailrec.conformance.subject import Subject
from tailrec.discovery import Kind
from tailrec.errors import InputError, nearest

SUBJECTS: dict[Kind, Callable[[Any], Subject]] = {"data": DataSubject, "model": ModelSubject, "metric": MetricSubject}
Expected = Mapping[str, str] | Callable[[Any], Mapping[str, str]] | None
#: From here on a report says what took the time.
_LONG = 10.0
_NOT_RUN = "not run, because"
_SHORTER: dict[Kind, str] = {
    "data": "check it with parameters that make it small",
    "model": "check it with parameters that make it quick, such as fewer epochs",
    "metric": "look for a loop over users that whole arrays would do without",
}


class TooLong(BaseException):
    """Raised in a check that took longer than its limit; no plugin catches it by mistake."""


class Run:
    """The checks of one plugin, sharing what they fitted; each is run once.

    Parameters
    ----------
    plugin
        An object, a class, a name or a spelling.
    expected
        Reasons by the names of the checks that are expected to fail, beside those that the class declares in
        `expected_failures`.
    limit_s
        After how many seconds a check is ended; it works in the main thread only.
    """

    def __init__(self, plugin: Any, expected: Expected = None, limit_s: float = 300.0) -> None:
        self.found = find(plugin)
        self.limit_s = limit_s
        self.outcomes: dict[str, Outcome] = {}
        self.subject: Subject | None = None
        self.checks: tuple[Check, ...] = all_checks_of(self.found.kind)[:1]
        declared: Mapping[str, str] = {}
        if not isinstance(self.found, Broken):
            self.subject = SUBJECTS[self.found.kind](self.found.plugin)
            self.checks = all_checks_of(self.found.kind)
            of_class = getattr(self.subject.cls, "expected_failures", None)
            declared = of_class if isinstance(of_class, dict) else {}
        given = (expected(self.found.plugin) if callable(expected) else expected) or {}
        for name in given:
            if name not in names_of_checks():
                raise InputError(f"expected the name of a check, received {name!r}; {nearest(name, names_of_checks())}")
        self.expected = {**declared, **given}

    def outcome(self, check: Check) -> Outcome:
        """Return what comes of a check, and run it, and those before it that it stands on, where that was not done."""
        if check.name not in self.outcomes:
            self.outcomes[check.name] = self._judged(check, self._tried(check))
        return self.outcomes[check.name]

    def report(self) -> Report:
        """Run what was not run yet, and return all that came of it."""
        start = time.perf_counter()
        outcomes = tuple(self.outcome(check) for check in self.checks)
        seconds = time.perf_counter() - start
        return Report(self.found.label, self.found.kind, outcomes, seconds, self._note(seconds))

    def _tried(self, check: Check) -> Outcome:
        missing = next((name for name in map(self._missing, check.after) if name), "")
        if missing:
            return Outcome(check.name, "not applicable", f"{_NOT_RUN} `{missing}` failed")
        try:
            with _undisturbed(), _limited(self.limit_s):
                check.run(self.subject if self.subject is not None else self.found)
        except NotApplicable as reason:
            return Outcome(check.name, "not applicable", str(reason))
        except Fault as fault:
            sentence = f"{fault}; {fault.mend or check.mend}"
            trace = "".join(traceback.format_exception(fault.__cause__)) if fault.__cause__ else ""
            return Outcome(check.name, "failed", sentence, trace)
        except TooLong as error:
            said = f"it was ended after {self.limit_s:g} s; {_SHORTER[self.found.kind]}"
            return Outcome(check.name, "failed", said, "".join(traceback.format_exception(error)))
        except (Exception, SystemExit) as error:
            said = " ".join(f"the check ended with {type(error).__name__}: {error}".split())
            trace = "".join(traceback.format_exception(error))
            return Outcome(check.name, "failed", f"{said}; {check.mend}", trace)
        return Outcome(check.name, "passed")

    def _missing(self, name: str) -> str:
        """Return the check that failed where this one failed, or was not run because of another; else nothing."""
        outcome = next((self.outcome(one) for one in self.checks if one.name == name), None)
        if outcome is None or outcome.outcome == "passed":
            return ""
        if outcome.sentence.startswith(_NOT_RUN):
            return outcome.sentence.split("`")[1]
        return "" if outcome.outcome == "not applicable" else name

    def _judged(self, check: Check, tried: Outcome) -> Outcome:
        reason = self.expected.get(check.name)
        if reason is None or tried.sentence.startswith(_NOT_RUN):
            return tried
        if tried.outcome == "failed":
            return Outcome(check.name, "expected failure", f"{reason} ({tried.sentence})", tried.trace)
        said = "passes now" if tried.outcome == "passed" else f"does not apply: {tried.sentence}"
        return Outcome(
            check.name,
            "failed",
            f"it is declared as an expected failure ({reason}), and it {said}; remove the declaration",
        )

    def _note(self, seconds: float) -> str:
        if seconds < _LONG or self.subject is None:
            return ""
        longest = sorted(self.subject.seconds.items(), key=lambda item: -item[1])[:2]
        told = ", ".join(
            f"`{call}` {self.subject.calls[call]} times {took:.0f} s" for call, took in longest if took >= 0.5
        )
        return f"Most of the time went into {told}; {_SHORTER[self.found.kind]}."


def check(plugin: Any, *, expected_failures: Expected = None, limit_s: float = 300.0) -> Report:
    """Check a plugin against the contract, and what it finds against planted data.

    Parameters
    ----------
    plugin
        A data set, model or metric: an object, a class, a name (``ease``) or a spelling (``ease:l2=300``).
    expected_failures
        A reason for every check that is known to fail, by its name. The class may declare them too:
        ``expected_failures: ClassVar[dict[str, str]]``. One that passes is a failure.
    limit_s
        After how many seconds a check is ended (in the main thread).

    Returns
    -------
    Report
        What passed, what failed, and how to mend it: `ok`, `failed`, `to_json`.

    Raises
    ------
    InputError, PluginError
        Where there is no such plugin. What a plugin does never raises: it is the failure of a check.

    Examples
    --------
    >>> import tailrec
    >>> class FirstIsRight(tailrec.MetricPlugin):
    ...     def per_user(self, ranking):
    ...         return ranking.hits[:, 0].astype(float)
    >>> report = check(FirstIsRight())
    >>> [outcome.check for outcome in report.failed]
    ['undefined-is-nan']
    >>> report["undefined-is-nan"].sentence.partition(";")[2]
    ' return np.nan where `ranking.n_targets` is 0'
    """
    return Run(plugin, expected_failures, limit_s).report()


def _loads(found: Any) -> None:
    if isinstance(found, Broken):
        raise Fault(found.reason) from found.cause


def all_checks_of(kind: Kind) -> tuple[Check, ...]:
    """Return the checks of a kind of plugin: that it loads, and then what is asked of it."""
    holds = "It can be imported, has every method of its contract, and can be made."
    loads = Check("loads", kind, holds, "mend what its error says; `--trace` shows where", (), _loads)
    return (loads, *checks_of(kind))


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep what a plugin prints and warns of from the screen (a check of its own sees to that), and to one thread."""
    with (
        threadpool_limits(1),
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """End what takes longer, where signals are at hand: in the main thread, not on Windows."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        raise TooLong(f"longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
