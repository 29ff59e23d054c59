"""Models broken on purpose in what they leave behind: in their arguments, their class, the process, on the screen."""

import os
from typing import ClassVar

import numpy as np

import tailrec


class Sound(tailrec.ModelPlugin):
    """Items are alike as often as they are together: nothing is wrong with it."""

    breaks: ClassVar[dict[str, str]] = {}
    uses_weights: ClassVar = True

    def fit(self, train, *, weights=None, validation=None):
        self.seen_ = train.matrix()
        weighted = train.matrix(np.ones(len(train)) if weights is None else weights)
        self.alike_ = (weighted.T @ self.seen_).toarray()
        return self

    def score(self, users):
        if not tailrec.is_fitted(self):
            raise tailrec.InputError("expected a fitted model; call `fit` first")
        if min(users, default=0) < 0 or max(users, default=0) >= self.seen_.shape[0]:
            raise tailrec.InputError("expected codes of users that it was fitted on")
        return self.seen_[users] @ self.alike_


class CachesOnTheClass(Sound):
    breaks: ClassVar = {"no-shared-state": "`CachesOnTheClass.cache`, which all of them share, changed"}

    cache: ClassVar[dict] = {}

    def fit(self, train, *, weights=None, validation=None):
        self.cache["rows"] = len(train)
        return super().fit(train, weights=weights)


_LATEST: list = []


class KeepsItsModelInTheModule(Sound):
    breaks: ClassVar = {"no-shared-state": "`score` of a fitted model changed when another of its class was fitted"}

    def fit(self, train, *, weights=None, validation=None):
        super().fit(train, weights=weights)
        _LATEST[:] = [self.alike_]
        return self

    def score(self, users):
        return super().score(users) * _LATEST[0].sum() if tailrec.is_fitted(self) else super().score(users)


class WritesIntoTheTrain(Sound):
    breaks: ClassVar = {"inputs-unchanged": "`fit` changed `train`, which it was given"}

    def fit(self, train, *, weights=None, validation=None):
        train.frame["weight"] = 1.0
        return super().fit(train, weights=weights)


class WritesIntoTheWeights(Sound):
    breaks: ClassVar = {"inputs-unchanged": "`fit` changed `weights`, which it was given"}

    def fit(self, train, *, weights=None, validation=None):
        if weights is not None:
            weights /= 2.0
            weights = 2.0 * weights
        return super().fit(train, weights=weights)


class WritesIntoTheUsers(Sound):
    breaks: ClassVar = {"inputs-unchanged": "`score` changed `users`, which it was given"}

    def score(self, users):
        scores = super().score(users)
        users[:] = 0
        return scores


class DrawsWithoutASeed(Sound):
    breaks: ClassVar = {"same-seed-same-scores": "`score` differs between two fits with the same parameters"}

    def fit(self, train, *, weights=None, validation=None):
        super().fit(train, weights=weights)
        self.alike_ += np.random.default_rng().random(self.alike_.shape) * (weights is None and validation is not None)
        return self


class SeedsTheWholeProcess(Sound):
    breaks: ClassVar = {"process-left-alone": "it changed NumPy's global random state"}

    def fit(self, train, *, weights=None, validation=None):
        np.random.seed(0)
        return super().fit(train, weights=weights)


class SetsTheEnvironment(Sound):
    breaks: ClassVar = {"process-left-alone": "it changed `TAILREC_TEST_SET_BY_A_MODEL` of the environment"}

    def fit(self, train, *, weights=None, validation=None):
        os.environ["TAILREC_TEST_SET_BY_A_MODEL"] = str(len(train))
        return super().fit(train, weights=weights)


class Prints(Sound):
    breaks: ClassVar = {"prints-nothing": "it printed 'epoch 1"}

    def fit(self, train, *, weights=None, validation=None):
        print("epoch 1")
        return super().fit(train, weights=weights)


class Warns(Sound):
    breaks: ClassVar = {"warns-of-nothing": "it warned (RuntimeWarning): divide by zero"}

    def fit(self, train, *, weights=None, validation=None):
        _ = np.array([1.0]) / np.array([0.0])
        return super().fit(train, weights=weights)
