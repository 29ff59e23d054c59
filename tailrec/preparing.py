"""Steps after the split, fitted on the train alone; each says what it removed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import numpy as np
import pandas as pd
from pydantic import Field

from tailrec import names
from tailrec.errors import InputError
from tailrec.holdout import Holdout, Removed, Split, pair_matrix, union, without
from tailrec.parameters import Parameters
from tailrec.segments import segment_users

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tailrec.interactions import IntArray, Interactions


class Step(Parameters, ABC):
    """A step of the preparation."""

    @abstractmethod
    def __call__(self, split: Split) -> Split:
        """Return the split without what the step removes, and with a record of it."""


class DropRareItems(Step):
    """Take items with fewer than `min_users` distinct users in the train out of the catalogue."""

    min_users: Annotated[int, Field(ge=1)] = 10

    def __call__(self, split: Split) -> Split:
        """Return the split."""
        kept = np.flatnonzero(split.train.item_counts() >= self.min_users)
        if len(kept) == 0:
            raise InputError(
                f"{names.spelling(self)}: expected an item with at least {self.min_users} users in the train, "
                f"the most popular has {split.train.item_counts().max()}; lower `min_users`"
            )
        train = _with_items(split.train, kept)
        validation, test = (
            Holdout(h.targets[:, kept], h.masked[:, kept], train) for h in (split.validation, split.test)
        )
        return _recorded(self, split, Split(train, validation, test))


class ThinHistories(Step):
    """Simulate a heavy tail: most users keep only the first few events of their training history.

    A random share `keep` of the users keeps everything; every other keeps the first k events, with P(k)
    proportional to 1/k on 1 to `longest`. What is removed stays masked: it is neither a target nor an answer.
    """

    keep: Annotated[float, Field(ge=0, lt=1)] = 0.2
    longest: Annotated[int, Field(ge=1)] = 10
    seed: Annotated[int, Field(ge=0)] = 0

    def __call__(self, split: Split) -> Split:
        """Return the split."""
        rng = np.random.default_rng(self.seed)
        n_users = split.train.n_users
        whole = np.zeros(n_users, dtype=bool)
        whole[rng.permutation(n_users)[: round(self.keep * n_users)]] = True
        lengths = np.arange(1, self.longest + 1)
        allowed = rng.choice(lengths, size=n_users, p=(1 / lengths) / (1 / lengths).sum())
        users = split.train.frame["user"].to_numpy()
        counts = np.bincount(users, minlength=n_users)
        position = np.arange(len(users)) - (np.cumsum(counts) - counts)[users]
        stays = whole[users] | (position < allowed[users])
        train = split.train.select(stays)
        gone = pair_matrix(split.train.frame.loc[~stays], train.n_users, train.n_items)
        validation, test = (
            Holdout(without(h.targets, gone), union(h.masked, gone), train) for h in (split.validation, split.test)
        )
        return _recorded(self, split, Split(train, validation, test))


STEPS: dict[str, type[Step]] = {"drop-rare-items": DropRareItems, "thin-histories": ThinHistories}
names.name_all(STEPS)


def prepare(split: Split, steps: str | Step | Sequence[str | Step]) -> Split:
    """Return the split after the steps, in their order; what each removed stands in ``split.removed``.

    Examples
    --------
    >>> from tailrec import Interactions
    >>> from tailrec.splitting import from_rows
    >>> events = pd.DataFrame({"user": [0, 1, 2, 0, 1], "item": [0, 0, 1, 1, 2]})
    >>> data = Interactions.from_frame(events)
    >>> first = np.array([True, False, True, False, True])
    >>> parts = prepare(from_rows(data, first, ~first & False, ~first), ["drop-rare-items:min_users=2"])
    >>> parts.train.items.tolist(), parts.removed[0].items
    ([0], 2)
    """
    for how in [steps] if isinstance(steps, (str, Step)) else steps:
        split = names.build(how, STEPS, "preparation step")(split)
    return split


def removal_table(
    split: Split, how: str | Callable[[IntArray], dict[str, NDArray[np.bool_]]] = "activity"
) -> pd.DataFrame:
    """Return what preparation removed, by segment: step, segment, n_users, events, targets, items.

    `events` are training events, `targets` test targets; `items` left the whole catalogue.
    """
    rows = [
        [
            record.step,
            name,
            int(mask.sum()),
            int(record.events[mask].sum()),
            int(record.targets[mask].sum()),
            record.items,
        ]
        for record in split.removed
        for name, mask in segment_users(split.train, how).items()
    ]
    return pd.DataFrame(rows, columns=["step", "segment", "n_users", "events", "targets", "items"])


def _with_items(data: Interactions, kept: IntArray) -> Interactions:
    new_code = np.full(data.n_items, -1, dtype=np.int32)
    new_code[kept] = np.arange(len(kept))
    codes = new_code[data.frame["item"].to_numpy()]
    frame = data.frame.assign(item=codes).loc[codes >= 0].reset_index(drop=True)
    features = None if data.item_features is None else data.item_features.iloc[kept].reset_index(drop=True)
    return replace(data, frame=frame, items=data.items[kept], item_features=features, given_test=None)


def _recorded(step: Step, before: Split, after: Split) -> Split:
    events = [np.bincount(s.train.frame["user"].to_numpy(), minlength=s.train.n_users) for s in (before, after)]
    targets = [np.diff(s.test.targets.indptr) for s in (before, after)]
    record = Removed(
        names.spelling(step), events[0] - events[1], targets[0] - targets[1], before.train.n_items - after.train.n_items
    )
    return replace(after, removed=(*before.removed, record))
