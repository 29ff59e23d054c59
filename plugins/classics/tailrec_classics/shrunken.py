"""Personal scores, shrunk towards what suits everybody, the more the less is known of somebody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

import numpy as np
import pydantic

import tailrec
from tailrec_classics.histories import codes, history_matrix, require_fitted
from tailrec_classics.members import abilities, unfitted
from tailrec_classics.standardised import standardised

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

Models = list[str | pydantic.InstanceOf[tailrec.ModelPlugin]]


class Shrunken(tailrec.ModelPlugin):
    """Score by h / (n + h) prior + n / (n + h) personal, n the items of the history and h those the prior is worth.

    So a mean of n observations is shrunk towards what was known before (the Bayesian mean of a normal variable). The
    prior is what would be recommended to anybody, the personal scores what a history says; where there are several
    models, both are means of theirs, each taken to mean zero and standard deviation one over a user's candidates.
    Nothing is chosen on validation: a few hundred short histories are too few to choose by.

    It uses weights if all its models do, and serves people it never saw if all do.

    Parameters
    ----------
    prior, personal
        Models: names, spellings such as ``ials:alpha=40``, or objects, which are not fitted themselves.
    items
        How many items of a history the prior is worth, h.
    seed
        Given to a model that draws random numbers and was not given a seed of its own.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({"user": [0, 0, 1, 1, 2], "item": ["tea", "jam", "tea", "jam", "rye"]})
    >>> data = tailrec.Interactions.from_frame(events)
    >>> Shrunken(prior=["popularity"], personal=["ease"], items=3.0).fit(data).shares([0, 2, 2]).round(2).tolist()
    [0.4, 0.25, 0.25]
    """

    uses_weights: ClassVar[bool] = True
    folds_in: ClassVar[Literal["exact", "approximate"] | None] = "approximate"
    requires: ClassVar[frozenset[str]] = frozenset()

    prior: Annotated[Models, pydantic.Field(min_length=1, default_factory=lambda: ["popularity:log=true", "topics"])]
    personal: Annotated[Models, pydantic.Field(min_length=1, default_factory=lambda: ["ials"])]
    items: Annotated[float, pydantic.Field(gt=0, allow_inf_nan=False)] = 50.0
    seed: Annotated[int, pydantic.Field(ge=0)] = 0

    def __post_init__(self) -> None:
        # Names are looked up here and not in `fit`: a worker does not know what was registered in a notebook.
        self._members = [tailrec.model(given) for given in (*self.prior, *self.personal)]
        self.uses_weights, self.folds_in, self.requires = abilities(self._members)  # type: ignore[misc]

    def fit(
        self,
        train: tailrec.Interactions,
        *,
        weights: NDArray[Any] | None = None,
        validation: tailrec.Holdout | None = None,
    ) -> Self:
        """Fit every model on the train."""
        if weights is not None and not self.uses_weights:
            raise tailrec.InputError("shrunken: expected no weights, because one of its models does not use them")
        models = unfitted(self._members, self.seed)
        self.models_ = [model.fit(train, weights=weights, validation=validation) for model in models]
        self.histories_ = train.matrix()
        return self

    def score(self, users: NDArray[Any]) -> NDArray[np.float32]:
        """Return (len(users), n_items) the shrunken scores."""
        require_fitted(self)
        users = codes(users, self.histories_.shape[0], "user")
        return self._mixed([model.score(users) for model in self.models_], self.histories_[users])

    def score_histories(self, histories: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Return (len(histories), n_items) the shrunken scores of people known only by their items."""
        require_fitted(self)
        if self.folds_in is None:
            return super().score_histories(histories)
        matrix = history_matrix(histories, self.histories_.shape[1])
        return self._mixed([model.score_histories(histories) for model in self.models_], matrix)

    def shares(self, users: NDArray[Any]) -> NDArray[np.float64]:
        """Return (len(users),) the share of the personal scores, n / (n + h)."""
        require_fitted(self)
        return self._shares(self.histories_[codes(users, self.histories_.shape[0], "user")])

    def _shares(self, histories: csr_matrix) -> NDArray[np.float64]:
        lengths = histories.getnnz(axis=1)
        shares: NDArray[np.float64] = lengths / (lengths + self.items)
        return shares

    def _mixed(self, scores: Sequence[NDArray[Any]], histories: csr_matrix) -> NDArray[np.float32]:
        shares = self._shares(histories)[:, None].astype(np.float32)
        mixed = np.zeros(histories.shape, dtype=np.float32)
        for position, of_model in enumerate(scores):
            is_prior = position < len(self.prior)
            share = (1 - shares) / len(self.prior) if is_prior else shares / len(self.personal)
            mixed += share * standardised(of_model, histories)
        return mixed
