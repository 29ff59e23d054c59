"""Models broken on purpose, each by one fault; `breaks` names the check that must tell it, and some of its words."""

import itertools
import threading
from typing import ClassVar

import numpy as np
import scipy.sparse

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


class CountsUsersOfTheFrame(Sound):
    breaks: ClassVar = {"users-without-events": "`score` of 40 users, some without events, returned 37 rows"}

    def fit(self, train, *, weights=None, validation=None):
        super().fit(train, weights=weights)
        self.n_users_ = train.frame["user"].nunique()
        return self

    def score(self, users):
        scores = super().score(users)
        return scores[np.asarray(users) < self.n_users_]


class CountsItemsOfTheFrame(Sound):
    breaks: ClassVar = {"items-without-events": "30 items, some without events, returned (29,) a row"}

    def score(self, users):
        return super().score(users)[:, : self.seen_.indices.max() + 1]


class DividesByTheNumberOfBuyers(Sound):
    breaks: ClassVar = {"items-without-events": "item 0, which has no event, is nan"}

    def score(self, users):
        with np.errstate(all="ignore"):
            return super().score(users) / self.seen_.getnnz(axis=0)


class DividesByTheLengthOfTheHistory(Sound):
    breaks: ClassVar = {"users-without-events": "user 0, who has no event, is not finite"}

    def score(self, users):
        with np.errstate(all="ignore"):
            return super().score(users) / self.seen_[users].getnnz(axis=1)[:, None]


class ScalesByTheBatch(Sound):
    breaks: ClassVar = {"batches-agree": "`score` changed when the users came in two batches: user "}

    def score(self, users):
        scores = super().score(users)
        return scores / scores.max(initial=1.0)


class SortsTheUsers(Sound):
    breaks: ClassVar = {"order-of-users-irrelevant": "`score` changed when the users came in another order"}

    def score(self, users):
        return super().score(np.sort(users))


class TakesALogarithmOfZero(Sound):
    breaks: ClassVar = {"score-finite": "is -inf"}

    def score(self, users):
        with np.errstate(all="ignore"):
            return np.log(super().score(users))


class ScoresInIntegers(Sound):
    breaks: ClassVar = {"score-shape": "`score` returned int64"}

    def score(self, users):
        return super().score(users).astype(np.int64)


class ItemsTimesUsers(Sound):
    breaks: ClassVar = {"score-shape": "80 users and 40 items returned the shape (40, 80)"}

    def score(self, users):
        return super().score(users).T


class MinusOneIsTheLastUser(Sound):
    breaks: ClassVar = {"unknown-user-refused": "`score` gave the unknown user -1 scores"}

    def score(self, users):
        if max(users, default=0) >= self.seen_.shape[0] if tailrec.is_fitted(self) else True:
            raise tailrec.InputError("expected codes of users that it was fitted on")
        return self.seen_[users] @ self.alike_


class RaisesIndexErrorForAStranger(Sound):
    breaks: ClassVar = {"unknown-user-refused": "unknown user 80 raised IndexError"}

    def score(self, users):
        if not tailrec.is_fitted(self):
            raise tailrec.InputError("expected a fitted model; call `fit` first")
        return self.seen_[users] @ self.alike_


class NotFittedIsAnAttributeError(Sound):
    breaks: ClassVar = {"unfitted-says-so": "`score` before `fit` raised AttributeError"}

    def score(self, users):
        _ = self.seen_
        return super().score(users)


class ForgetsToReturnItself(Sound):
    breaks: ClassVar = {"fit-returns-itself": "`fit` returned NoneType"}

    def fit(self, train, *, weights=None, validation=None):
        super().fit(train, weights=weights)


class LeavesNoUnderscore(Sound):
    breaks: ClassVar = {"fitted-state-underscored": "`fit` left no attribute that ends in an underscore"}

    def fit(self, train, *, weights=None, validation=None):
        super().fit(train, weights=weights)
        self.inner = Sound().fit(train, weights=weights)
        del self.seen_, self.alike_
        return self

    def score(self, users):
        if not hasattr(self, "inner"):
            raise tailrec.InputError("expected a fitted model; call `fit` first")
        return self.inner.score(users)


class BeginsAsFitted(Sound):
    breaks: ClassVar = {"fitted-state-underscored": "never fitted has an attribute that ends in an underscore"}

    def __post_init__(self):
        self.losses_ = []

    def score(self, users):
        if not hasattr(self, "seen_"):
            raise tailrec.InputError("expected a fitted model; call `fit` first")
        return super().score(users)


class AddsUpOverFits(Sound):
    breaks: ClassVar = {"refit-forgets": "`score` after a second `fit` differs from that of a fresh model"}

    def fit(self, train, *, weights=None, validation=None):
        earlier = getattr(self, "alike_", 0.0)
        super().fit(train, weights=weights)
        self.alike_ = self.alike_ + earlier
        return self


class ScoresOtherwiseEveryTime(Sound):
    breaks: ClassVar = {"score-repeats": "`score` changed when it was asked again"}

    def fit(self, train, *, weights=None, validation=None):
        self.calls_ = itertools.count()
        return super().fit(train, weights=weights)

    def score(self, users):
        return super().score(users) + next(self.calls_) if tailrec.is_fitted(self) else super().score(users)


class HandsOutItsOwnArray(Sound):
    breaks: ClassVar = {"scores-are-own": "the model changed when its scores were written into"}

    def fit(self, train, *, weights=None, validation=None):
        super().fit(train, weights=weights)
        self.scores_ = self.seen_ @ self.alike_
        return self

    def score(self, users):
        own = super().score(users)
        return self.scores_ if len(users) == len(self.scores_) and np.all(np.diff(users) == 1) else own


class HoldsALock(Sound):
    breaks: ClassVar = {"saves-and-loads": "`save` raised TypeError: cannot pickle"}

    def fit(self, train, *, weights=None, validation=None):
        self.lock_ = threading.Lock()
        return super().fit(train, weights=weights)


class CrashesInFit(Sound):
    breaks: ClassVar = {"fits": "`fit` raised ZeroDivisionError: division by zero"}

    def fit(self, train, *, weights=None, validation=None):
        self.share_ = 1 / 0


class ReturnsASparseMatrix(Sound):
    breaks: ClassVar = {"score-shape": "`score` returned a csr_matrix; end with `.toarray()`"}

    def score(self, users):
        return scipy.sparse.csr_matrix(super().score(users))


class ReturnsAListOfLists(Sound):
    breaks: ClassVar = {"score-shape": "`score` returned a list; return "}

    def score(self, users):
        return super().score(users).tolist()


class TakesTheLogarithmOfTheBuyers(Sound):
    breaks: ClassVar = {"items-without-events": "item 0, which has no event, is -inf; guard the logarithm of 0"}

    def score(self, users):
        with np.errstate(all="ignore"):
            return super().score(users) + np.log(self.seen_.getnnz(axis=0))
