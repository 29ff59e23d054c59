"""What files of one's own with a row an event share: the columns' roles, a test of their own, a least rating."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from tailrec import DataPlugin, InputError, Interactions


@dataclass(frozen=True, eq=False)
class Events:
    """A table as it was read.

    Attributes
    ----------
    frame
        One row an event, one column a role: user, item and, where known, rating and timestamp.
    columns
        How the file calls the column of each role.
    source
        How messages name the file.
    name_of
        From a row's position to how a message names it, such as ``line 7``.
    """

    frame: pd.DataFrame
    columns: dict[str, str]
    source: str
    name_of: Callable[[int], str]


class EventTable(DataPlugin):
    """Files with a row an event."""

    expected_failures: ClassVar = {"title-and-licence": "the terms of somebody's own file are not in the file"}

    path: str | Path
    test: str | Path | None = None
    user: str | None = None
    item: str | None = None
    rating: str | None = None
    timestamp: str | None = None
    duplicates: Literal["error", "drop", "keep"] = "error"
    min_rating: float | None = None

    def __post_init__(self) -> None:
        self.path = str(self.path)
        self.test = None if self.test is None else str(self.test)

    @abstractmethod
    def read(self) -> list[Events]:
        """Return the train and, where there is one, the test."""

    def load(self) -> Interactions:
        """Return the interactions, the given test among them."""
        train, *rest = self.read()
        if self.min_rating is not None:
            train = _rated(train, self.min_rating)
            rest = [_rated(test, self.min_rating) if "rating" in test.frame else test for test in rest]
        columns = train.columns
        tables = [_renamed(events, columns) for events in (train, *rest)]
        return Interactions.from_frame(
            tables[0],
            user=columns["user"],
            item=columns["item"],
            rating=columns.get("rating"),
            timestamp=columns.get("timestamp"),
            test=tables[1] if rest else None,
            duplicates=self.duplicates,
            source=train.source,
            first_line=train.name_of,
            test_source=rest[0].source if rest else "",
            test_first_line=rest[0].name_of if rest else None,
            title=Path(self.path).name,
        )

    def paths(self) -> list[str | Path]:
        """Return the files to read, the train first."""
        return [self.path] if self.test is None else [self.path, self.test]

    def given_columns(self) -> dict[str, str | None]:
        """Return the columns that were asked for, by role."""
        return {"user": self.user, "item": self.item, "rating": self.rating, "timestamp": self.timestamp}


def _rated(events: Events, least: float) -> Events:
    """Return the events that are rated at least so high, and those whose rating is no number, to be refused by line."""
    if "rating" not in events.frame:
        raise InputError(
            f"{events.source}: expected ratings for `min_rating={least:g}`, received no such column; "
            "say `rating=` with its name"
        )
    ratings = pd.to_numeric(events.frame["rating"], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    kept = np.flatnonzero(~(ratings < least) | ~np.isfinite(ratings))
    if len(kept) == 0 and len(ratings):
        raise InputError(
            f"{events.source}: expected a rating of at least {least:g} (`min_rating`), "
            f"received none above {ratings.max():g}; lower it"
        )
    frame = events.frame.iloc[kept].reset_index(drop=True)
    return Events(frame, events.columns, events.source, lambda row: events.name_of(int(kept[row])))


def _renamed(events: Events, columns: dict[str, str]) -> pd.DataFrame:
    """Return the frame under the train's names of the columns, or the file's own where the train has none."""
    return events.frame.rename(columns={role: columns.get(role, events.columns[role]) for role in events.columns})
