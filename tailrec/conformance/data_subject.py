"""A data set under check: what it loaded, and what a second load gave."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from tailrec.conformance.subject import Subject
from tailrec.conformance.watching import Watched

if TYPE_CHECKING:
    from tailrec.interactions import Interactions


class DataSubject(Subject):
    """A data set under check."""

    def load(self) -> Any:
        """Load it anew."""
        with self.calling("load", mend="mend `load` where its own error says"):
            return self.fresh().load()

    @cached_property
    def data(self) -> Interactions:
        """What the first `load` returned."""
        data: Interactions = self.load()
        return data

    def use_once(self) -> Any:
        """Load it."""
        return self.data

    def use_again(self, watched: Watched) -> Any:
        """Load it, after somebody wrote into what was loaded first."""
        frame = getattr(self.data, "frame", None)
        if not isinstance(frame, pd.DataFrame) or "item" not in frame:
            return self.load()
        item = frame["item"].to_numpy().copy()
        try:
            frame["item"] = 0 * item
            again = self.load()
            if item.any() and not again.frame["item"].any():
                watched.overwritten.append("the second `load` handed out what was written into the frame of the first")
            return again
        finally:
            frame["item"] = item
