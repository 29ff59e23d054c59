"""A plugin that failed at its work in a comparison: which one, at what, and why."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tailrec.errors import StoreError

if TYPE_CHECKING:
    from tailrec.interactions import Interactions


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
    given
        What the call was given: how many users, items, events.
    """

    scenario: str
    window: str
    model: str
    seed: int
    call: str
    reason: str
    metric: str = ""
    trace: str = field(default="", repr=False)
    given: str = ""

    def __str__(self) -> str:
        who = f"{self.metric} of {self.model}" if self.metric else self.model
        window = "" if self.window == "all" else f" (window {self.window})"
        given = f"; it was given {self.given}" if self.given else ""
        return f"{who} on {self.scenario}{window}, in `{self.call}`: {self.reason}{given}"


class Failed(Exception):
    """Carries what a plugin failed at."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure))
        self.failure = failure


@contextlib.contextmanager
def calling(place: tuple[str, str, str, int], call: str, given: str = "", metric: str = "") -> Iterator[None]:
    """Turn what a plugin raises into `Failed`; `place` is the scenario, the window, the model and the seed."""
    try:
        yield
    except StoreError:
        raise
    except (Exception, SystemExit) as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        trace = "".join(traceback.format_exception(error))
        raise Failed(Failure(*place, call, reason, metric, trace, given)) from error


def trace_of(error: BaseException) -> str:
    """Return the traceback of what a plugin raised, behind the sentence that became of it; nothing if there is none."""
    notes = getattr(error, "__notes__", ())
    if notes:
        return "\n".join(notes)
    return "".join(traceback.format_exception(error.__cause__)) if error.__cause__ is not None else ""


def said_of_train(train: Interactions) -> str:
    """Return the size of what a model was fitted on, as a message says it."""
    return f"{len(train.frame):,} events of {train.n_users:,} users × {train.n_items:,} items"
