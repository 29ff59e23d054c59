"""Content k-nearest neighbours: items described like those of the history, mixed with what is popular."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

import numpy as np
import pydantic

import tailrec
from tailrec_classics.histories import codes, history_matrix, pair_weights, require_fitted
from tailrec_classics.standardised import standardised
from tailrec_classics.tokens import text_columns, tf_idf, tokens_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix


class ContentKnn(tailrec.ModelPlugin):
    """Score by (1 - popularity) z(cosine(profile, item)) + popularity z(ln(1 + n_i)).

    An item is the TF-IDF vector of the words in its features, a profile the mean of the history's items, n_i how many
    people have item i; z takes both to mean zero and standard deviation one over a user's candidates. Weights count in
    n_i. An empty history has no profile and gets what is popular.

    Parameters
    ----------
    popularity
        The share of popularity in the score, from 0 to 1.
    columns
        The columns of the item features to read, such as ``genres``; by default all that hold text, save the title.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({"user": [0, 1, 1, 2], "item": ["Alien", "Clue", "Heat", "Them"]})
    >>> genres = {"Alien": "Horror", "Clue": "Comedy", "Heat": "Crime", "Them": "Horror"}
    >>> data = tailrec.Interactions.from_frame(events, item_features=pd.DataFrame({"genres": genres}))
    >>> ContentKnn(popularity=0.0).fit(data).score([0]).astype(float).round(2).tolist()
    [[1.41, -0.71, -0.71, 1.41]]
    """

    uses_weights: ClassVar = True
    folds_in: ClassVar = "exact"
    requires: ClassVar = frozenset({"item-features"})

    popularity: Annotated[float, pydantic.Field(ge=0, le=1)] = 0.9
    columns: list[str] | None = None

    def fit(
        self,
        train: tailrec.Interactions,
        *,
        weights: NDArray[Any] | None = None,
        validation: tailrec.Holdout | None = None,
    ) -> Self:
        """Read the items' features and count who has them."""
        features = text_columns(train.item_features, self.columns)
        cells = zip(*(features[column] for column in features), strict=True)
        self.vectors_ = tf_idf([[token for cell in row for token in tokens_of(cell)] for row in cells])
        self.log_counts_ = np.log1p(np.asarray(pair_weights(train, weights).sum(axis=0, dtype=np.float64)).ravel())
        self.histories_ = train.matrix()
        return self

    def score(self, users: NDArray[Any]) -> NDArray[np.float32]:
        """Return (len(users), n_items) the scores of their training histories."""
        require_fitted(self)
        return self._scores(self.histories_[codes(users, self.histories_.shape[0], "user")])

    def score_histories(self, histories: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Return (len(histories), n_items) the scores of people known only by their items."""
        require_fitted(self)
        return self._scores(history_matrix(histories, self.histories_.shape[1]))

    def _scores(self, histories: csr_matrix) -> NDArray[np.float32]:
        # The length of a profile multiplies all its cosines, and standardising takes it out again.
        profiles = (histories @ self.vectors_).toarray()
        cosines = (self.vectors_ @ profiles.T).T
        popular = np.broadcast_to(self.log_counts_, histories.shape)
        return (1.0 - self.popularity) * standardised(cosines, histories) + self.popularity * standardised(
            popular, histories
        )
