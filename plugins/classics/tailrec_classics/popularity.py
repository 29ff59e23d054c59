"""The same list for everybody: what most people have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import numpy as np

import tailrec
from tailrec_classics.histories import codes, history_matrix, pair_weights, require_fitted

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Popularity(tailrec.ModelPlugin):
    """Score an item by how many people have it: score(i) = Σ_u w_ui [u has i].

    Everybody gets the same scores, also whoever has an empty history.

    Parameters
    ----------
    count
        ``users`` counts an item once a person, with the mean weight of the person's events with it; ``events``
        counts every event, with its weight.
    log
        Score ln(1 + count): the same list, but beside the scores of another model the many items that few people
        have differ as well.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({"user": [0, 0, 0, 1], "item": ["tea", "tea", "jam", "jam"], "day": [1, 2, 3, 1]})
    >>> data = tailrec.Interactions.from_frame(events, timestamp="day")
    >>> data.items.tolist(), Popularity().fit(data).score([0]).tolist()
    (['jam', 'tea'], [[2.0, 1.0]])
    >>> Popularity(count="events").fit(data).score([0]).tolist()
    [[2.0, 2.0]]
    """

    uses_weights: ClassVar = True
    folds_in: ClassVar = "exact"

    count: Literal["users", "events"] = "users"
    log: bool = False

    def fit(
        self,
        train: tailrec.Interactions,
        *,
        weights: NDArray[Any] | None = None,
        validation: tailrec.Holdout | None = None,
    ) -> Self:
        """Count."""
        pairs = pair_weights(train, weights)
        if self.count == "events":
            pairs = train.matrix(np.ones(len(train)) if weights is None else weights)
        self.n_users_ = train.n_users
        counts: NDArray[np.float64] = np.asarray(pairs.sum(axis=0, dtype=np.float64)).ravel()
        self.counts_ = np.log1p(counts) if self.log else counts
        return self

    def score(self, users: NDArray[Any]) -> NDArray[np.float64]:
        """Return (len(users), n_items) the counts, the same for everybody."""
        require_fitted(self)
        return np.tile(self.counts_, (len(codes(users, self.n_users_, "user")), 1))

    def score_histories(self, histories: Sequence[NDArray[Any]]) -> NDArray[np.float64]:
        """Return (len(histories), n_items) the counts, whatever the histories."""
        require_fitted(self)
        return np.tile(self.counts_, (history_matrix(histories, len(self.counts_)).shape[0], 1))
