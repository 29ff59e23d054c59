"""Checks of models that serve people they never saw: `score_histories`."""

# ruff: noqa: D401 (the docstring of a check says what holds)

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailrec.conformance.checks import Fault, NotApplicable, check
from tailrec.conformance.comparing import same
from tailrec.conformance.model_subject import ModelSubject
from tailrec.errors import TailrecError
from tailrec.interfaces import ModelPlugin
from tailrec.topk import top_k

#: How many of the ten best items of both ways must be the same, where folding in is approximate.
_OVERLAP = 0.9


@check(
    "model", mend="write `folds_in: ClassVar = 'exact'` (or 'approximate') beside `score_histories`", after=("fits",)
)
def folds_in_declared(subject: ModelSubject) -> None:
    """`folds_in` says whether there is a `score_histories`."""
    declared = subject.model.folds_in
    if declared not in (None, "exact", "approximate"):
        raise Fault(f"`folds_in` is {declared!r}, expected 'exact', 'approximate' or None")
    own = subject.cls.score_histories is not ModelPlugin.score_histories
    if declared is not None and not own:
        raise Fault(
            f"`folds_in` is {declared!r}, and there is no `score_histories`", "write it, or leave `folds_in` out"
        )
    if declared is None and own:
        try:
            subject.model.score_histories([np.array([0], dtype=np.int32)])
        except TailrecError:
            return
        raise Fault("`folds_in` is None, and `score_histories` gives scores")


@check(
    "model",
    mend="return one row a history and one column an item, finite also for an empty history",
    after=("folds-in-declared",),
)
def short_histories_scored(subject: ModelSubject) -> None:
    """One item is history enough, and an empty history has finite scores too."""
    _require(subject)
    for histories, said in (([[7]], "one item"), ([[], [3]], "no item"), ([[2]] * 3, "three people with one item")):
        scores = subject.score_histories(subject.model, histories, f"of {said}")
        _checked(scores, len(histories), subject.train.n_items, said)


@check("model", mend="take an item that comes twice as `fit` does", after=("folds-in-declared",))
def repeated_items_scored(subject: ModelSubject) -> None:
    """A history may hold an item twice."""
    _require(subject)
    scores = subject.score_histories(subject.model, [[4, 4, 9], [4, 9]], "with an item twice")
    _checked(scores, 2, subject.train.n_items, "an item twice")


@check("model", mend="compute each row from that history alone", after=("short-histories-scored",))
def histories_in_batches_agree(subject: ModelSubject) -> None:
    """The scores of a history are the same whoever else is asked for."""
    _require(subject)
    histories = [one for one in subject.train.histories() if len(one)][:20]
    together = subject.score_histories(subject.model, histories).copy()
    parts = [subject.score_histories(subject.model, part) for part in (histories[:6], histories[6:])]
    same(together, np.concatenate(parts), "`score_histories` changed when the histories came in two batches")


@check(
    "model",
    mend="refuse such codes with tailrec.InputError, for -1 would be the last item",
    after=("folds-in-declared",),
)
def unknown_item_refused(subject: ModelSubject) -> None:
    """A history with a code that is no item's is refused with a sentence (tailrec.InputError)."""
    _require(subject)
    for code in (subject.train.n_items, -1):
        try:
            subject.model.score_histories([np.array([0, code], dtype=np.int32)])
        except TailrecError:
            continue
        except Exception as error:
            raise Fault(
                f"`score_histories` with the unknown item {code} raised {type(error).__name__}: {error}"
            ) from error
        raise Fault(f"`score_histories` gave a history with the unknown item {code} scores")


@check(
    "model",
    mend="score the history as `fit` saw it, or declare `folds_in = 'approximate'`",
    after=("short-histories-scored",),
)
def histories_agree(subject: ModelSubject) -> None:
    """`score_histories` of the training histories agrees with `score`: to 1e-6, or in 9 of the 10 best items."""
    _require(subject)
    known = np.flatnonzero(subject.train.history_lengths() > 0)
    histories = [subject.train.histories()[user] for user in known]
    scores = subject.score_histories(subject.model, histories, "of the training histories")
    expected = subject.scores[known]
    if subject.model.folds_in == "exact":
        said = "`folds_in` is exact, and `score` and `score_histories` of the training history differ"
        same(expected, scores, said, 1e-6, users=known)
        return
    seen = subject.train.matrix()[known]
    lists = zip(top_k(expected, 10, seen), top_k(scores, 10, seen), strict=True)
    shared = np.array([len(np.intersect1d(one, other)) / 10 for one, other in lists])
    if shared.mean() < _OVERLAP:
        raise Fault(
            f"`score` and `score_histories` share {shared.mean():.0%} of the ten best items, expected {_OVERLAP:.0%}; "
            f"user {known[shared.argmin()]} has {shared.min():.0%} in common",
            "fold in more exactly, or declare no `folds_in`",
        )


def _require(subject: ModelSubject) -> None:
    if subject.model.folds_in is None:
        raise NotApplicable("it serves nobody whom it was not fitted on (`folds_in` is None)")


def _checked(scores: NDArray[Any], n: int, n_items: int, said: str) -> None:
    if scores.shape != (n, n_items):
        raise Fault(f"`score_histories` of {said} returned the shape {scores.shape}, expected {(n, n_items)}")
    if scores.dtype.kind != "f" or not np.isfinite(scores).all():
        raise Fault(f"`score_histories` of {said} returned scores that are not finite numbers")
