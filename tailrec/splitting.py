"""The ways to split: by a cut in time, each user's last events, random ones, or the test that came with the data."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field

from tailrec import names
from tailrec.errors import InputError
from tailrec.holdout import Holdout, Removed, Split, pair_matrix, union, without
from tailrec.parameters import Parameters, label

__all__ = ["SPLITTERS", "Holdout", "Removed", "Split", "Splitter", "Temporal", "default_split", "from_rows", "split"]

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from tailrec.interactions import FloatArray, IntArray, Interactions

Fraction = Annotated[float, Field(gt=0, lt=1)]
ValidationFraction = Annotated[float, Field(ge=0, lt=1)]
Seed = Annotated[int, Field(ge=0)]
_SECONDS = {"second": 1, "hour": 3600, "day": 86_400, "week": 604_800}


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

    def __post_init__(self) -> None:
        """Check the parameters against each other."""
        missing = [length is None for length in (self.train, self.validation, self.test)]
        if any(missing) and (self.start or not all(missing)):
            raise InputError(f"expected `train`, `validation` and `test` together, received {names.spelling(self)}")

    def __call__(self, data: Interactions) -> Split:
        """Return the split."""
        if not data.has("timestamps"):
            raise InputError(
                f"{label(type(self))}: expected data with timestamps, received {data!r}; use `random` or another"
            )
        times = data.frame["timestamp"].to_numpy().astype(np.float64)
        edges = [*np.quantile(times, [0.0, 0.8, 0.9]), np.inf] if self.train is None else self._edges(times)
        parts = [(times >= low) & (times < high) for low, high in pairwise(edges)]
        return from_rows(data, *parts)

    def _edges(self, times: FloatArray) -> list[float]:
        seconds = _SECONDS[self.unit]
        origin = times.min() // 86_400 * 86_400 if seconds >= 86_400 else times.min()
        steps = np.cumsum([self.start, *(length or 0.0 for length in (self.train, self.validation, self.test))])
        edges = origin + steps * seconds
        for name, first in (("train", 0), ("test", 2)):
            if not ((times >= edges[first]) & (times < edges[first + 1])).any():
                raise InputError(
                    f"{label(type(self))}: expected events in the {name} window, found none between {self.unit} "
                    f"{steps[first]:g} and {steps[first + 1]:g}; "
                    f"the data spans {(times.max() - origin) / seconds:.4g} {self.unit}s"
                )
        return list(edges)


class LastFraction(Splitter):
    """Each user's last events are the test, those before them the validation.

    A user with two events or more has at least one of them in the test, and with three at least one in the
    validation; the train keeps at least one.
    """

    test: Fraction = 0.2
    validation: ValidationFraction = 0.1

    def __call__(self, data: Interactions) -> Split:
        """Return the split."""
        _warn_if_unordered(self, data)
        return _last_of_each(self, data, *_positions(data))


class Random(Splitter):
    """A random part of each user's events is the test, another the validation, in the sizes of `last-fraction`."""

    test: Fraction = 0.2
    validation: ValidationFraction = 0.1
    seed: Seed = 0

    def __call__(self, data: Interactions) -> Split:
        """Return the split."""
        return _last_of_each(self, data, *_positions(data, self.seed))


class LeaveLastOut(Splitter):
    """Each user's last event is the test, the one before it the validation; one event at least stays in the train."""

    def __call__(self, data: Interactions) -> Split:
        """Return the split."""
        _warn_if_unordered(self, data)
        position, count = _positions(data)
        test = (position == count - 1) & (count >= 2)
        validation = (position == count - 2) & (count >= 3)
        return from_rows(data, ~test & ~validation, validation, test)


class Given(Splitter):
    """The test that came with the data, such as a file of its own; all the rest is the train.

    With `validation`, that share of each user's training events, at random, is the validation.
    """

    validation: ValidationFraction = 0.0
    seed: Seed = 0

    def __call__(self, data: Interactions) -> Split:
        """Return the split."""
        if data.given_test is None:
            raise InputError(
                f"{label(type(self))}: expected data that came with a test, as in `csv:path=train.csv,test=test.csv`; "
                f"received {data!r}"
            )
        position, count = _positions(data, self.seed)
        n_validation = np.minimum(_share(count, self.validation), count - 1)
        chosen = (position >= count - n_validation) & (self.validation > 0)
        split = _assemble(data, ~chosen, data.frame.loc[chosen], data.given_test)
        given = pair_matrix(data.given_test, data.n_users, data.n_items).nnz
        if split.test.targets.nnz < given:
            warnings.warn(
                f"{self.name}: {given - split.test.targets.nnz:,} of the {given:,} pairs of the given test stand in "
                "the train or the validation already, and are not asked for",
                stacklevel=2,
            )
        return split


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
    splitter: Splitter = names.build(how, SPLITTERS, "split", **values)
    return splitter(data)


def default_split(data: Interactions) -> str:
    """Return the split where none is asked for: the given test, each user's last events, or random ones."""
    if data.given_test is not None:
        return "given"
    return "last-fraction" if data.ordered else "random"


def from_rows(
    data: Interactions, train: NDArray[np.bool_], validation: NDArray[np.bool_], test: NDArray[np.bool_]
) -> Split:
    """Return the split whose parts are these rows of ``data.frame``."""
    return _assemble(data, train, data.frame.loc[validation], data.frame.loc[test])


def _assemble(data: Interactions, train_rows: NDArray[np.bool_], validation: pd.DataFrame, test: pd.DataFrame) -> Split:
    train = data.select(train_rows)
    if len(train) == 0 or len(test) == 0:
        raise InputError(
            f"expected events in the train and in the test, this split of {data!r} "
            f"leaves {len(train)} and {len(test)}; choose another"
        )
    seen = train.matrix()
    asked_first = without(pair_matrix(validation, data.n_users, data.n_items), seen)
    masked = union(seen, asked_first)
    asked_last = without(pair_matrix(test, data.n_users, data.n_items), masked)
    return Split(train, Holdout(asked_first, seen, train), Holdout(asked_last, masked, train))


def _last_of_each(how: LastFraction | Random, data: Interactions, position: IntArray, count: IntArray) -> Split:
    if how.test + how.validation >= 1:
        raise InputError(
            f"{label(type(how))}: expected `test` and `validation` to leave something to train on, "
            f"received {how.test} and {how.validation}"
        )
    validated = (count >= 3) & (how.validation > 0)
    n_test = np.minimum(_share(count, how.test), count - 1 - validated)
    n_validation = np.where(validated, np.minimum(_share(count, how.validation), count - 1 - n_test), 0)
    test = position >= count - n_test
    validation = (position >= count - n_test - n_validation) & ~test
    return from_rows(data, ~test & ~validation, validation, test)


def _share(count: IntArray, fraction: float) -> IntArray:
    # A tenth of thirty is three, whatever the rounding of 30 * 0.1.
    return np.maximum(1, (count * fraction + 1e-9).astype(np.int64))


def _positions(data: Interactions, seed: int | None = None) -> tuple[IntArray, IntArray]:
    """Return each row's position among its user's rows, or a random one, and the user's number of rows."""
    users = data.frame["user"].to_numpy()
    counts = np.bincount(users)
    position = np.arange(len(users)) - (np.cumsum(counts) - counts)[users]
    if seed is not None:
        order = np.lexsort((np.random.default_rng(seed).random(len(users)), users))
        position[order] = position.copy()
    return position, counts[users]


def _warn_if_unordered(how: Splitter, data: Interactions) -> None:
    if not data.ordered:
        message = "the data has no timestamps, so its rows are taken to be in order; if they are not, use `random`"
        warnings.warn(f"{label(type(how))}: {message}", stacklevel=3)
