"""Models mixed, and the mixture gated by the length of the history: chosen on validation only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd
import pydantic

import tailrec
from tailrec_classics.gate import Scored, choose_shares, mixed, ndcg
from tailrec_classics.histories import codes, history_matrix, require_fitted
from tailrec_classics.members import abilities, unfitted
from tailrec_classics.standardised import standardised

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: A batch of scores of one model holds at most this many numbers: 16 MB of float32.
_BATCH_CELLS = 4_000_000


class Blend(tailrec.ModelPlugin):
    """Score by Σ_m w_m z_m, with shares w that sum to one, for every range of history lengths.

    z_m are the scores of model m, taken to mean zero and standard deviation one over a user's candidates, the items
    not in the training history. Every model is fitted once, on the train. The models are mixed in one after
    the other, in the order given: for every range of lengths the share of the next against all before it is the
    one of 0, 1/steps, ..., 1 with the best NDCG@k on the validation, smoothed over neighbouring ranges.
    Ties go to those before it. ``gate_`` tells what was chosen. (Adding models one by one where they help is the
    selection of Caruana et al. 2004, *Ensemble Selection from Libraries of Models*.)

    It uses weights if all its models do, and serves people it never saw if all do.

    Parameters
    ----------
    models
        Two or more models: names, spellings such as ``ease:l2=300``, or objects, which are not fitted themselves.
    cuts
        The longest history of every range but the last.
    k
        The length of the lists that the validation is ranked by.
    steps
        How many steps the shares from 0 to 1 are tried in.
    neighbour_users
        How many users the neighbouring ranges count as, in the choice for a range.
    seed
        Given to a model that draws random numbers and was not given a seed of its own.

    Examples
    --------
    >>> tailrec.model("blend:models=[popularity,ease:l2=300]").folds_in
    'exact'
    >>> tailrec.model("blend", cuts=[5, 5])
    Traceback (most recent call last):
    ...
    tailrec.errors.InputError: blend: expected `cuts` to increase, received [5, 5]
    """

    uses_weights: ClassVar[bool] = True
    folds_in: ClassVar[Literal["exact", "approximate"] | None] = "approximate"
    requires: ClassVar[frozenset[str]] = frozenset({"validation"})

    models: Annotated[
        list[str | pydantic.InstanceOf[tailrec.ModelPlugin]],
        pydantic.Field(min_length=2, default_factory=lambda: ["popularity", "ials"]),
    ]
    cuts: Annotated[list[Annotated[int, pydantic.Field(ge=1)]], pydantic.Field(default_factory=lambda: [5, 10, 20])]
    k: Annotated[int, pydantic.Field(ge=1)] = 10
    steps: Annotated[int, pydantic.Field(ge=1, le=100)] = 10
    neighbour_users: Annotated[float, pydantic.Field(ge=0, allow_inf_nan=False)] = 100.0
    seed: Annotated[int, pydantic.Field(ge=0)] = 0

    def __post_init__(self) -> None:
        if sorted(set(self.cuts)) != self.cuts:
            raise tailrec.InputError(f"expected `cuts` to increase, received {self.cuts}")
        # Names are looked up here and not in `fit`: a worker does not know what was registered in a notebook.
        self._members = [tailrec.model(given) for given in self.models]
        # What a blend can do is what its models can: known when it is made, not when the class is.
        self.uses_weights, self.folds_in, needed = abilities(self._members)  # type: ignore[misc]
        self.requires = needed | {"validation"}  # type: ignore[misc]

    def fit(
        self,
        train: tailrec.Interactions,
        *,
        weights: NDArray[Any] | None = None,
        validation: tailrec.Holdout | None = None,
    ) -> Self:
        """Fit every model on the train, and choose the shares on the validation."""
        if weights is not None and not self.uses_weights:
            raise tailrec.InputError("blend: expected no weights, because one of its models does not use them")
        self.histories_ = train.matrix()
        lengths = self.histories_.getnnz(axis=1)
        asked = (
            np.flatnonzero((validation.targets.getnnz(axis=1) > 0) & (lengths > 0))
            if validation
            else np.empty(0, dtype=np.intp)
        )
        if validation is None or len(asked) == 0:
            raise tailrec.InputError(
                "blend: expected a validation with something to find for a user with a history, since its shares are "
                "chosen on it, received none; split with a validation part, or use one of its models alone"
            )
        self.bins_ = np.searchsorted(self.cuts, lengths)
        self.models_ = [
            model.fit(train, weights=weights, validation=validation) for model in unfitted(self._members, self.seed)
        ]
        shares = np.zeros((len(self.cuts) + 1, len(self.models_) - 1))
        for further in range(len(self.models_) - 1):
            values = self._values(further, shares, asked, validation)
            best, means = choose_shares(values, self.bins_[asked], len(shares), self.neighbour_users)
            shares *= 1.0 - best[:, None] / self.steps
            shares[:, further] = best / self.steps
        #: (n_ranges, n_models - 1) of every model but the first, which has what is left of one.
        self.shares_ = shares
        self.gate_ = self._table(np.bincount(self.bins_[asked], minlength=len(means)), means.max(axis=1))
        return self

    def score(self, users: NDArray[Any]) -> NDArray[np.float32]:
        """Return (len(users), n_items) the mixed scores, each user's with the share of their history's length."""
        require_fitted(self)
        users = codes(users, len(self.bins_), "user")
        return mixed(self._standardised(self.models_, users), self.shares_[self.bins_[users]])

    def score_histories(self, histories: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Return (len(histories), n_items) the mixed scores of people known only by their items."""
        require_fitted(self)
        if self.folds_in is None:
            return super().score_histories(histories)
        matrix = history_matrix(histories, self.histories_.shape[1])
        scores = [standardised(model.score_histories(histories), matrix) for model in self.models_]
        return mixed(scores, self.shares_[np.searchsorted(self.cuts, matrix.getnnz(axis=1))])

    def _standardised(self, models: Sequence[tailrec.ModelPlugin], users: NDArray[np.intp]) -> list[NDArray[Any]]:
        return [standardised(model.score(users), self.histories_[users]) for model in models]

    def _values(
        self, further: int, shares: NDArray[Any], users: NDArray[np.intp], validation: tailrec.Holdout
    ) -> NDArray[np.float64]:
        """Return (n_users, steps + 1) the NDCG of every share of one more model in the mixture of those before it."""
        values = []
        size = max(1, _BATCH_CELLS // self.histories_.shape[1])
        for batch in (users[start : start + size] for start in range(0, len(users), size)):
            *before, last = self._standardised(self.models_[: further + 2], batch)
            mixture = mixed(before, shares[self.bins_[batch], :further])
            asked = tailrec.Holdout(targets=validation.targets[batch], masked=validation.masked[batch])
            tried = (np.full((len(batch), 1), step / self.steps) for step in range(self.steps + 1))
            rankings = (tailrec.rank(Scored(scores=mixed([mixture, last], share)), asked, self.k) for share in tried)
            values.append(np.stack([ndcg(ranking) for ranking in rankings], axis=1))
        return np.concatenate(values)

    def _table(self, n_users: NDArray[np.integer[Any]], means: NDArray[np.float64]) -> pd.DataFrame:
        starts = [1, *(cut + 1 for cut in self.cuts)]
        ranges = [f"{start}-{stop}" for start, stop in zip(starts, self.cuts, strict=False)] + [f"{starts[-1]}+"]
        names = ["share"] if len(self.models_) == 2 else [f"share_{m}" for m in range(2, len(self.models_) + 1)]
        shares = dict(zip(names, self.shares_.T, strict=True))
        return pd.DataFrame({"history": ranges, "n_users": n_users, **shares, "ndcg": means})
