"""Which users are tail and which are head: cut from the training histories alone."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, TypeAlias

import numpy as np
from pydantic import Field

from tailrec import names
from tailrec.errors import InputError
from tailrec.parameters import Parameters, label

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec.interactions import IntArray, Interactions

    Masks: TypeAlias = dict[str, NDArray[np.bool_]]
    Rule: TypeAlias = "str | SegmentRule | Callable[[IntArray], Masks]"

Share = Annotated[float, Field(gt=0, lt=1)]


class SegmentRule(Parameters, ABC):
    """A rule that names groups of users by the lengths of their histories."""

    @abstractmethod
    def __call__(self, lengths: IntArray) -> Masks:
        """Return, for (n_users,) history lengths, a mask (n_users,) for every segment."""


class ByActivity(SegmentRule):
    """`tail` is the share of the users with the shortest histories; ties at the cut go to the tail.

    `newest` are those of them with at most `newest` items, `head` is the rest, `new` has no history.
    """

    tail: Share = 0.8
    newest: Annotated[int, Field(ge=1)] = 5

    def __call__(self, lengths: IntArray) -> Masks:
        """Return the masks."""
        active = np.sort(lengths[lengths > 0])
        cut = active[int(np.ceil(self.tail * len(active) - 1e-9)) - 1] if len(active) else 0
        return _masks(lengths, int(cut), self.newest)


class ByEvents(SegmentRule):
    """`tail` are the users with the shortest histories who together own the share `tail` of all history items.

    Ties at the cut go to the tail; `newest`, `head` and `new` as in the rule by activity.
    """

    tail: Share = 0.5
    newest: Annotated[int, Field(ge=1)] = 5

    def __call__(self, lengths: IntArray) -> Masks:
        """Return the masks."""
        active = np.sort(lengths[lengths > 0])
        owned = np.cumsum(active)
        last = np.searchsorted(owned, self.tail * owned[-1] + 1e-9) - 1 if len(active) else -1
        return _masks(lengths, int(active[last]) if last >= 0 else 0, self.newest)


class ByLength(SegmentRule):
    """One segment between each two history lengths: ``cuts=[5,20]`` gives `1-5`, `6-20` and `21+`.

    Every segment must have somebody in it.
    """

    cuts: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1)]

    def __post_init__(self) -> None:
        """Check that the cuts increase."""
        if any(a >= b for a, b in pairwise(self.cuts)):
            raise InputError(f"expected `cuts` to increase, received {self.cuts}")

    def __call__(self, lengths: IntArray) -> Masks:
        """Return the masks."""
        masks: Masks = {"all": np.ones(len(lengths), dtype=bool)}
        for low, high in pairwise([0, *self.cuts, sys.maxsize]):
            name = f"{low + 1}+" if high == sys.maxsize else f"{low + 1}-{high}" if high > low + 1 else f"{high}"
            masks[name] = (lengths > low) & (lengths <= high)
            if not masks[name].any():
                longest = lengths.max()
                shortest = lengths[lengths > 0].min(initial=longest)
                raise InputError(
                    f"{label(type(self))}: expected somebody in every segment, nobody has a history of {name} items; "
                    f"the histories are {shortest} to {longest} long, choose other `cuts`"
                )
        return masks | {"new": lengths == 0}


def _masks(lengths: IntArray, cut: int, newest: int) -> Masks:
    return {
        "all": np.ones(len(lengths), dtype=bool),
        "head": lengths > cut,
        "tail": (lengths > 0) & (lengths <= cut),
        "newest": (lengths > 0) & (lengths <= min(newest, cut)),
        "new": lengths == 0,
    }


RULES: dict[str, type[SegmentRule]] = {"activity": ByActivity, "events": ByEvents, "length": ByLength}
names.name_all(RULES)


def rule(how: Rule) -> Callable[[IntArray], Masks]:
    """Return a segment rule from its name, its spelling (`activity:newest=3`), or itself.

    A function of your own takes (n_users,) history lengths and returns a dictionary of masks.
    """
    made: Callable[[IntArray], Masks] = names.build(how, RULES, "segment rule")
    return made


def segment_users(train: Interactions, how: Rule = "activity") -> Masks:
    """Return a mask over the users for every segment, cut from the training histories alone.

    A history's length is its number of distinct items. `all` is everybody, those without a history among
    them; `new` are these, and every model serves them the same fallback.

    Examples
    --------
    >>> lengths = np.array([0, 1, 1, 2, 9, 50])
    >>> [name for name, mask in rule("activity")(lengths).items() if mask[3]]
    ['all', 'tail', 'newest']
    >>> rule("activity")(lengths)["head"].tolist()
    [False, False, False, False, False, True]
    """
    lengths = train.history_lengths()
    masks = rule(how)(lengths)
    if not isinstance(masks, dict):
        raise InputError(f"segments: expected a dictionary of masks by name, received {masks!r}")
    for name, mask in masks.items():
        if np.shape(mask) != (len(lengths),) or np.asarray(mask).dtype != bool:
            raise InputError(
                f"segment `{name}`: expected a mask of {len(lengths)} booleans, one a user, received {mask!r}"
            )
    return {name: np.asarray(mask) for name, mask in masks.items()}
