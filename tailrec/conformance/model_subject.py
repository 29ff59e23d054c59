"""A model under check: the data it is fitted on, and the fits that checks share."""

from __future__ import annotations

import contextlib
import copy
import pickle
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse

from tailrec.conformance import planted
from tailrec.conformance.checks import Fault
from tailrec.conformance.subject import Subject
from tailrec.conformance.watching import Watched

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec.holdout import Holdout, Split
    from tailrec.interactions import Interactions
    from tailrec.interfaces import ModelPlugin

#: How many times as much the events of the heavier of two camps weigh.
HEAVIER = 9.0
#: The words by which a model requires something, beside the columns of item features.
WORDS = ("ratings", "timestamps", "order", "item-features", "user-features", "validation")


class ModelSubject(Subject):
    """A model under check."""

    given: ModelPlugin

    def __init__(self, given: ModelPlugin) -> None:
        super().__init__(given)
        #: What it raised where the only thing amiss was the validation.
        self.validation_faults: list[Fault] = []

    @cached_property
    def columns(self) -> list[str]:
        """The columns of item features that it requires, for the planted data to have."""
        required = self.given.requires
        return sorted(set(required) - {*WORDS, "title"}) if isinstance(required, (frozenset, set)) else []

    @cached_property
    def split(self) -> Split:
        """The planted taste."""
        return planted.planted_taste(self.columns)

    @property
    def train(self) -> Interactions:
        """The train of the planted taste."""
        return self.split.train

    @cached_property
    def users(self) -> NDArray[np.int64]:
        """The users of the planted taste."""
        return np.arange(self.train.n_users)

    def fit(self, model: Any, train: Interactions, given: str = "", **values: Any) -> Any:
        """Fit a model on a copy of the data, and say what it was given where it raises."""
        train, values = copy.deepcopy((train, values))
        with self.calling("fit", given):
            return model.fit(train, **values)

    def fit_split(self, split: Split, given: str = "", model: Any = None) -> Any:
        """Fit a fresh model, or this one, on the train and the validation of a split."""
        model = self.fresh() if model is None else model
        self.fit(model, split.train, given, validation=split.validation)
        return model

    @cached_property
    def model(self) -> Any:
        """A model fitted on the planted taste; checks ask it, and change nothing of it."""
        model = self.fresh()
        self.returned = self.fit(model, self.train, validation=self.split.validation)
        return model

    @cached_property
    def scores(self) -> NDArray[Any]:
        """(n_users, n_items) the scores of that model for everybody, asked for at once."""
        return self.score(self.model, self.users).copy()

    def score(self, model: Any, users: Any, given: str = "") -> NDArray[Any]:
        """Return the scores as an array."""
        return np.asarray(self.returned_scores(model, users, given))

    def returned_scores(self, model: Any, users: Any, given: str = "") -> Any:
        """Return what `score` returned, whatever it is but a sparse matrix, which no array can be made of."""
        with self.calling("score", given):
            scores = model.score(np.array(users))
        if scipy.sparse.issparse(scores):
            raise Fault(f"`score` returned a {type(scores).__name__}", "end with `.toarray()`")
        return scores

    def score_histories(self, model: Any, histories: Sequence[Any], given: str = "") -> NDArray[Any]:
        """Return the scores of histories as an array."""
        with self.calling("score_histories", given):
            return np.asarray(model.score_histories([np.asarray(one, dtype=np.int32) for one in histories]))

    def use_once(self) -> Any:
        """Fit it and ask it everything there is to ask."""
        _ = self.scores
        self.ask(self.model, Watched())

    def use_again(self, watched: Watched) -> Any:
        """Fit another and ask it everything there is to ask."""
        model, split = self.fresh(), copy.deepcopy(self.split)
        train, validation = split.train, split.validation
        users = self.users.copy()
        with watched.arguments("fit", train=train, validation=validation), self.calling("fit"):
            model.fit(train, validation=validation)
        with watched.arguments("score", users=users), self.calling("score"):
            scores = np.array(model.score(users))
        self.ask(model, watched)
        return scores

    def ask(self, model: Any, watched: Watched) -> None:
        """Ask for lists and for people it never saw; what it cannot do is told by the checks of these."""
        users, exclude = self.users.copy(), self.train.matrix()
        with contextlib.suppress(Fault), watched.arguments("recommend", users=users, exclude=exclude):  # noqa: SIM117
            with self.calling("recommend"):
                model.recommend(users, 5, exclude)
        if model.folds_in is not None:
            histories = [np.array([3, 1, 4], dtype=np.int32), np.array([1], dtype=np.int32)]
            with contextlib.suppress(Fault), watched.arguments("score_histories", histories=histories):  # noqa: SIM117
                with self.calling("score_histories"):
                    model.score_histories(histories)

    @cached_property
    def scores_of_equal_weights(self) -> NDArray[Any]:
        """Everybody's scores where every event weighs one; `second` is told whether the weights were changed."""
        model, weights = self.fresh(), np.ones(len(self.train))
        with self.second.arguments("fit", weights=weights), self.calling("fit", "with weights"):
            model.fit(copy.deepcopy(self.train), weights=weights, validation=copy.deepcopy(self.split.validation))
        return self.score(model, self.users, "fitted with weights").copy()

    def saved_and_loaded(self, folder: Path) -> Any:
        """Return the fitted model, written and read again."""
        mend = None if _is_found_by_pickle(self.cls) else "define the class at the top of a cell or module"
        with self.calling("save", mend=mend):
            self.model.save(folder)
        with self.calling("load"):
            return self.cls.load(folder)

    @cached_property
    def leak(self) -> tuple[Split, Any, NDArray[Any]]:
        """The split with nothing to learn, a model fitted on it, and its scores for everybody."""
        split = planted.planted_leak(self.columns)
        _ = self.scores
        model = self.fit_split(split)
        self.scores_beside = self.score(self.model, self.users).copy()
        return split, model, self.score(model, np.arange(split.train.n_users)).copy()

    @cached_property
    def holes(self) -> tuple[Split, Any]:
        """The split in which some users and items have no event, and a model fitted on it."""
        split = planted.with_holes(self.columns)
        nothing = planted.nothing_asked(split.validation)
        said = "with users and items that have no event"
        return split, self.fit_with(split, nothing, said, "and with a validation that asks nothing")

    @cached_property
    def bare(self) -> Any:
        """A model fitted on data that carry what it requires and nothing else."""
        required = frozenset(self.given.requires)
        split = planted.planted_taste(self.columns, n_users=30, n_items=20, seed=4)
        lacking = [word for word in WORDS if word not in (*required, "order", "validation")]
        said = f"on data without {', '.join(lacking)}" if lacking else ""
        split = replace(split, train=planted.only(split.train, required))
        return self.fit_with(split, None, said, "and without a validation")

    def fit_with(self, split: Split, validation: Holdout | None, said: str, without: str) -> Any:
        """Fit with another validation than the split's, and where that fails with its own: two answers from one fit."""
        if "validation" in self.given.requires:
            return self.fit_split(split, said)
        model = self.fresh()
        try:
            self.fit(model, split.train, f"{said} {without}", validation=validation)
        except Fault as fault:
            model = self.fit_split(split, said)
            self.validation_faults.append(fault)
        return model

    @cached_property
    def camps(self) -> planted.Camps:
        """The two camps."""
        return planted.two_camps(self.columns)

    @cached_property
    def scores_of_camps(self) -> list[NDArray[np.float64]]:
        """Everybody's scores where the first camp weighs more, and where the second does."""
        camps, scores = self.camps, []
        values = {"validation": camps.split.validation} if "validation" in self.given.requires else {}
        for heavy in (camps.is_first, camps.is_second):
            weights = np.where(heavy, HEAVIER, 1.0)
            model = self.fresh()
            self.fit(model, camps.split.train, "with weights", weights=weights / weights.mean(), **values)
            everybody = np.arange(camps.split.train.n_users)
            scores.append(self.score(model, everybody, "fitted with weights").astype(np.float64))
        return scores


def _is_found_by_pickle(cls: type) -> bool:
    try:
        pickle.dumps(cls)
    except (pickle.PicklingError, AttributeError):
        return False
    return True
