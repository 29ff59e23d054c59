"""How far down a list a metric looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from tailrec import InputError

if TYPE_CHECKING:
    from tailrec import MetricPlugin, Ranking

#: The parameter ``k``: how many positions count.
Depth = Annotated[int, Field(ge=1)]


def depth(metric: MetricPlugin, k: int, ranking: Ranking) -> int:
    """Return how many positions to look at: `k`, or the size of the catalogue where that is smaller.

    A longer list is cut there. A shorter one is right only where there was nothing left to list.

    Raises
    ------
    InputError
        Where the lists stop before position `k` though there were more candidates.
    """
    width = ranking.items.shape[1]
    if width < k and (ranking.n_candidates > width).any():
        raise InputError(
            f"{metric.name or type(metric).__name__}: expected lists of {k} items, received lists of {width} "
            f"for users with more candidates than that; rank with `k={k}`"
        )
    return min(k, int(ranking.targets.shape[1]))
