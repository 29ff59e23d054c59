"""A training weight for every interaction: the tail re-weighting schemes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from tailrec import names
from tailrec.errors import InputError
from tailrec.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Callable

    from tailrec.interactions import FloatArray, Interactions


class WeightingScheme(Parameters, ABC):
    """A way to weigh the training events."""

    @abstractmethod
    def __call__(self, train: Interactions) -> FloatArray:
        """Return (n_events,) positive weights, not normalised."""


class InverseActivity(WeightingScheme):
    """Each event of a user with n distinct items weighs n to the power of minus `exponent`.

    With exponent 1 every user counts the same, whatever the length of the history; with 0 every event does.
    """

    exponent: Annotated[float, Field(ge=0)] = 1.0

    def __call__(self, train: Interactions) -> FloatArray:
        """Return the weights."""
        lengths = train.history_lengths().astype(np.float64)
        return np.asarray(lengths[train.frame["user"].to_numpy()] ** -self.exponent)


SCHEMES: dict[str, type[WeightingScheme]] = {"inverse-activity": InverseActivity}
names.name_all(SCHEMES)


def weights(train: Interactions, how: str | WeightingScheme | Callable[[Interactions], FloatArray]) -> FloatArray:
    """Return (n_events,) one weight a row of ``train.frame``, with mean one over the rows.

    Raises
    ------
    InputError
        Where the scheme is unknown, or does not give one finite weight, zero or more, for every row.

    Examples
    --------
    >>> import pandas as pd
    >>> from tailrec import Interactions
    >>> events = pd.DataFrame({"user": [0, 1, 1, 1], "item": [0, 0, 1, 2]})
    >>> weights(Interactions.from_frame(events), "inverse-activity").round(3).tolist()
    [2.0, 0.667, 0.667, 0.667]
    """
    raw = np.asarray(names.build(how, SCHEMES, "weighting scheme")(train), dtype=np.float64)
    if raw.shape != (len(train),) or not np.isfinite(raw).all() or (raw < 0).any() or not raw.any():
        raise InputError(
            f"expected {len(train)} weights, one a training event, finite and not negative, some of them positive; "
            f"received {raw.shape} from {raw.min(initial=np.inf):g} to {raw.max(initial=-np.inf):g}"
        )
    return np.asarray(raw / raw.mean())
