"""iALS on implicit: factors of users and items by weighted alternating least squares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

import numpy as np
import pydantic
from implicit.als import AlternatingLeastSquares
from threadpoolctl import threadpool_limits

import tailrec
from tailrec_classics.histories import codes, history_matrix, pair_weights, require_fitted

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix


class Ials(tailrec.ModelPlugin):
    """Score by x_u · y_i, with argmin Σ_ui c_ui (p_ui - x_u · y_i)² + l2 (Σ_u ‖x_u‖² + Σ_i ‖y_i‖²).

    p is 1 where there is an event and 0 elsewhere, c is alpha where there is one and 1 elsewhere (Hu, Koren and
    Volinsky 2008, *Collaborative Filtering for Implicit Feedback Datasets*, as implicit solves it, by conjugate
    gradients). A weight w makes c = alpha w.

    A person whom the model never saw is given the factors that are best for the history: near to those of `fit`,
    which come from an earlier half of the last iteration. An empty history and an item that nobody has score zero.

    Parameters
    ----------
    factors
        The length of x and y.
    l2
        The ridge.
    alpha
        How much more an event counts than its absence.
    iterations
        How often users and items are solved in turn.
    seed
        Of the first factors. The result does not depend on the number of threads.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({"user": [0, 0, 1, 1, 2], "item": ["tea", "jam", "tea", "jam", "rye"]})
    >>> data = tailrec.Interactions.from_frame(events)
    >>> model = Ials(factors=2, l2=0.1).fit(data)
    >>> data.items.tolist(), model.score_histories([[2]])[0].argsort()[::-1].tolist()
    (['jam', 'rye', 'tea'], [2, 0, 1])
    """

    uses_weights: ClassVar = True
    folds_in: ClassVar = "approximate"

    factors: Annotated[int, pydantic.Field(ge=1)] = 64
    l2: Annotated[float, pydantic.Field(gt=0, allow_inf_nan=False)] = 50.0
    alpha: Annotated[float, pydantic.Field(gt=0, allow_inf_nan=False)] = 5.0
    iterations: Annotated[int, pydantic.Field(ge=1)] = 15
    seed: Annotated[int, pydantic.Field(ge=0)] = 0

    def fit(
        self,
        train: tailrec.Interactions,
        *,
        weights: NDArray[Any] | None = None,
        validation: tailrec.Holdout | None = None,
    ) -> Self:
        """Solve, with as many threads as OpenMP is given."""
        confidence = pair_weights(train, weights)
        # implicit makes small products inside its own threads, and warns where those would start threads of BLAS.
        with threadpool_limits(1, user_api="blas"):
            self.solver_ = AlternatingLeastSquares(
                factors=self.factors,
                regularization=self.l2,
                alpha=self.alpha,
                iterations=self.iterations,
                random_state=self.seed,
                use_gpu=False,
            )
            self.solver_.fit(confidence, show_progress=False)
        return self

    def score(self, users: NDArray[Any]) -> NDArray[np.float32]:
        """Return (len(users), n_items) the products of the users' factors with those of the items."""
        return self._factors_of(users) @ self.solver_.item_factors.T

    def score_histories(self, histories: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Return (len(histories), n_items) the products with the factors that fit each history best."""
        require_fitted(self)
        items = self.solver_.item_factors
        matrix = history_matrix(histories, len(items))
        with threadpool_limits(1, user_api="blas"):
            factors = self.solver_.recalculate_user(np.arange(matrix.shape[0]), matrix)
        return factors @ items.T

    def recommend(self, users: NDArray[Any], k: int, exclude: csr_matrix) -> NDArray[np.integer[Any]]:
        """Return (len(users), k) the best items, best first, without a score for every item in memory."""
        return tailrec.top_k_of_factors(self._factors_of(users), self.solver_.item_factors, k, exclude)

    def _factors_of(self, users: NDArray[Any]) -> NDArray[np.float32]:
        require_fitted(self)
        return self.solver_.user_factors[codes(users, len(self.solver_.user_factors), "user")]
