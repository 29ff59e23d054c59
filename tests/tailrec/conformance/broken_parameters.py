"""Plugins broken on purpose in what every kind has: parameters, a spelling, methods, a version."""

import threading
from typing import Any, ClassVar

import numpy as np

import tailrec


class Sound(tailrec.MetricPlugin):
    """Whether the first item is a target: nothing is wrong with it."""

    breaks: ClassVar[dict[str, str]] = {}

    k: int = 1

    def per_user(self, ranking):
        return np.where(ranking.n_targets > 0, ranking.hits[:, : self.k].any(axis=1), np.nan)


class TakesAnything(Sound):
    breaks: ClassVar = {"bad-values-refused": "`boost` took <no value of any type>"}

    boost: Any = 1.0


class RaisesAnythingForABadValue(Sound):
    breaks: ClassVar = {"bad-values-refused": "a bad value of `boost` raised TypeError"}

    boost: Any = 1.0

    def __post_init__(self):
        if self.boost < 0:
            raise ValueError("negative")


class DoublesItsParameter(Sound):
    breaks: ClassVar = {"parameters-kept": "reads `depth` as 16, it was 8"}

    depth: int = 2

    def __post_init__(self):
        self.depth = 2 * self.depth


class WritesItsOwnRepr(Sound):
    breaks: ClassVar = {"repr-round-trips": "`my metric` cannot be read as Python"}

    def __repr__(self):
        return "my metric"


class TakesATable(Sound):
    breaks: ClassVar = {"spelling-round-trips": "cannot be written for a command line and read again"}

    boosts: dict[str, float] = {"fig": 1.0}


class MakesALockAtOnce(Sound):
    breaks: ClassVar = {"pickles": "it cannot be shipped: TypeError"}

    def __post_init__(self):
        self.lock = threading.Lock()


class ForgetsWhatItHoldsWhenShipped(Sound):
    breaks: ClassVar = {"pickles": "arrived as"}

    def __reduce__(self):
        return (type(self), ())


class WrittenForTheFuture(Sound):
    breaks: ClassVar = {"api-version-known": "`api_version` is 99"}
    api_version: ClassVar = 99


class StatesItsVersionAsText(Sound):
    breaks: ClassVar = {"api-version-known": "`api_version` is '1'"}
    api_version: ClassVar = "1"


class LacksTheWeights(tailrec.ModelPlugin):
    breaks: ClassVar = {"signatures": "LacksTheWeights.fit(self, train) cannot be called as the contract calls it"}

    def fit(self, train):
        return self

    def score(self, users):
        raise tailrec.InputError("expected a fitted model; call `fit` first")


class LacksScore(tailrec.ModelPlugin):
    breaks: ClassVar = {"loads": "LacksScore lacks `score`"}

    def fit(self, train, *, weights=None, validation=None):
        return self


class CannotBeMade(Sound):
    breaks: ClassVar = {"loads": "the metric `CannotBeMade` could not be made: ZeroDivisionError"}

    def __post_init__(self):
        self.share = 1 / 0


class ExpectsWhatNoCheckIsCalled(Sound):
    breaks: ClassVar = {"expected-failures-named": "names `batches-agre`, and no check is called so"}
    expected_failures: ClassVar = {"batches-agre": "it is slow"}


class ExpectsWithoutAReason(Sound):
    breaks: ClassVar = {"expected-failures-named": "gives no reason for `undefined-is-nan`", "undefined-is-nan": ""}
    expected_failures: ClassVar = {"undefined-is-nan": ""}


class ExpectsWhatPasses(Sound):
    breaks: ClassVar = {"undefined-is-nan": "declared as an expected failure (it was so once), and it passes now"}
    expected_failures: ClassVar = {"undefined-is-nan": "it was so once"}
