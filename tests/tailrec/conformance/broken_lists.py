"""Models broken on purpose in `score_histories` and `recommend`."""

from typing import ClassVar

import numpy as np

import tailrec


class Sound(tailrec.ModelPlugin):
    """Items are alike as often as they are together, also for people it never saw: nothing is wrong with it."""

    breaks: ClassVar[dict[str, str]] = {}
    folds_in: ClassVar = "exact"

    def fit(self, train, *, weights=None, validation=None):
        self.seen_ = train.matrix()
        self.alike_ = (self.seen_.T @ self.seen_).toarray()
        return self

    def score(self, users):
        if not tailrec.is_fitted(self):
            raise tailrec.InputError("expected a fitted model; call `fit` first")
        if min(users, default=0) < 0 or max(users, default=0) >= self.seen_.shape[0]:
            raise tailrec.InputError("expected codes of users that it was fitted on")
        return self.seen_[users] @ self.alike_

    def score_histories(self, histories):
        if any(min(one, default=0) < 0 or max(one, default=0) >= len(self.alike_) for one in histories):
            raise tailrec.InputError("expected codes of items that it was fitted on")
        return np.array([self.scores_of(np.unique(one).astype(int)) for one in histories])

    def scores_of(self, items):
        return self.alike_[items].sum(axis=0)

    def recommend(self, users, k, exclude):
        return tailrec.top_k(self.score(users), k, exclude)


class ForgetsWhatIsExcluded(Sound):
    breaks: ClassVar = {
        "excludes-honoured": "which is excluded for them",
        "short-lists-end-with-minus-one": "items before -1, there are",
    }

    def recommend(self, users, k, exclude):
        return tailrec.top_k(self.score(users), k)


class PadsWithItemZero(Sound):
    breaks: ClassVar = {"short-lists-end-with-minus-one": "43 items before -1, there are"}

    def recommend(self, users, k, exclude):
        return np.maximum(super().recommend(users, k, exclude), 0)


class CutsTheListShort(Sound):
    breaks: ClassVar = {"short-lists-end-with-minus-one": "of shape (80, 40), expected integers of shape (80, 43)"}

    def recommend(self, users, k, exclude):
        return super().recommend(users, min(k, len(self.alike_)), exclude)


class BestItemLast(Sound):
    breaks: ClassVar = {"lists-agree-with-scores": "at position 1 item"}

    def recommend(self, users, k, exclude):
        items = super().recommend(users, k, exclude)[:, ::-1]
        return np.take_along_axis(items, np.argsort(items < 0, axis=1, kind="stable"), axis=1)


class ListsByAnotherScore(Sound):
    breaks: ClassVar = {"lists-agree-with-scores": "by `score` it is item"}

    def recommend(self, users, k, exclude):
        return tailrec.top_k(-self.score(users), k, exclude)


class DoesNotSayThatItFoldsIn(Sound):
    breaks: ClassVar = {"folds-in-declared": "`folds_in` is None, and `score_histories` gives scores"}
    folds_in: ClassVar = None


class HasNothingToFoldInWith(Sound):
    breaks: ClassVar = {"folds-in-declared": "`folds_in` is 'exact', and there is no `score_histories`"}
    score_histories = tailrec.ModelPlugin.score_histories


class MisspellsHowItFoldsIn(Sound):
    breaks: ClassVar = {"folds-in-declared": "`folds_in` is 'exactly'"}
    folds_in: ClassVar = "exactly"


class CountsARepeatedItemTwice(Sound):
    breaks: ClassVar = {"histories-agree": "`score` and `score_histories` of the training history differ: user 0"}

    def score_histories(self, histories):
        super().score_histories(histories)
        return np.array([self.alike_[np.asarray(one, dtype=int)].sum(axis=0) for one in histories])


class FoldsInWithPopularity(Sound):
    breaks: ClassVar = {"histories-agree": "of the ten best items, expected 90%"}
    folds_in: ClassVar = "approximate"

    def scores_of(self, items):
        return self.alike_.sum(axis=0)


class MinusOneIsTheLastItem(Sound):
    breaks: ClassVar = {"unknown-item-refused": "the unknown item -1 scores"}

    def score_histories(self, histories):
        return super().score_histories([np.asarray(one) % len(self.alike_) if min(one, default=0) < 0 else one
                                        for one in histories])  # fmt: skip


class StacksHistories(Sound):
    breaks: ClassVar = {
        "short-histories-scored": "`score_histories` of no item raised ValueError",
        "repeated-items-scored": "",
    }

    def score_histories(self, histories):
        return super().score_histories(list(np.stack(histories)))


class AveragesAnEmptyHistory(Sound):
    breaks: ClassVar = {"short-histories-scored": "of no item returned scores that are not finite"}

    def score(self, users):
        scores = super().score(users)
        return scores / np.maximum(self.seen_[users].getnnz(axis=1), 1)[:, None]

    def scores_of(self, items):
        with np.errstate(all="ignore"):
            return super().scores_of(items) / np.float64(len(items))


class WantsTwoItems(Sound):
    breaks: ClassVar = {"short-histories-scored": "`score_histories` of one item raised ValueError"}

    def scores_of(self, items):
        if len(items) == 1:
            raise ValueError("too short")
        return super().scores_of(items)


class RefusesRepeats(Sound):
    breaks: ClassVar = {"repeated-items-scored": "with an item twice raised ValueError"}

    def score_histories(self, histories):
        super().score_histories(histories)
        if any(len(np.unique(one)) < len(one) < 4 for one in histories):
            raise ValueError("an item twice")
        return super().score_histories(histories)


class ScalesByTheOthers(Sound):
    breaks: ClassVar = {
        "histories-in-batches-agree": "`score_histories` changed when the histories came in two batches",
        "histories-agree": "differ",
    }

    def score_histories(self, histories):
        scores = super().score_histories(histories)
        return scores / scores.max(initial=1.0)


class WritesIntoWhatIsExcluded(Sound):
    breaks: ClassVar = {"inputs-unchanged": "`recommend` changed `exclude`, which it was given"}

    def recommend(self, users, k, exclude):
        items = super().recommend(users, k, exclude)
        exclude.data[:] = 7
        return items
