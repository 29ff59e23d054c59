"""Surprise's SVD: a rating from biases and factors, learnt from ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

import numpy as np
import pydantic
import surprise

import tailrec
from tailrec_peers.asked import require_fitted, users_of

if TYPE_CHECKING:
    from numpy.typing import NDArray


class SurpriseSvd(tailrec.ModelPlugin):
    """Score items by the rating that Surprise's SVD expects: μ + b_u + b_i + p_u · q_i, before it is clipped.

    Funk's matrix factorisation with biases (Koren et al. 2009, *Matrix Factorization Techniques for Recommender
    Systems*), by stochastic gradient descent on the squared error of the ratings. It learns how much somebody likes
    what they have seen, not what they will turn to next. So it needs ratings: where every event is worth the same,
    there is nothing to learn. Every event counts, also of a pair that was rated twice. A user without ratings gets
    μ + b_i, an item without ratings μ + b_u.

    Parameters
    ----------
    factors
        The length of p and q.
    epochs
        How often it goes through the ratings.
    learning_rate, l2
        The step and the ridge, of all parameters.
    seed
        Of the first factors.

    Examples
    --------
    >>> model = SurpriseSvd(factors=2, epochs=5).fit(tailrec.testing.tiny())
    >>> model.score([0, 5]).shape
    (2, 6)
    """

    requires: ClassVar = frozenset({"ratings"})
    expected_failures: ClassVar[dict[str, str]] = {
        "beats-chance": "it learns from ratings what somebody thinks of what they chose, not what they choose"
    }

    factors: Annotated[int, pydantic.Field(ge=0)] = 100
    epochs: Annotated[int, pydantic.Field(ge=1)] = 20
    learning_rate: Annotated[float, pydantic.Field(gt=0)] = 0.005
    l2: Annotated[float, pydantic.Field(ge=0)] = 0.02
    seed: Annotated[int, pydantic.Field(ge=0, lt=2**32)] = 0

    def fit(
        self,
        train: tailrec.Interactions,
        *,
        weights: NDArray[Any] | None = None,
        validation: tailrec.Holdout | None = None,
    ) -> Self:
        """Train on the ratings, in the order of the frame."""
        if "rating" not in train.frame:
            raise tailrec.InputError(f"surprise-svd: expected data with ratings, received {train!r}")
        ratings = train.frame["rating"]
        reader = surprise.Reader(rating_scale=(float(ratings.min()), float(ratings.max())))
        rated = surprise.Dataset.load_from_df(train.frame[["user", "item", "rating"]], reader).build_full_trainset()
        svd = surprise.SVD(
            n_factors=self.factors,
            n_epochs=self.epochs,
            lr_all=self.learning_rate,
            reg_all=self.l2,
            random_state=self.seed,
        )
        svd.fit(rated)
        # Surprise numbers users and items in the order in which it meets them.
        users = [rated.to_raw_uid(inner) for inner in range(rated.n_users)]
        items = [rated.to_raw_iid(inner) for inner in range(rated.n_items)]
        self.mean_ = float(rated.global_mean)
        self.user_biases_, self.item_biases_ = np.zeros(train.n_users), np.zeros(train.n_items)
        self.user_biases_[users], self.item_biases_[items] = svd.bu, svd.bi
        self.user_factors_ = np.zeros((train.n_users, self.factors))
        self.item_factors_ = np.zeros((train.n_items, self.factors))
        self.user_factors_[users], self.item_factors_[items] = svd.pu, svd.qi
        return self

    def score(self, users: NDArray[Any]) -> NDArray[np.float64]:
        """Return (len(users), n_items) the expected ratings."""
        require_fitted(self)
        users = users_of(self, users, len(self.user_biases_))
        biases = self.mean_ + self.user_biases_[users][:, None] + self.item_biases_
        return biases + self.user_factors_[users] @ self.item_factors_.T
