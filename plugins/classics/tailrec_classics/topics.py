"""Topics: everybody is a mixture of a few tastes, and a short history hardly moves the mixture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

import numpy as np
import pydantic
from scipy.sparse import csr_matrix
from scipy.special import digamma

import tailrec
from tailrec_classics.histories import codes, history_matrix, pair_weights, require_fitted

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The mixtures are found anew in every round over the topics, beginning with those of the round before.
_STEPS_A_ROUND = 3
#: How often the mixture of somebody who is asked for is improved.
_STEPS = 50


class Topics(tailrec.ModelPlugin):
    """Score by ln Σ_t θ_ut β_ti: how likely the next item of user u is i, with t the topics.

    Latent Dirichlet allocation (Blei, Ng and Jordan 2003, *Latent Dirichlet Allocation*) by batch variational Bayes:
    β_t is the item shares of topic t, θ_u how much of each topic user u is. Both have a Dirichlet prior, and both count
    for more than a few events: θ_u starts as the public's mixture, worth `mixture_prior` items, β_t as
    popularity, worth `popularity_prior` events. So whoever has one item gets what is popular, moved a little towards
    the tastes that it speaks for.

    An event counts with its weight. An empty history gets the public's mixture.

    Parameters
    ----------
    topics
        How many.
    mixture_prior
        How many items the mixture of everybody weighs in the mixture of one.
    popularity_prior
        How many events the popularity of all items weighs in every topic.
    iterations
        Rounds over the topics.
    seed
        Of the topics that it begins with.

    Examples
    --------
    >>> import pandas as pd
    >>> baskets = ["tea jam", "tea jam", "tea jam milk", "nails glue", "nails glue", "nails glue milk"]
    >>> events = [(user, item) for user, basket in enumerate(baskets) for item in basket.split()]
    >>> data = tailrec.Interactions.from_frame(pd.DataFrame(events, columns=["user", "item"]))
    >>> model = Topics(topics=2, mixture_prior=1.0, popularity_prior=1.0).fit(data)
    >>> scores = model.score_histories([[data.items.get_loc("tea")]])[0]
    >>> sorted(data.items[item] for item in (-scores).argsort()[:2])
    ['jam', 'tea']
    """

    uses_weights: ClassVar = True
    folds_in: ClassVar = "exact"

    topics: Annotated[int, pydantic.Field(ge=1)] = 10
    mixture_prior: Annotated[float, pydantic.Field(gt=0, allow_inf_nan=False)] = 5.0
    popularity_prior: Annotated[float, pydantic.Field(gt=0, allow_inf_nan=False)] = 4000.0
    iterations: Annotated[int, pydantic.Field(ge=1)] = 50
    seed: Annotated[int, pydantic.Field(ge=0)] = 0

    def fit(
        self,
        train: tailrec.Interactions,
        *,
        weights: NDArray[Any] | None = None,
        validation: tailrec.Holdout | None = None,
    ) -> Self:
        """Find topics and mixtures in turn."""
        self.histories_ = train.matrix()
        pairs = pair_weights(train, weights).astype(np.float64)
        counts = np.asarray(pairs.sum(axis=0)).ravel() + 0.1
        prior = self.popularity_prior * counts / counts.sum()
        # Every topic begins as popularity with noise of its own.
        noise = np.random.default_rng(self.seed).gamma(5.0, 0.2, (self.topics, train.n_items))
        topics = prior + counts / self.topics * noise
        self.prior_ = np.full(self.topics, self.mixture_prior / self.topics)
        mixtures = np.ones((train.n_users, self.topics))
        for _ in range(self.iterations):
            share = _expected(topics)
            mixtures = _mixtures(pairs, share, self.prior_, mixtures, _STEPS_A_ROUND)
            explained, taste = _explained(pairs, share, mixtures)
            topics = prior + share * (explained.T @ taste).T
            of_public = (mixtures - self.prior_).sum(axis=0) + 1.0
            self.prior_ = self.mixture_prior * of_public / of_public.sum()
        self.topics_ = topics
        return self

    def score(self, users: NDArray[Any]) -> NDArray[np.float64]:
        """Return (len(users), n_items) the log-likelihood of every item, from their training histories."""
        require_fitted(self)
        return self._scores(self.histories_[codes(users, self.histories_.shape[0], "user")])

    def score_histories(self, histories: Sequence[NDArray[Any]]) -> NDArray[np.float64]:
        """Return (len(histories), n_items) the log-likelihood of every item, for people known only by their items."""
        require_fitted(self)
        return self._scores(history_matrix(histories, self.topics_.shape[1]))

    def _scores(self, histories: csr_matrix) -> NDArray[np.float64]:
        start = np.ones((histories.shape[0], self.topics))
        mixtures = _mixtures(histories.astype(np.float64), _expected(self.topics_), self.prior_, start, _STEPS)
        items = self.topics_ / self.topics_.sum(axis=1, keepdims=True)
        scores: NDArray[np.float64] = np.log(mixtures / mixtures.sum(axis=1, keepdims=True) @ items)
        return scores


def _expected(dirichlet: NDArray[Any]) -> NDArray[np.float64]:
    """Return exp E[ln p] of shares p with these Dirichlet parameters, a row each."""
    expected: NDArray[np.float64] = np.exp(digamma(dirichlet) - digamma(dirichlet.sum(axis=1, keepdims=True)))
    return expected


def _explained(
    pairs: csr_matrix, share: NDArray[Any], mixtures: NDArray[Any]
) -> tuple[csr_matrix, NDArray[np.float64]]:
    """Return every event over how likely it is, users × items, and the users' shares (n_users, n_topics)."""
    taste = _expected(mixtures)
    users = np.repeat(np.arange(pairs.shape[0]), np.diff(pairs.indptr))
    likely = np.einsum("ij,ij->i", taste[users], share.T[pairs.indices])
    return csr_matrix((pairs.data / likely, pairs.indices, pairs.indptr), shape=pairs.shape), taste


def _mixtures(
    pairs: csr_matrix, share: NDArray[Any], prior: NDArray[Any], mixtures: NDArray[Any], steps: int
) -> NDArray[np.float64]:
    """Return (n_users, n_topics) Dirichlet parameters: the prior and how many events each topic explains."""
    for _ in range(steps):
        explained, taste = _explained(pairs, share, mixtures)
        mixtures = prior + taste * (explained @ share.T)
    return mixtures
