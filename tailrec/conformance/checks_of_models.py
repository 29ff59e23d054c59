"""Checks of models: fitting, the shape of scores, and each user's scores from that user alone."""

# ruff: noqa: D401 (the docstring of a check says what holds)

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from tailrec.conformance import planted
from tailrec.conformance.checks import Fault, NotApplicable, check
from tailrec.conformance.comparing import same
from tailrec.conformance.model_subject import WORDS, ModelSubject
from tailrec.errors import TailrecError, nearest
from tailrec.evaluation import unmet
from tailrec.interfaces import is_fitted


@check("model", mend="write `requires: ClassVar[frozenset[str]] = frozenset({'timestamps'})`", after=("signatures",))
def requires_known(subject: ModelSubject) -> None:
    """What it requires is a set of the words that data can answer."""
    required = subject.given.requires
    if not isinstance(required, (frozenset, set)) or not all(isinstance(word, str) for word in required):
        raise Fault(f"`requires` is {required!r}")
    for word in sorted(required):
        near = nearest(word, WORDS)
        if word not in WORDS and near.startswith("did"):
            raise Fault(f"`requires` names `{word}`, which no data carries: {near}", "use the word for what it needs")
        bare = replace(subject.split, train=planted.only(subject.train, frozenset()))
        if word != "validation" and word not in unmet(subject.given, bare):
            raise Fault(f"data without `{word}` is not refused before `fit`")


@check("model", mend="mend `fit` where its own error says", after=("signatures", "requires-known"))
def fits(subject: ModelSubject) -> None:
    """It can be fitted on a small data set that carries everything it requires."""
    _ = subject.model


@check("model", mend="end `fit` with `return self`", after=("fits",))
def fit_returns_itself(subject: ModelSubject) -> None:
    """`fit` returns the model, so that `model.fit(train).score(users)` works."""
    model, returned = subject.model, subject.returned
    if returned is not model:
        raise Fault(f"`fit` returned {type(returned).__name__}")


@check("model", mend="keep what `fit` learns in attributes that end in an underscore: `self.counts_`", after=("fits",))
def fitted_state_underscored(subject: ModelSubject) -> None:
    """What `fit` learns ends in an underscore, and nothing does before."""
    if is_fitted(subject.fresh()):
        raise Fault("a model that was never fitted has an attribute that ends in an underscore")
    if not is_fitted(subject.model):
        raise Fault("`fit` left no attribute that ends in an underscore, so the model counts as not fitted")


@check(
    "model",
    mend="return np.ndarray of floats, one row a user and one column an item of `train`",
    after=("fits",),
)
def score_shape(subject: ModelSubject) -> None:
    """`score` returns an array (len(users), n_items) of floating-point numbers, for one user as for all."""
    n_items = subject.train.n_items
    for users in (subject.users, subject.users[3:4]):
        scores = subject.returned_scores(subject.model, users, f"of {len(users)} user{'s'[: len(users) > 1]}")
        if not isinstance(scores, np.ndarray):
            raise Fault(f"`score` returned a {type(scores).__name__}")
        if scores.shape != (len(users), n_items):
            raise Fault(f"`score` of {len(users)} users and {n_items} items returned the shape {scores.shape}")
        if scores.dtype.kind != "f":
            raise Fault(f"`score` returned {scores.dtype}")


@check("model", mend="guard what is divided by, and what a logarithm is taken of", after=("score-shape",))
def score_finite(subject: ModelSubject) -> None:
    """Every score is a finite number."""
    broken = np.argwhere(~np.isfinite(subject.scores))
    if len(broken):
        user, item = broken[0]
        raise Fault(f"`score` of user {user}, item {item} is {subject.scores[user, item]}")


@check("model", mend="draw random numbers in `fit`, and change nothing in `score`", after=("score-finite",))
def score_repeats(subject: ModelSubject) -> None:
    """`score` gives the same answer whenever it is asked."""
    before = subject.scores
    same(before, subject.score(subject.model, subject.users), "`score` changed when it was asked again", 0.0)


@check("model", mend="compute each row from that user alone", after=("score-repeats",))
def batches_agree(subject: ModelSubject) -> None:
    """The scores of users are the same in two batches as in one."""
    half = len(subject.users) // 3
    parts = [subject.score(subject.model, part) for part in (subject.users[:half], subject.users[half:])]
    same(subject.scores, np.concatenate(parts), "`score` changed when the users came in two batches")


@check("model", mend="read the rows by the codes in `users`, not by position", after=("batches-agree",))
def order_of_users_irrelevant(subject: ModelSubject) -> None:
    """The scores of a user are the same wherever the user stands, and when asked for twice."""
    mixed = np.append(np.random.default_rng(0).permutation(subject.users), [5, 5])
    scores = subject.score(subject.model, mixed, "of users in another order")
    same(subject.scores[mixed], scores, "`score` changed when the users came in another order", users=mixed)


@check("model", mend="return a copy, not the model's own array", after=("score-repeats",))
def scores_are_own(subject: ModelSubject) -> None:
    """Whoever writes into the scores changes nothing of the model."""
    with subject.calling("score"):
        scores = subject.model.score(subject.users.copy())
    kept = np.array(scores)
    if isinstance(scores, np.ndarray) and scores.flags.writeable:
        scores[:] = -1.0
        again = subject.score(subject.model, subject.users).copy()
        scores[:] = kept
        same(kept, again, "the model changed when its scores were written into")


@check(
    "model",
    mend="refuse codes below 0 and from the number of users on with tailrec.InputError, for -1 would be the last user",
    after=("score-shape",),
)
def unknown_user_refused(subject: ModelSubject) -> None:
    """A code that is no user's is refused with a sentence (tailrec.InputError)."""
    for code in (subject.train.n_users, -1):
        try:
            subject.model.score(np.array([0, code]))
        except TailrecError:
            continue
        except Exception as error:
            raise Fault(f"`score` of the unknown user {code} raised {type(error).__name__}: {error}") from error
        raise Fault(f"`score` gave the unknown user {code} scores")


@check("model", mend="begin `score` with `if not tailrec.is_fitted(self): raise tailrec.InputError(...)`")
def unfitted_says_so(subject: ModelSubject) -> None:
    """A model that is not fitted says so in a sentence (tailrec.InputError)."""
    try:
        subject.fresh().score(np.array([0]))
    except TailrecError:
        return
    except Exception as error:
        raise Fault(f"`score` before `fit` raised {type(error).__name__}: {error}") from error
    raise Fault("`score` before `fit` returned scores")


@check("model", mend="declare in `requires` what `fit` reads, or do without it", after=("fits",))
def requires_complete(subject: ModelSubject) -> None:
    """It fits on data that carry what it requires and nothing else."""
    _ = subject.bare


@check(
    "model",
    mend="size everything by `train.n_users`; a code without events is a user too",
    after=("requires-complete", "score-finite"),
)
def users_without_events(subject: ModelSubject) -> None:
    """Users without an event in the train have finite scores too, the first and the last of them."""
    split, model = subject.holes
    users = np.arange(split.train.n_users)
    scores = subject.score(model, users, "of users without events")
    empty = np.flatnonzero(split.train.history_lengths() == 0)
    if len(scores) != len(users):
        raise Fault(f"`score` of {len(users)} users, some without events, returned {len(scores)} rows")
    broken = empty[~np.isfinite(scores[empty][:, split.train.item_counts()[: scores.shape[1]] > 0]).all(axis=1)]
    if len(broken):
        raise Fault(f"`score` of user {broken[0]}, who has no event, is not finite")


@check(
    "model",
    mend="size everything by `train.n_items`; a code without events is an item too",
    after=("requires-complete", "score-finite"),
)
def items_without_events(subject: ModelSubject) -> None:
    """Items without an event in the train have finite scores too, the first and the last of them."""
    split, model = subject.holes
    known = np.flatnonzero(split.train.history_lengths() > 0)
    scores = subject.score(model, known, "where some items have no event")
    if scores.shape[1:] != (split.train.n_items,):
        raise Fault(f"`score` with {split.train.n_items} items, some without events, returned {scores.shape[1:]} a row")
    empty = np.flatnonzero(split.train.item_counts() == 0)
    broken = empty[~np.isfinite(scores[:, empty]).all(axis=0)]
    if len(broken):
        values = scores[:, broken[0]]
        value = values[~np.isfinite(values)][0]
        mend = "guard the logarithm of 0: it is taken of the number of an item's events" if value == -np.inf else None
        raise Fault(f"`score` of item {broken[0]}, which has no event, is {value}", mend)


@check("model", mend="do without a validation, or put 'validation' into `requires`", after=("fits",))
def validation_optional(subject: ModelSubject) -> None:
    """It fits without a validation, or requires one."""
    if "validation" in subject.given.requires:
        raise NotApplicable("it requires a validation")
    for fitted in ("bare", "holes"):
        with contextlib.suppress(Fault):  # what is amiss beside the validation is told by other checks
            getattr(subject, fitted)
    for fault in subject.validation_faults:
        raise fault


@check(
    "model",
    mend="set everything anew in `fit`; add to nothing that an earlier fit left",
    after=("same-seed-same-scores",),
)
def refit_forgets(subject: ModelSubject) -> None:
    """A second `fit` gives what a fresh model gives."""
    _, model, _ = subject.leak
    subject.fit_split(subject.split, "a second time", model=model)
    said = "`score` after a second `fit` differs from that of a fresh model"
    same(subject.scores, subject.score(model, subject.users, "after a second fit"), said)


@check(
    "model",
    mend="keep everything that `score` needs in attributes that pickle can write, or write `save` and `load`",
    after=("score-repeats",),
)
def saves_and_loads(subject: ModelSubject) -> None:
    """A fitted model, saved and loaded, gives the same scores."""
    with tempfile.TemporaryDirectory() as folder:
        loaded = subject.saved_and_loaded(Path(folder) / "model")
    if not isinstance(loaded, subject.cls):
        raise Fault(f"`load` returned a {type(loaded).__name__}")
    again = subject.score(loaded, subject.users, "after loading")
    same(subject.scores, again, "`score` changed when the model was saved and loaded")
