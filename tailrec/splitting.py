"""`Split` (train, validation, test, masked) and the ways to make one."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import Field
from scipy.sparse import csr_matrix

from tailrec import names
from tailrec.errors import InputError
from tailrec.parameters import Parameters

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec.interactions import IntArray, Interactions

Fraction = Annotated[float, Field(gt=0, lt=1)]
_SECONDS = {"second": 1, "hour": 3600, "day": 86_400, "week": 604_800}


@dataclass(frozen=True, eq=False)
class Holdout:
    """What is asked of a model, and what it may not answer.

    Attributes
    ----------
    targets
        (n_users, n_items) CSR, 1 where the user went on to the item.
    masked
        (n_users, n_items) CSR, 1 where the item may not be recommended: the train, what preparation removed
        and, for the test, the validation. Disjoint from `targets`.
    train
        The events that a model is fitted on.
    """

    targets: csr_matrix
    masked: csr_matrix
    train: Interactions | None = None

    def history_lengths(self) -> IntArray:
        """Return (n_users,) the number of distinct training items of each user."""
        return self.train.history_lengths() if self.train is not None else np.diff(self.masked.indptr)


@dataclass(frozen=True, eq=False)
class Removed:
    """What one step of the preparation took away.

    Attributes
    ----------
    step
        The step, as it is spelled.
    events, targets
        (n_users,) training events, and test targets, that each user lost.
    items
        Number of items that left the catalogue.
    """

    step: str
    events: IntArray
    targets: IntArray
    items: int


@dataclass(frozen=True, eq=False)
class Split:
    """Train, validation and test, in one coding of users and items, and what preparation removed."""

    train: Interactions
    validation: Holdout
    test: Holdout
    removed: tuple[Removed, ...] = ()

    def __repr__(self) -> str:
        return (
            f"<Split: {len(self.train):,} training events, {self.validation.targets.nnz:,} validation targets, "
            f"{self.test.targets.nnz:,} test targets>"
        )


class Splitter(Parameters, ABC):
    """A way to split."""

    @abstractmethod
    def __call__(self, data: Interactions) -> Split:
        """Return the split."""


class Temporal(Splitter):
    """A window of time with one cut for everybody: so much train, then validation, then test.

    Without lengths, the first 80 % of the events are the train, the next 10 % the validation. A unit of a day
    or a week counts from midnight (UTC) of the day of the first event.
    """

    start: Annotated[float, Field(ge=0)] = 0.0
    train: Annotated[float, Field(gt=0)] | None = None
    validation: Annotated[float, Field(ge=0)] | None = None
    test: Annotated[float, Field(gt=0)] | None = None
    unit: Literal["second", "hour", "day", "week"] = "week"

    def __call__(self, data: Interactions) -> Split:
        """Return the split."""
        if not data.has("timestamps"):
            raise InputError(f"{self.name}: expected data with timestamps, received {data!r}; use `last-fraction` or `random`")
        times = data.frame["timestamp"].to_numpy().astype(np.float64)
        lengths = (self.train, self.validation, self.test)
        if all(length is None for length in lengths):
            cuts = np.quantile(times, [0.0, 0.8, 0.9])
            edges = [cuts[0], cuts[1], cuts[2], np.inf]
        elif any(length is None for length in lengths):
            raise InputError(f"{self.name}: expected `train`, `validation` and `test` together, received {self!r}")
        else:
            seconds = _SECONDS[self.unit]
            origin = times.min() // 86_400 * 86_400 if seconds >= 86_400 else times.min()
            steps = np.cumsum([self.start, *(length or 0.0 for length in lengths)])
            edges = list(origin + steps * seconds)
            span = (times.max() - origin) / seconds
            for name, low, high in (("train", edges[0], edges[1]), ("test", edges[2], edges[3])):
                if not ((times >= low) & (times < high)).any():
                    raise InputError(
                        f"{self.name}: expected events in the {name} window, found none between {self.unit} "
                        f"{(low - origin) / seconds:g} and {(high - origin) / seconds:g}; the data spans {span:.4g} {self.unit}s"
                    )
        parts = [(times >= low) & (times < high) for low, high in zip(edges[:-1], edges[1:], strict=True)]
        return from_rows(data, *parts)


class LastFraction(Splitter):
    """Each user's last events are the test, those before them the validation.

    A user with two events or more has at least one of them in the test, and with three at least one in the
    validation; the train keeps at least one.
    """

    test: Fraction = 0.2
    validation: Annotated[float, Field(ge=0, lt=1)] = 0.1

    def __call__(self, data: Interactions) -> Split:
        """Return the split."""
        _warn_if_unordered(self, data)
        return _last_of_each(data, data.frame["user"].to_numpy(), self.test, self.validation, self.name)


class Random(Splitter):
    """A random part of each user's events is the test, another the validation, in the sizes of `last-fraction`."""

    test: Fraction = 0.2
    validation: Annotated[float, Field(ge=0, lt=1)] = 0.1
    seed: Annotated[int, Field(ge=0)] = 0

    def __call__(self, data: Interactions) -> Split:
        """Return the split."""
        users = data.frame["user"].to_numpy()
        shuffled = np.lexsort((np.random.default_rng(self.seed).random(len(users)), users))
        return _last_of_each(data, users, self.test, self.validation, self.name, order=shuffled)


class LeaveLastOut(Splitter):
    """Each user's last event is the test, the one before it the validation; one event at least stays in the train."""

    def __call__(self, data: Interactions) -> Split:
        """Return the split."""
        _warn_if_unordered(self, data)
        position, count = _positions(data.frame["user"].to_numpy())
        test = (position == count - 1) & (count >= 2)
        validation = (position == count - 2) & (count >= 3)
        return from_rows(data, ~test & ~validation, validation, test)


class Given(Splitter):
    """The test that came with the data, such as a file of its own; all the rest is the train.

    With `validation`, that share of each user's training events, at random, is the validation.
    """

    validation: Annotated[float, Field(ge=0, lt=1)] = 0.0
    seed: Annotated[int, Field(ge=0)] = 0

    def __call__(self, data: Interactions) -> Split:
        """Return the split."""
        if data.given_test is None:
            raise InputError(f"{self.name}: expected data that came with a test, as in `csv:path=train.csv,test=test.csv`; received {data!r}")
        chosen = np.zeros(len(data), dtype=bool)
        if self.validation:
            users = data.frame["user"].to_numpy()
            order = np.lexsort((np.random.default_rng(self.seed).random(len(users)), users))
            position, count = _positions(users)
            chosen[order] = position >= count - np.minimum(np.maximum(1, (count * self.validation).astype(int)), count - 1)
        return _assemble(data, ~chosen, data.frame.loc[chosen], data.given_test)


SPLITTERS: dict[str, type[Splitter]] = {
    "temporal": Temporal,
    "last-fraction": LastFraction,
    "leave-last-out": LeaveLastOut,
    "random": Random,
    "given": Given,
}
names.name_all(SPLITTERS)


def split(data: Interactions, how: str | Splitter, **values: Any) -> Split:
    """Split interactions into train, validation and test.

    A target is a distinct item that is not masked: what a user already has is never asked for.

    Parameters
    ----------
    data
        The interactions.
    how
        ``temporal``, ``last-fraction``, ``leave-last-out``, ``random`` or ``given``, with parameters after a
        colon or by keyword.

    Raises
    ------
    InputError
        Where the name or a parameter is unknown, the data lacks what the split needs, or a part is empty.

    Examples
    --------
    >>> import pandas as pd
    >>> from tailrec import Interactions
    >>> events = pd.DataFrame({"user": [0, 0, 0, 1], "item": [0, 1, 2, 0], "time": [1, 2, 3, 1]})
    >>> parts = split(Interactions.from_frame(events, timestamp="time"), "leave-last-out")
    >>> parts.test.targets.toarray().tolist()
    [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
    """
    how = names.build(how, SPLITTERS, "split")
    if values:
        how = type(how)(**(how.parameters(changed_only=True) | values))
    return how(data)  # type: ignore[no-any-return]


def default_split(data: Interactions) -> str:
    """Return the split that fits the data where none is asked for: the given test, each user's last events, or random ones."""
    if data.given_test is not None:
        return "given"
    return "last-fraction" if data.ordered else "random"


def from_rows(
    data: Interactions, train: NDArray[np.bool_], validation: NDArray[np.bool_], test: NDArray[np.bool_]
) -> Split:
    """Return the split whose parts are these rows of ``data.frame``."""
    return _assemble(data, train, data.frame.loc[validation], data.frame.loc[test])


def pair_matrix(frame: pd.DataFrame, n_users: int, n_items: int) -> csr_matrix:
    """Return (n_users, n_items) CSR float32, 1 where the frame has an event."""
    pairs = (frame["user"].to_numpy(), frame["item"].to_numpy())
    matrix = csr_matrix((np.ones(len(frame), dtype=np.float32), pairs), shape=(n_users, n_items))
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix


def without(matrix: csr_matrix, other: csr_matrix) -> csr_matrix:
    """Return the entries of a 0/1 matrix that the other does not have."""
    left = (matrix - matrix.multiply(other)).tocsr()
    left.eliminate_zeros()
    left.sort_indices()
    return left


def union(matrix: csr_matrix, other: csr_matrix) -> csr_matrix:
    """Return the entries that either of two 0/1 matrices has."""
    both = (matrix + other).tocsr()
    both.data[:] = 1.0
    both.sort_indices()
    return both


def _assemble(data: Interactions, train_rows: NDArray[np.bool_], validation: pd.DataFrame, test: pd.DataFrame) -> Split:
    train = data.select(train_rows)
    if len(train) == 0 or len(test) == 0:
        raise InputError(f"expected events in the train and in the test, received {len(train)} and {len(test)} from {data!r}")
    seen = train.matrix()
    asked_first = without(pair_matrix(validation, data.n_users, data.n_items), seen)
    masked = union(seen, asked_first)
    asked_last = without(pair_matrix(test, data.n_users, data.n_items), masked)
    return Split(train, Holdout(asked_first, seen, train), Holdout(asked_last, masked, train))


def _last_of_each(
    data: Interactions, users: IntArray, test: float, validation: float, name: str, order: IntArray | None = None
) -> Split:
    if test + validation >= 1:
        raise InputError(f"{name}: expected `test` and `validation` to leave something to train on, received {test} and {validation}")
    position, count = _positions(users)
    n_test = np.where(count >= 2, np.maximum(1, (count * test + 1e-9).astype(int)), 0)
    n_validation = np.where((count >= 3) & (validation > 0), np.maximum(1, (count * validation + 1e-9).astype(int)), 0)
    in_test = position >= count - n_test
    in_validation = (position >= count - n_test - n_validation) & ~in_test
    if order is not None:
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        in_test, in_validation = in_test[back], in_validation[back]
    return from_rows(data, ~in_test & ~in_validation, in_validation, in_test)


def _positions(users: IntArray) -> tuple[IntArray, IntArray]:
    """Return, for rows sorted by user, each row's position within its user, and the user's number of rows."""
    counts = np.bincount(users)
    starts = np.cumsum(counts) - counts
    return np.arange(len(users)) - starts[users], counts[users]


def _warn_if_unordered(how: Splitter, data: Interactions) -> None:
    if not data.ordered:
        warnings.warn(
            f"{how.name}: the data has no timestamps, so the order of its rows is taken for the order in time; "
            "if it is not, use `random`",
            stacklevel=3,
        )
