"""BPR on implicit: factors trained so that what a user has is above what they do not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Self

import numpy as np
import pydantic
from implicit.bpr import BayesianPersonalizedRanking

import tailrec
from tailrec_classics.histories import codes, require_fitted

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix


class Bpr(tailrec.ModelPlugin):
    """Score by x_u · y_i + b_i, trained to raise Σ ln σ(score(u, i) - score(u, j)), i in the history, j not.

    Rendle et al. 2009, *BPR: Bayesian Personalized Ranking from Implicit Feedback*, as implicit trains it: the j are
    drawn by popularity. An empty history scores the bias b alone, an item that nobody has zero. Weights are not
    used, and people whom the model never saw cannot be scored.

    Parameters
    ----------
    factors
        The length of x and y.
    learning_rate
        The step of the stochastic gradient.
    l2
        The ridge, on factors and biases.
    iterations
        How often as many pairs are drawn as there are events.
    seed
        Of the first factors and of the draws. It trains on one thread, since several would overwrite each other's
        steps in another order every time.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({"user": [0, 0, 1, 1, 2], "item": ["tea", "jam", "tea", "jam", "rye"]})
    >>> model = Bpr(factors=2, iterations=5).fit(tailrec.Interactions.from_frame(events))
    >>> model.score([0, 2]).shape
    (2, 3)
    """

    factors: Annotated[int, pydantic.Field(ge=1)] = 64
    learning_rate: Annotated[float, pydantic.Field(gt=0, le=1)] = 0.01
    l2: Annotated[float, pydantic.Field(ge=0, allow_inf_nan=False)] = 0.01
    iterations: Annotated[int, pydantic.Field(ge=1)] = 50
    seed: Annotated[int, pydantic.Field(ge=0)] = 0

    def fit(
        self,
        train: tailrec.Interactions,
        *,
        weights: NDArray[Any] | None = None,
        validation: tailrec.Holdout | None = None,
    ) -> Self:
        """Train, on one thread."""
        self.trainer_ = BayesianPersonalizedRanking(
            factors=self.factors,
            learning_rate=self.learning_rate,
            regularization=self.l2,
            iterations=self.iterations,
            num_threads=1,
            random_state=self.seed,
            use_gpu=False,
        )
        self.trainer_.fit(train.matrix(), show_progress=False)
        return self

    def score(self, users: NDArray[Any]) -> NDArray[np.float32]:
        """Return (len(users), n_items) the products of the users' factors with those of the items, biases included."""
        return self._factors_of(users) @ self.trainer_.item_factors.T

    def recommend(self, users: NDArray[Any], k: int, exclude: csr_matrix) -> NDArray[np.integer[Any]]:
        """Return (len(users), k) the best items, best first, without a score for every item in memory."""
        return tailrec.top_k_of_factors(self._factors_of(users), self.trainer_.item_factors, k, exclude)

    def _factors_of(self, users: NDArray[Any]) -> NDArray[np.float32]:
        require_fitted(self)
        return self.trainer_.user_factors[codes(users, len(self.trainer_.user_factors), "user")]
