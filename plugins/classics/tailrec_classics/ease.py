"""EASE: a linear model from items to items, in closed form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

import numpy as np
import pydantic

import tailrec
from tailrec_classics.closed_form import ItemSystem, UserSystem
from tailrec_classics.histories import codes, history_matrix, pair_weights, require_fitted

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix


class Ease(tailrec.ModelPlugin):
    """Score items by x B, where B predicts every item from the others: argmin ‖X - XB‖² + l2 ‖B‖², diag B = 0.

    Its closed form is B = I - P diag(1 / diag P) with P = (XᵀX + l2 I)⁻¹ (Steck 2019, *Embarrassingly Shallow
    Autoencoders for Sparse Data*). Where there are fewer users than items, B is never formed: the same scores come
    from a system of users × users.

    Weights are those of a weighted least squares: where all events of a user weigh w, their row of the squared
    error counts w times; in general an event enters X as √w. A history is scored as it is, without weights.
    An empty history and an item that nobody has score zero.

    Parameters
    ----------
    l2
        The ridge; larger is nearer to popularity among the items seen together.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({"user": [0, 0, 1, 1, 2], "item": ["tea", "jam", "tea", "jam", "rye"]})
    >>> data = tailrec.Interactions.from_frame(events)
    >>> model = Ease(l2=2.0).fit(data)
    >>> data.items.tolist(), model.score_histories([[1]]).round(3).tolist()
    (['jam', 'rye', 'tea'], [[0.0, 0.0, 0.0]])
    >>> model.score_histories([[2]]).round(3).tolist()
    [[0.5, 0.0, 0.0]]
    """

    uses_weights: ClassVar = True
    folds_in: ClassVar = "exact"

    l2: Annotated[float, pydantic.Field(gt=0, allow_inf_nan=False)] = 3000.0

    def fit(
        self,
        train: tailrec.Interactions,
        *,
        weights: NDArray[Any] | None = None,
        validation: tailrec.Holdout | None = None,
    ) -> Self:
        """Solve the smaller of the two systems, of the users or of the items that have an event."""
        self.histories_ = train.matrix()
        X = pair_weights(train, weights).sqrt()
        users, self.items_ = np.flatnonzero(X.getnnz(axis=1)), np.flatnonzero(X.getnnz(axis=0))
        X = X[users][:, self.items_]
        #: The row of each user in the users' system; -1 for an empty history.
        self.rows_ = np.full(train.n_users, -1)
        self.rows_[users] = np.arange(len(users))
        self.is_weighted_ = weights is not None
        solve = UserSystem.solve if X.shape[0] < X.shape[1] else ItemSystem.solve
        self.system_: UserSystem | ItemSystem = solve(X, self.l2)
        return self

    def score(self, users: NDArray[Any]) -> NDArray[np.float32]:
        """Return (len(users), n_items) the scores x B of their training histories."""
        require_fitted(self)
        users = codes(users, len(self.rows_), "user")
        histories = self.histories_[users]
        if isinstance(self.system_, ItemSystem) or self.is_weighted_:
            return self._scores(histories)
        known = self.rows_[users] >= 0
        scores = np.zeros(histories.shape, dtype=np.float32)
        of_known = self.system_.scores_of_users(self.rows_[users[known]], histories[known][:, self.items_])
        scores[np.ix_(known, self.items_)] = of_known
        return scores

    def score_histories(self, histories: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Return (len(histories), n_items) the scores x B of people known only by their items."""
        require_fitted(self)
        return self._scores(history_matrix(histories, self.histories_.shape[1]))

    def _scores(self, histories: csr_matrix) -> NDArray[np.float32]:
        scores = np.zeros(histories.shape, dtype=np.float32)
        scores[:, self.items_] = self.system_.scores(histories[:, self.items_])
        return scores
