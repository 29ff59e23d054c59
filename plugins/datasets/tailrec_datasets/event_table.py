"""What files of one's own with a row an event share: the columns' roles, a test of their own, a least rating."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

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
    line_of
        From a row's position to its line; None for a file without lines.
    """

    frame: pd.DataFrame
    columns: dict[str, str]
    source: str
    line_of: Callable[[int], int] | None = None


class EventTable(DataPlugin):
    """Files with a row an event."""

    path: str | Path
    test: str | Path | None = None
    user: str | None = None
    item: str | None = None
    rating: str | None = None
    timestamp: str | None = None
    duplicates: Literal["error", "drop", "keep"] = "error"
    min_rating: float | None = None

    @abstractmethod
    def read(self) -> list[Events]:
        """Return the train and, where there is one, the test."""

    def load(self) -> Interactions:
        """Return the interactions, the given test among them."""
        train, *rest = [self._rated(events) for events in self.read()]
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
            first_line=train.line_of,
            test_source=rest[0].source if rest else "",
            test_first_line=rest[0].line_of if rest else None,
            title=Path(self.path).name,
        )

    def paths(self) -> list[str | Path]:
        """Return the files to read, the train first."""
        return [self.path] if self.test is None else [self.path, self.test]

    def given_columns(self) -> dict[str, str | None]:
        """Return the columns that were asked for, by role."""
        return {"user": self.user, "item": self.item, "rating": self.rating, "timestamp": self.timestamp}

    def _rated(self, events: Events) -> Events:
        if self.min_rating is None:
            return events
        if "rating" not in events.frame:
            if Path(events.source) != Path(self.path):
                return events
            raise InputError(
                f"{events.source}: expected ratings for `min_rating={self.min_rating:g}`, "
                "received no such column; say `rating=` with its name"
            )
        ratings = pd.to_numeric(events.frame["rating"], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
        # What is no finite number stays, to be refused by name.
        kept = np.flatnonzero(~(ratings < self.min_rating) | ~np.isfinite(ratings))
        if len(kept) == 0 and len(ratings):
            raise InputError(
                f"{events.source}: expected a rating of at least {self.min_rating:g} (`min_rating`), "
                f"received none above {ratings.max():g}; lower it"
            )
        line_of = events.line_of
        return Events(
            events.frame.iloc[kept].reset_index(drop=True),
            events.columns,
            events.source,
            None if line_of is None else lambda row: line_of(int(kept[row])),
        )


def _renamed(events: Events, columns: dict[str, str]) -> pd.DataFrame:
    """Return the frame under the train's names of the columns, or the file's own where the train has none."""
    return events.frame.rename(columns={role: columns.get(role, events.columns[role]) for role in events.columns})
