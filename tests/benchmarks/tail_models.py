"""What `tail_treatments.py` measures beside the plugins: a model with weights of its own, and four simple mixtures."""

from __future__ import annotations

import numpy as np

import tailrec
from tailrec.holdout import Holdout, Split, without
from tailrec.preparing import Step, ThinHistories


@tailrec.register.model("weighted")
class Weighted(tailrec.ModelPlugin):
    """A model that is trained with weights, so that one comparison can hold several schemes."""

    model: str
    weights: str
    seed: int = 0

    def __post_init__(self) -> None:
        """Make the model, so that the key of a piece reads its code."""
        self._model = tailrec.model(self.model, seed=self.seed)

    def fit(self, train, *, weights=None, validation=None):
        """Fit the model with the weights."""
        self.fitted_ = self._model.fit(train, weights=tailrec.weights(train, self.weights), validation=validation)
        return self

    def score(self, users):
        """Return the model's scores."""
        return self.fitted_.score(users)

    def recommend(self, users, k, exclude):
        """Return the model's lists."""
        return self.fitted_.recommend(users, k, exclude)


@tailrec.register.model("log-popularity-ease")
class LogPopularityEase(tailrec.ModelPlugin):
    """log(1 + users of the item) + share × EASE, both standardised for each user over what they do not have."""

    share: float = 0.1
    l2: float = 3000.0

    def fit(self, train, *, weights=None, validation=None):
        """Fit EASE and count."""
        self.ease_ = tailrec.model("ease", l2=self.l2).fit(train)
        self.log_counts_, self.histories_ = np.log1p(train.item_counts()), train.matrix()
        return self

    def score(self, users):
        """Return the mixture."""
        own = self.histories_[users].toarray() > 0
        popular = np.tile(self.log_counts_, (len(own), 1))
        return _standardised(popular, own) + self.share * _standardised(self.ease_.score(users), own)


@tailrec.register.model("last-week-popularity")
class LastWeekPopularity(tailrec.ModelPlugin):
    """How many people had an item in the last seven days of the train."""

    def fit(self, train, *, weights=None, validation=None):
        """Count."""
        moments = train.frame["timestamp"]
        last = train.select((moments > moments.max() - 7 * 86_400).to_numpy())
        self.counts_ = last.item_counts().astype(np.float64)
        return self

    def score(self, users):
        """Return the counts, the same for everybody."""
        return np.tile(self.counts_, (len(users), 1))


@tailrec.register.model("conditional")
class Conditional(tailrec.ModelPlugin):
    """The mean over the history's items i of (n_ij + pseudo × p_j) / (n_i + pseudo), with p_j = n_j / users."""

    pseudo: float = 20.0

    def fit(self, train, *, weights=None, validation=None):
        """Count pairs of items."""
        self.histories_ = train.matrix().astype(np.float64)
        counts = train.item_counts().astype(np.float64)
        together = (self.histories_.T @ self.histories_).toarray()
        popular = counts / max(1, (train.history_lengths() > 0).sum())
        self.given_ = (together + self.pseudo * popular) / (counts + self.pseudo)[:, None]
        return self

    def score(self, users):
        """Return the means; zero where there is no history."""
        histories = self.histories_[users]
        lengths = np.maximum(1, np.diff(histories.indptr))
        return np.asarray(histories @ self.given_) / lengths[:, None]


class ThinWithoutMasking(Step):
    """`thin-histories`, with what it removes free to be recommended again, as the earlier figures were measured."""

    seed: int = 0

    def __call__(self, split: Split) -> Split:
        """Return the split."""
        thin = ThinHistories(seed=self.seed)(split)
        gone = without(split.train.matrix(), thin.train.matrix())
        parts = [Holdout(h.targets, without(h.masked, gone), thin.train) for h in (thin.validation, thin.test)]
        return Split(thin.train, *parts, thin.removed)


def _standardised(scores, own: np.ndarray) -> np.ndarray:
    free = np.where(own, np.nan, scores)
    return (scores - np.nanmean(free, axis=1, keepdims=True)) / np.nanstd(free, axis=1, keepdims=True)
