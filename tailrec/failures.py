"""A plugin that failed at its work in a comparison: which one, at what, and why."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field

from tailrec.errors import StoreError


@dataclass(frozen=True)
class Failure:
    """A model that could not take part, or a metric that could not measure it, and why.

    Attributes
    ----------
    scenario, window, model, seed
        Which piece of work it was.
    call
        What was asked of the plugin: ``requires``, ``fit``, ``score``, ``recommend``, ``per_user`` or
        ``over_users``.
    reason
        One sentence.
    metric
        The metric that failed; empty where it was the model.
    trace
        The traceback, for whoever wrote the plugin.
    """

    scenario: str
    window: str
    model: str
    seed: int
    call: str
    reason: str
    metric: str = ""
    trace: str = field(default="", repr=False)

    def __str__(self) -> str:
        who = f"{self.metric} of {self.model}" if self.metric else self.model
        window = "" if self.window == "all" else f" (window {self.window})"
        return f"{who} on {self.scenario}{window}, in `{self.call}`: {self.reason}"


class Failed(Exception):
    """Carries what a plugin failed at."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure))
        self.failure = failure


@contextlib.contextmanager
def calling(place: tuple[str, str, str, int], call: str, metric: str = "") -> Iterator[None]:
    """Turn what a plugin raises into `Failed`; `place` is the scenario, the window, the model and the seed."""
    try:
        yield
    except StoreError:
        raise
    except (Exception, SystemExit) as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        trace = "".join(traceback.format_exception(error))
        raise Failed(Failure(*place, call, reason, metric, trace)) from error
