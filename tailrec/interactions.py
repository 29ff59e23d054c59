"""`Interactions`: who did what, when. The one data structure that flows through the house."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from tailrec.coding import align, as_table, checked, in_order, share_codes
from tailrec.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from tailrec.columns import Lines

    IntArray = NDArray[np.integer[Any]]
    FloatArray = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False, repr=False)
class Interactions:
    """Events of users with items, in integer codes, a user's oldest first.

    Attributes
    ----------
    frame
        One row an event: ``user`` and ``item`` (int32 codes) and, where known, ``rating`` (float32) and
        ``timestamp`` (seconds, or whatever unit the source has). Sorted by user, then by timestamp; ties keep
        the order of the source.
    users, items
        Code to id: ``users[code]`` is the id that the source uses.
    item_features, user_features
        One row an item (a user), in the order of the codes; None where the source has none.
    given_test
        The test that came with the source: columns as in `frame`, in the same codes.
    ordered
        Whether a user's rows are known to be in the order in which they happened.
    title, licence
        What the data set calls itself, and its terms, shown wherever it is loaded.
    """

    frame: pd.DataFrame
    users: pd.Index[Any]
    items: pd.Index[Any]
    item_features: pd.DataFrame | None = None
    user_features: pd.DataFrame | None = None
    given_test: pd.DataFrame | None = None
    ordered: bool = False
    title: str = ""
    licence: str = ""

    @classmethod
    def from_frame(
        cls,
        df: pd.DataFrame | Mapping[str, Any],
        *,
        user: str = "user",
        item: str = "item",
        rating: str | None = None,
        timestamp: str | None = None,
        item_features: pd.DataFrame | Mapping[str, Any] | None = None,
        user_features: pd.DataFrame | Mapping[str, Any] | None = None,
        test: pd.DataFrame | Mapping[str, Any] | None = None,
        ordered: bool | None = None,
        duplicates: Literal["error", "drop", "keep"] = "error",
        source: str = "the frame",
        first_line: Lines = None,
        test_source: str = "",
        test_first_line: Lines = None,
        title: str = "",
        licence: str = "",
    ) -> Self:
        """Validate, code and sort a table of events.

        Parameters
        ----------
        df
            One row an event: a table, or its columns by their names.
        user, item, rating, timestamp
            The columns of `df` with the ids, and where known the rating (a finite number) and the time (a
            number that is not negative, or a date).
        item_features, user_features
            Tables whose index holds the ids, or their columns by their names with the ids in that named as in `df`;
            what no event names is left out, what is missing is empty.
        test
            Events that the source keeps apart as a test, given as `df` is.
        ordered
            Whether the rows of a user are in the order in which they happened; by default, whether there is
            a timestamp.
        duplicates
            What to do with rows that repeat an earlier one in every column that is read: refuse them, drop
            them, or keep them as events of their own. A pair of user and item at two times is no repetition.
        source, first_line
            How messages name the table, and the line on which its first row stands, or a function from a
            row's position to its name, such as ``line 7``.
        test_source, test_first_line
            The same for the test.

        Raises
        ------
        InputError
            Where a column is missing, the table is empty, an id is missing or of another type than the rest,
            a number is not finite, a timestamp is negative, or a row repeats another. The message names the
            source and the line.

        Examples
        --------
        >>> events = pd.DataFrame({"user": ["b", "a", "a"], "item": [7, 7, 9], "time": [3, 2, 1]})
        >>> data = Interactions.from_frame(events, timestamp="time")
        >>> data.items[data.frame["item"]].tolist()
        [9, 7, 7]
        """
        if not isinstance(title, str) or not isinstance(licence, str):
            raise InputError(f"expected `title` and `licence` to be text, received {title!r} and {licence!r}")
        if duplicates not in ("error", "drop", "keep"):
            raise InputError(f"expected `duplicates` to be error, drop or keep, received {duplicates!r}")
        tables = [(as_table(df, source), source, first_line)]
        if test is not None:
            where = test_source or f"the test of {source}"
            tables.append((as_table(test, where), where, test_first_line))
        named = {"user": user, "item": item, "rating": rating, "timestamp": timestamp}
        columns = {kind: name for kind, name in named.items() if name}
        read: list[tuple[pd.DataFrame, dict[str, NDArray[Any]]]] = []
        for table, where, lines in tables:
            # A test often has fewer columns than the train beside it: only the ids are asked of it.
            wanted = {k: v for k, v in columns.items() if not read or k in ("user", "item") or v in table.columns}
            read.append(checked(table, wanted, where, lines, duplicates))
        users, user_codes = share_codes(read, "user", user, source)
        items, item_codes = share_codes(read, "item", item, source)
        coded = [
            events.assign(user=u, item=i).reset_index(drop=True)
            for (events, _), u, i in zip(read, user_codes, item_codes, strict=True)
        ]
        return cls(
            frame=in_order(coded[0]),
            users=users,
            items=items,
            item_features=align(item_features, items, "item"),
            user_features=align(user_features, users, "user"),
            given_test=in_order(coded[1]) if test is not None else None,
            ordered=timestamp is not None if ordered is None else ordered,
            title=title,
            licence=licence,
        )

    @property
    def n_users(self) -> int:
        """Number of users, those without an event among them."""
        return len(self.users)

    @property
    def n_items(self) -> int:
        """Number of items, those without an event among them."""
        return len(self.items)

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.frame)

    def __repr__(self) -> str:
        kinds = [name for name in ("rating", "timestamp") if name in self.frame]
        extra = f", with {' and '.join(kinds)}" if kinds else ""
        return f"<Interactions: {self.n_users:,} users, {self.n_items:,} items, {len(self):,} events{extra}>"

    def has(self, what: str) -> bool:
        """Tell whether the data carries what a model may require.

        `what` is ``ratings``, ``timestamps``, ``order``, ``item-features``, ``user-features``, or the name of
        a column of the item features such as ``genres`` or ``text``.
        """
        known = {
            "ratings": "rating" in self.frame,
            "timestamps": "timestamp" in self.frame,
            "order": self.ordered,
            "item-features": self.item_features is not None,
            "user-features": self.user_features is not None,
        }
        return known.get(what, self.item_features is not None and what in self.item_features.columns)

    def matrix(self, weights: FloatArray | None = None) -> csr_matrix:
        """Return users × items as CSR float32: 1 where there is an event, or the sum of the events' weights.

        Parameters
        ----------
        weights
            (n_events,) one a row of `frame`.

        Examples
        --------
        >>> events = pd.DataFrame({"user": [0, 0, 1], "item": [0, 0, 1], "timestamp": [1, 2, 3]})
        >>> data = Interactions.from_frame(events, timestamp="timestamp")
        >>> data.matrix().toarray().tolist()
        [[1.0, 0.0], [0.0, 1.0]]
        >>> data.matrix(weights=np.array([1.0, 2.0, 5.0])).toarray().tolist()
        [[3.0, 0.0], [0.0, 5.0]]
        """
        values = np.ones(len(self)) if weights is None else np.asarray(weights, dtype=np.float64)
        if values.shape != (len(self),):
            raise InputError(f"expected one weight a row of the frame, {len(self)}, received the shape {values.shape}")
        pairs = (self.frame["user"].to_numpy(), self.frame["item"].to_numpy())
        matrix = csr_matrix((values, pairs), shape=(self.n_users, self.n_items))
        matrix.sum_duplicates()
        if weights is None:
            matrix.data[:] = 1.0
        return matrix.astype(np.float32)

    def history_lengths(self) -> IntArray:
        """Return (n_users,) the number of distinct items of each user."""
        return np.diff(self.matrix().indptr).astype(np.int64)

    def histories(self) -> list[IntArray]:
        """Return each user's items, oldest first, an item once for every event."""
        bounds = np.searchsorted(self.frame["user"].to_numpy(), np.arange(1, self.n_users))
        return list(np.split(self.frame["item"].to_numpy(), bounds))

    def item_counts(self) -> IntArray:
        """Return (n_items,) the number of distinct users of each item."""
        return np.bincount(self.matrix().indices, minlength=self.n_items)

    def select(self, rows: NDArray[Any]) -> Interactions:
        """Return the same users and items with some of the events, by mask or position; without `given_test`."""
        return replace(self, frame=self.frame.iloc[rows].reset_index(drop=True), given_test=None)

    def describe(self) -> pd.Series[Any]:
        """Return what one wants to know first: sizes, density, history lengths, inequality of the users."""
        lengths = self.history_lengths()
        active = np.sort(lengths[lengths > 0])
        # Gini from the sorted values, https://en.wikipedia.org/wiki/Gini_coefficient
        ranks = np.arange(1, len(active) + 1)
        gini = float((2 * ranks - len(active) - 1) @ active / (len(active) * active.sum())) if len(active) else np.nan
        return pd.Series(
            {
                "users": self.n_users,
                "items": self.n_items,
                "events": len(self),
                "pairs": int(lengths.sum()),
                "density": lengths.sum() / (self.n_users * self.n_items),
                "history_median": float(np.median(active)) if len(active) else np.nan,
                "history_5_percent": float(np.quantile(active, 0.05)) if len(active) else np.nan,
                "history_95_percent": float(np.quantile(active, 0.95)) if len(active) else np.nan,
                "gini_of_users": gini,
            },
            dtype=object,
        )
