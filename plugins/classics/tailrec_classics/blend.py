"""Two models mixed, and the mixture gated by the length of the history: chosen on validation only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd
import pydantic

import tailrec
from tailrec_classics.gate import Mixture, choose_shares, mixed, ndcg
from tailrec_classics.histories import codes, history_matrix, require_fitted
from tailrec_classics.standardised import standardised

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: A batch of scores of one model holds at most this many numbers: 16 MB of float32.
_BATCH_CELLS = 4_000_000


class Blend(tailrec.ModelPlugin):
    """Score by (1 - w) z(first) + w z(second), with a share w for every range of history lengths.

    z takes each model's scores to mean zero and standard deviation one over a user's candidates, the items not in the
    training history. Both models are fitted once, on the train. For every range of lengths the share of the second is
    the one of 0, 1/steps, ..., 1 with the best NDCG@k on the validation, smoothed over neighbouring ranges.
    Ties go to the first model. ``gate_`` tells what was chosen.

    It uses weights if both models do, and serves people it never saw if both do.

    Parameters
    ----------
    models
        Two models: names, spellings such as ``ease:l2=300``, or objects, which are not fitted themselves.
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
        pydantic.Field(min_length=2, max_length=2, default_factory=lambda: ["popularity", "ials"]),
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
        models = self._new_models()
        # What a blend can do is what its models can: known when it is made, not when the class is.
        self.uses_weights = all(model.uses_weights for model in models)  # type: ignore[misc]
        kinds = {model.folds_in for model in models}
        self.folds_in = None if None in kinds else "exact" if kinds == {"exact"} else "approximate"  # type: ignore[misc]
        self.requires = frozenset({"validation"}).union(*(model.requires for model in models))  # type: ignore[misc]

    def fit(
        self,
        train: tailrec.Interactions,
        *,
        weights: NDArray[Any] | None = None,
        validation: tailrec.Holdout | None = None,
    ) -> Self:
        """Fit both models on the train, and choose the shares on the validation."""
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
        self.models_ = [model.fit(train, weights=weights, validation=validation) for model in self._new_models()]
        batch = max(1, _BATCH_CELLS // train.n_items)
        batches = [asked[start : start + batch] for start in range(0, len(asked), batch)]
        values = np.concatenate([self._values(users, validation) for users in batches])
        best, means = choose_shares(values, self.bins_[asked], len(self.cuts) + 1, self.neighbour_users)
        self.shares_ = best / self.steps
        self.gate_ = self._table(np.bincount(self.bins_[asked], minlength=len(means)), means.max(axis=1))
        return self

    def score(self, users: NDArray[Any]) -> NDArray[np.float32]:
        """Return (len(users), n_items) the mixed scores, each user's with the share of their history's length."""
        require_fitted(self)
        users = codes(users, len(self.bins_), "user")
        first, second = self._standardised(users)
        return mixed(first, second, self.shares_[self.bins_[users]])

    def score_histories(self, histories: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Return (len(histories), n_items) the mixed scores of people known only by their items."""
        require_fitted(self)
        if self.folds_in is None:
            return super().score_histories(histories)
        matrix = history_matrix(histories, self.histories_.shape[1])
        first, second = (standardised(model.score_histories(histories), matrix) for model in self.models_)
        return mixed(first, second, self.shares_[np.searchsorted(self.cuts, matrix.getnnz(axis=1))])

    def _new_models(self) -> list[tailrec.ModelPlugin]:
        """Return both models, not fitted; an object is copied, for it may be somebody else's."""
        made = []
        for model in self._members:
            values = model.parameters(changed_only=True)
            if "seed" in model.parameter_names():
                values = {"seed": self.seed} | values
            made.append(type(model)(**values))
        return made

    def _standardised(self, users: NDArray[np.intp]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        first, second = (standardised(model.score(users), self.histories_[users]) for model in self.models_)
        return first, second

    def _values(self, users: NDArray[np.intp], validation: tailrec.Holdout) -> NDArray[np.float64]:
        """Return (n_users, steps + 1) the NDCG of every share; each model scores the users once."""
        first, second = self._standardised(users)
        asked = tailrec.Holdout(targets=validation.targets[users], masked=validation.masked[users])
        mixtures = [Mixture(share=step / self.steps, first=first, second=second) for step in range(self.steps + 1)]
        return np.stack([ndcg(tailrec.rank(mixture, asked, self.k)) for mixture in mixtures], axis=1)

    def _table(self, n_users: NDArray[np.integer[Any]], means: NDArray[np.float64]) -> pd.DataFrame:
        starts = [1, *(cut + 1 for cut in self.cuts)]
        ranges = [f"{start}-{stop}" for start, stop in zip(starts, self.cuts, strict=False)] + [f"{starts[-1]}+"]
        return pd.DataFrame({"history": ranges, "n_users": n_users, "share": self.shares_, "ndcg": means})
