"""A training weight for every interaction: the tail re-weighting schemes.

Whatever a scheme gives is brought to mean one over the training events, so that weights move attention between people
or items and leave the size of the loss, and with it the learning rate, as they were.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from tailrec import names
from tailrec.errors import InputError, nearest
from tailrec.parameters import Parameters
from tailrec.segments import rule, segment_users

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tailrec.interactions import FloatArray, Interactions


class WeightingScheme(Parameters, ABC):
    """A way to weigh the training events."""

    @abstractmethod
    def __call__(self, train: Interactions) -> FloatArray:
        """Return (n_events,) weights, finite and zero or more, not normalised."""


class InverseActivity(WeightingScheme):
    r"""Each event of a user with n distinct items weighs :math:`n^{-a}`, with a the `exponent`.

    With exponent 1 every user counts the same, whatever the length of the history; with 0 every event does. The
    weight by inverse class frequency, with users as the classes; its square root (a = 0.5) is what Mikolov et al.,
    "Distributed representations of words and phrases", NeurIPS 2013, thin frequent words by.
    """

    exponent: Annotated[float, Field(ge=0)] = 1.0

    def __call__(self, train: Interactions) -> FloatArray:
        """Return the weights."""
        return np.asarray(_activity(train) ** -self.exponent)


class EffectiveNumber(WeightingScheme):
    r"""Each event of a user with n distinct items weighs one by the effective number of them.

    .. math:: \frac{1 - \beta}{1 - \beta^n}

    The n-th item of a user is worth :math:`\beta^{n-1}` of the first, since it tells less that is new. With `beta` 0
    every event counts the same; towards 1 it comes near to `inverse-activity`. Cui et al., "Class-balanced loss based
    on effective number of samples", CVPR 2019, with users as the classes.
    """

    beta: Annotated[float, Field(ge=0, lt=1)] = 0.99

    def __call__(self, train: Interactions) -> FloatArray:
        """Return the weights."""
        return np.asarray((1 - self.beta) / (1 - self.beta ** _activity(train)))


class InversePropensity(WeightingScheme):
    r"""Each event weighs one by the propensity of its item, the guess at how likely it was to be seen at all.

    .. math:: \frac{1}{\max(p_i, \text{clip})}, \qquad p_i = \Big( \frac{n_i}{\max_j n_j} \Big)^{\text{exponent}}

    with :math:`n_i` the number of users of item i. It lifts rare items, not quiet users. `clip` bounds the weights, and
    so the variance, at the price of some bias; the mean of one makes it the self-normalised estimator. Schnabel et
    al., "Recommendations as treatments", ICML 2016; a power of the popularity as the propensity: Yang et al.,
    "Unbiased offline recommender evaluation for missing-not-at-random implicit feedback", RecSys 2018.
    """

    exponent: Annotated[float, Field(ge=0)] = 0.5
    clip: Annotated[float, Field(gt=0, le=1)] = 0.05

    def __call__(self, train: Interactions) -> FloatArray:
        """Return the weights."""
        counts = train.item_counts().astype(np.float64)
        propensity = np.maximum((counts / max(1.0, counts.max(initial=0.0))) ** self.exponent, self.clip)
        return np.asarray(1 / propensity[train.frame["item"].to_numpy()])


class BySegment(WeightingScheme):
    """Each event weighs what is said of its user's segment: ``segment:names=[tail,head],weights=[2,1]``.

    Who is in several of the named segments weighs what the first of them says, so a segment within another is named
    before it (``names=[newest,tail]``); who is in none of them weighs one. These are the weights before they are
    brought to mean one: what holds is their ratio.
    """

    names: Annotated[list[str], Field(min_length=1)]
    weights: list[Annotated[float, Field(ge=0)]]
    rule: str = "activity"

    def __post_init__(self) -> None:
        """Check that every segment is named once, has a weight, and is one of the rule's."""
        if len(self.names) != len(self.weights) or len(set(self.names)) < len(self.names):
            raise InputError(
                f"expected different `names` and a weight for each, received {self.names} and {self.weights}"
            )
        # A rule's names do not depend on the people, so those of no data at hand are asked for: some of every length.
        masks = rule(self.rule)(np.arange(_LONGEST))
        self._check(masks)
        # Who is in none of them weighs one; who has no history has no event to weigh.
        if not any(self.weights) and np.logical_or.reduce([masks[name][1:] for name in self.names]).all():
            raise InputError(
                f"expected a positive weight for somebody, received {self.weights} for {self.names}, which is everybody"
            )

    def __call__(self, train: Interactions) -> FloatArray:
        """Return the weights."""
        masks = segment_users(train, self.rule)
        self._check(masks)
        of_user = np.ones(train.n_users)
        for segment, weight in reversed(list(zip(self.names, self.weights, strict=True))):
            of_user[masks[segment]] = weight
        return np.asarray(of_user[train.frame["user"].to_numpy()])

    def _check(self, known: Iterable[str]) -> None:
        for segment in self.names:
            if segment not in known:
                raise InputError(
                    f"no segment of the rule `{self.rule}` is named `{segment}`; {nearest(segment, known)}"
                )


#: Longer than a history that a segment rule sensibly cuts at.
_LONGEST = 100_000


def _activity(train: Interactions) -> FloatArray:
    """Return (n_events,) the number of distinct items of each event's user."""
    return np.asarray(train.history_lengths().astype(np.float64)[train.frame["user"].to_numpy()])


SCHEMES: dict[str, type[WeightingScheme]] = {
    "inverse-activity": InverseActivity,
    "effective-number": EffectiveNumber,
    "inverse-propensity": InversePropensity,
    "segment": BySegment,
}
names.name_all(SCHEMES)


def weights(train: Interactions, how: str | WeightingScheme | Callable[[Interactions], FloatArray]) -> FloatArray:
    """Return (n_events,) one weight a row of ``train.frame``, with mean one over the rows.

    Parameters
    ----------
    train
        The training events, and nothing else: no held-out event has a part in a weight.
    how
        A scheme by its name or spelling (`inverse-activity`, `effective-number`, `inverse-propensity`, `segment`), an
        object of one, or a function that takes the train and returns (n_events,) weights.

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
    from tailrec.interactions import Interactions  # late: this module is imported where only names are asked for

    if not isinstance(train, Interactions):
        raise InputError(f"expected the training events, such as `split.train`, received {type(train).__name__}")
    given = names.build(how, SCHEMES, "weighting scheme")(train)
    try:
        raw = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"expected {len(train)} weights, one a training event, received {given!r:.80}") from None
    if raw.shape != (len(train),) or not np.isfinite(raw).all() or (raw < 0).any() or not raw.any():
        raise InputError(
            f"expected {len(train)} weights, one a training event, finite and not negative, some of them positive; "
            f"received {raw.shape} from {raw.min(initial=np.inf):g} to {raw.max(initial=-np.inf):g}"
        )
    return np.asarray(raw / raw.mean())
