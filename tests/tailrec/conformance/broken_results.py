"""Models broken on purpose in what they learn from: weights, the train, the validation, what data must carry."""

from typing import ClassVar

import numpy as np

import tailrec


class Sound(tailrec.ModelPlugin):
    """An item's score is how often it is there, with weights: nothing is wrong with it."""

    breaks: ClassVar[dict[str, str]] = {}
    uses_weights: ClassVar = True

    def fit(self, train, *, weights=None, validation=None):
        items = train.frame["item"].to_numpy()
        self.counts_ = np.bincount(items, weights=weights, minlength=train.n_items).astype(np.float64)
        self.n_users_ = train.n_users
        return self

    def score(self, users):
        if not tailrec.is_fitted(self):
            raise tailrec.InputError("expected a fitted model; call `fit` first")
        if min(users, default=0) < 0 or max(users, default=0) >= self.n_users_:
            raise tailrec.InputError("expected codes of users that it was fitted on")
        return np.tile(self.counts_, (len(users), 1))


class IgnoresItsWeights(Sound):
    breaks: ClassVar = {"weights-honoured": "`uses_weights` is True, and no score moved"}

    def fit(self, train, *, weights=None, validation=None):
        return super().fit(train)


class DividesByItsWeights(Sound):
    breaks: ClassVar = {"weights-lead-their-way": "which should be less"}

    def fit(self, train, *, weights=None, validation=None):
        return super().fit(train, weights=None if weights is None else 1.0 / weights)


class TakesTheWeightsInAnotherOrder(Sound):
    breaks: ClassVar = {"weights-lead-their-way": "one a row of `train.frame`"}

    def fit(self, train, *, weights=None, validation=None):
        # The rows are sorted by item, and the weights are not.
        by_item = train.frame.sort_values("item", kind="stable")["item"].to_numpy()
        super().fit(train)
        self.counts_ = np.bincount(by_item, weights=weights, minlength=train.n_items).astype(np.float64)
        return self


class AddsOneToItsWeights(Sound):
    breaks: ClassVar = {"equal-weights-change-nothing": "`score` changed when every event weighed one"}

    def fit(self, train, *, weights=None, validation=None):
        return super().fit(train, weights=None if weights is None else 1.0 + weights)


class DeclaresNoWeights(Sound):
    breaks: ClassVar = {"weights-declared": "`uses_weights` is False, and weights moved the scores"}
    uses_weights: ClassVar = False


class NearerIsBetter(Sound):
    breaks: ClassVar = {
        "beats-chance": "it puts held-out items below the others",
        "weights-lead-their-way": "should be",
    }

    def score(self, users):
        return -super().score(users)


class MixesUpTheItems(Sound):
    breaks: ClassVar = {"beats-chance": "it finds nothing where tastes are planted"}
    uses_weights: ClassVar = False

    def fit(self, train, *, weights=None, validation=None):
        super().fit(train)
        self.counts_ = np.sin(np.arange(train.n_items) * 12.9898)
        return self


class LearnsFromTheValidation(Sound):
    breaks: ClassVar = {"no-leak": "it finds the validation's targets"}
    uses_weights: ClassVar = False

    def fit(self, train, *, weights=None, validation=None):
        self.seen_ = train.matrix()
        if validation is not None:
            self.seen_ = self.seen_ + validation.targets
        self.alike_ = (self.seen_.T @ self.seen_).toarray()
        return super().fit(train)

    def score(self, users):
        popular = super().score(users)
        return self.seen_[users] @ self.alike_ + 1e-3 * popular


class LearnsFromWhatIsMasked(LearnsFromTheValidation):
    breaks: ClassVar = {"no-leak": "what is masked"}

    def fit(self, train, *, weights=None, validation=None):
        self.seen_ = train.matrix() if validation is None else validation.masked.copy()
        self.alike_ = (self.seen_.T @ self.seen_).toarray()
        return Sound.fit(self, train)


class ReadsTimesUndeclared(Sound):
    breaks: ClassVar = {"requires-complete": "KeyError: 'timestamp'"}

    def fit(self, train, *, weights=None, validation=None):
        self.last_ = train.frame["timestamp"].max()
        return super().fit(train, weights=weights)


class ReadsGenresUndeclared(Sound):
    breaks: ClassVar = {"requires-complete": "on data without ratings, timestamps, item-features"}

    def fit(self, train, *, weights=None, validation=None):
        self.genres_ = train.item_features["genres"].nunique()
        return super().fit(train, weights=weights)


class RequiresAMisspeltWord(Sound):
    breaks: ClassVar = {"requires-known": "names `timestamp`, which no data carries: did you mean `timestamps`?"}
    requires: ClassVar = frozenset({"timestamp"})


class RequiresAPlainText(Sound):
    breaks: ClassVar = {"requires-known": "`requires` is 'timestamps'"}
    requires: ClassVar = "timestamps"


class NeedsAValidation(Sound):
    breaks: ClassVar = {"validation-optional": "and without a validation raised AttributeError"}

    def fit(self, train, *, weights=None, validation=None):
        self.asked_ = validation.targets.nnz if weights is None else 0
        return super().fit(train, weights=weights)


class NeedsSomethingToValidateOn(Sound):
    breaks: ClassVar = {"validation-optional": "with a validation that asks nothing raised ZeroDivisionError"}

    def fit(self, train, *, weights=None, validation=None):
        self.share_ = 1 / validation.targets.nnz if validation is not None else 0.0
        return super().fit(train, weights=weights)


class ScoresEverybodyAtOnce(Sound):
    breaks: ClassVar = {"score-memory-bounded": "`score` of one user took"}

    def score(self, users):
        super().score(users)
        return np.tile(self.counts_, (self.n_users_, 1))[users]
