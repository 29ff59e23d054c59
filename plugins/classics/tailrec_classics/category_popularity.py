"""What is popular, tilted towards the categories of the history: a hierarchical prior, category first, then item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

import numpy as np
import pydantic

import tailrec
from tailrec_classics.histories import codes, history_matrix, pair_weights, require_fitted
from tailrec_classics.tokens import categories, text_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix


class CategoryPopularity(tailrec.ModelPlugin):
    """Score by ln(1 + n_i) + strength × mean over the columns of ln(ŝ_uc / s_c), c the category of item i.

    s_c is the share of category c in what everybody has, and ŝ_uc = (h_uc + prior_items s_c) / (h_u + prior_items)
    its share in the history of user u, shrunk towards everybody's (the posterior mean under a Dirichlet prior): h_uc of
    the h_u items of the history are of category c. An item in several categories counts in each by an equal part.

    Weights count in n_i and s_c. An empty history gets what is popular.

    Parameters
    ----------
    columns
        The columns of the item features that hold a category (text) or several (a list, or text divided by ``|``), such
        as ``genres``; by default all that hold text, save ``title`` and ``text``.
    prior_items
        How many items of a history the shares of everybody weigh.
    strength
        How much a category counts: at 0 there is only popularity.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({"user": [0, 1, 1, 2], "item": ["Alien", "Clue", "Heat", "Them"]})
    >>> genres = {"Alien": "Horror", "Clue": "Comedy", "Heat": "Crime", "Them": "Horror"}
    >>> data = tailrec.Interactions.from_frame(events, item_features=pd.DataFrame({"genres": genres}))
    >>> model = CategoryPopularity(prior_items=1.0, strength=1.0).fit(data)
    >>> model.score([0]).round(2).tolist()  # ln 2 + ln 1.5 for horror, ln 2 + ln 0.5 for the others
    [[1.1, 0.0, 0.0, 1.1]]
    """

    uses_weights: ClassVar = True
    folds_in: ClassVar = "exact"
    requires: ClassVar = frozenset({"item-features"})

    columns: list[str] | None = None
    prior_items: Annotated[float, pydantic.Field(gt=0, allow_inf_nan=False)] = 20.0
    strength: Annotated[float, pydantic.Field(ge=0, allow_inf_nan=False)] = 0.5

    def fit(
        self,
        train: tailrec.Interactions,
        *,
        weights: NDArray[Any] | None = None,
        validation: tailrec.Holdout | None = None,
    ) -> Self:
        """Count who has an item, and how much of what they have is of its categories."""
        features = text_columns(
            train.item_features, self.columns, without=("title", "text"), model="category-popularity"
        )
        counts = np.asarray(pair_weights(train, weights).sum(axis=0, dtype=np.float64)).ravel()
        self.log_counts_ = np.log1p(counts)
        #: A column each: (n_items, n_categories) CSR, rows that sum to one.
        self.categories_ = [categories(features[column]) for column in features]
        self.shares_ = [counts @ belongs / max(counts.sum(), 1.0) for belongs in self.categories_]
        self.histories_ = train.matrix()
        return self

    def score(self, users: NDArray[Any]) -> NDArray[np.float64]:
        """Return (len(users), n_items) the scores of their training histories."""
        require_fitted(self)
        return self._scores(self.histories_[codes(users, self.histories_.shape[0], "user")])

    def score_histories(self, histories: Sequence[NDArray[Any]]) -> NDArray[np.float64]:
        """Return (len(histories), n_items) the scores of people known only by their items."""
        require_fitted(self)
        return self._scores(history_matrix(histories, self.histories_.shape[1]))

    def _scores(self, histories: csr_matrix) -> NDArray[np.float64]:
        scores = np.tile(self.log_counts_, (histories.shape[0], 1))
        lengths = histories.getnnz(axis=1)[:, None]
        for belongs, shares in zip(self.categories_, self.shares_, strict=True):
            # A category that nobody has anything of has no share to compare with.
            known = shares > 0
            of_history = (histories @ belongs)[:, known].toarray()
            shrunk = (of_history + self.prior_items * shares[known]) / (lengths + self.prior_items)
            tilt = belongs[:, known] @ np.log(shrunk / shares[known]).T
            scores += self.strength / len(self.categories_) * tilt.T
        return scores
