"""What a reader must not read out of the numbers: groups that say nothing, and what chance alone would find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tailrec.figures.window import one_window
from tailrec.report.verdicts import FEW
from tailrec.tables import ALPHA, verdict

if TYPE_CHECKING:
    from tailrec.results import Result


@dataclass(frozen=True)
class Tests:
    """How many differences were tested, and how many would be called different without a reason.

    Attributes
    ----------
    n
        Differences tested, over scenarios, models, segments and metrics, in the windows that the report shows.
    by_chance
        How many of them would have p < 0.05 on average if no model differed from the baseline: 0.05 n.
    unadjusted, called
        How many have p < 0.05 as it stands, and how many are called better or worse.
    families
        Within how many families of tests Holm's adjustment keeps the chance of any false call below 5 %.
    """

    n: int
    by_chance: float
    unadjusted: int
    called: int
    families: int


def compute_tests(result: Result) -> Tests:
    """Return the number of tests behind the report."""
    shown = one_window(result.differences())
    tested = shown[shown["p_value"].notna()]
    called = sum(verdict(row) in ("better", "worse") for row in tested.itertuples())
    unadjusted = int((tested["p_value"] < ALPHA).sum())
    families = tested[["scenario", "window", "metric"]].drop_duplicates()
    return Tests(len(tested), ALPHA * len(tested), unadjusted, called, len(families))


@dataclass(frozen=True)
class Hidden:
    """A difference that is not shown, and could be as large as the largest that is shown on the same scenario.

    Attributes
    ----------
    scenario, model, segment, n_users, low, high
        The difference and its interval.
    largest, by, of
        The size of the largest difference that is called better or worse there, whose it is, and in which segment.
    """

    scenario: str
    model: str
    segment: str
    n_users: int
    low: float
    high: float
    largest: float
    by: str
    of: str


def compute_hidden(result: Result, metric: str) -> list[Hidden]:
    """Return the differences of which "no difference shown" must be read as "not known".

    Their interval reaches as far from zero as the largest difference that was called better or worse on the same
    scenario, for at least 30 people: what was found for others could be there as well, and would be hidden.
    """
    shown = one_window(result.differences())
    shown = shown[(shown["metric"] == metric) & shown["p_value"].notna() & (shown["n_users"] >= FEW)]
    rows: list[Any] = list(shown.itertuples(index=False))
    found = []
    for row in rows:
        called = [one for one in rows if one.scenario == row.scenario and verdict(one) in ("better", "worse")]
        if called and verdict(row) == "no difference shown":
            top = max(called, key=lambda one: abs(one.difference))
            if max(-row.low, row.high) >= abs(top.difference):
                place = (row.scenario, row.model, row.segment, row.n_users, row.low, row.high)
                found.append(Hidden(*place, abs(top.difference), top.model, top.segment))
    return found
