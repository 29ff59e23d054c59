"""`numpy-mlp`: the network of the page as a recommender, trained on what happened against what was drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

import numpy as np
import pydantic
from threadpoolctl import threadpool_limits

import tailrec
from tailrec_backprop.embedding_mlp import EmbeddingMlp
from tailrec_backprop.network import Adam, Dense, Network
from tailrec_backprop.training_examples import Examples, batches, positives, with_negatives

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.floating[Any]]
    IntArray = NDArray[np.integer[Any]]

_K = 10
#: Ranking everybody after every epoch would take longer than the epoch.
_WATCHED = 300


class NumpyMlp(tailrec.ModelPlugin):
    """A vector a user and a vector an item through an MLP, in NumPy, by the classes of `tailrec_backprop.network`.

    The loss is the binary cross-entropy of "happened" against "drawn": in every epoch each pair of user and item is
    visited once, beside `negatives` items drawn evenly from those that the user does not have (He et al. 2017,
    *Neural collaborative filtering*). The optimiser is Adam. After each epoch up to 300 of the validation's users are
    ranked (`tailrec.rank`, mean NDCG@10), and the weights of the best epoch are kept; with nothing to validate on, all
    `epochs` are trained and the last is kept.

    A score is the logit. Training and scoring keep to one thread: the products of a batch are too small to share out.
    So the same seed gives the same bytes on any number of threads.

    Parameters
    ----------
    dim
        Length of the vectors.
    hidden
        Widths of the hidden layers, each a ReLU.
    negatives
        Items drawn a pair.
    epochs
        How many epochs to train at most.
    patience
        After how many epochs without a better NDCG@10 on the validation to stop.
    batch_size
        Examples a batch at most.
    learning_rate
        Of Adam.
    seed
        Of the first weights, the drawn items and the order of the examples.

    Attributes
    ----------
    parameters_
        The vectors of the users and of the items, then W and b of every layer; float32.
    n_epochs_
        How many epochs they were trained.
    losses_
        The mean loss of an example in each epoch.
    validation_ndcg_
        NDCG@10 on the validation after each epoch; empty where there was nothing to validate on.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({"user": [0, 0, 1, 1, 2], "item": [7, 8, 7, 8, 9]})
    >>> model = NumpyMlp(dim=4, hidden=[8], epochs=2).fit(tailrec.Interactions.from_frame(events))
    >>> model.score(np.array([0, 1])).shape
    (2, 3)
    """

    uses_weights: ClassVar[bool] = True

    dim: Annotated[int, pydantic.Field(ge=1)] = 16
    hidden: Annotated[list[Annotated[int, pydantic.Field(ge=1)]], pydantic.Field(min_length=1)] = [64, 64]
    negatives: Annotated[int, pydantic.Field(ge=1)] = 4
    epochs: Annotated[int, pydantic.Field(ge=1)] = 20
    patience: Annotated[int, pydantic.Field(ge=1)] = 3
    batch_size: Annotated[int, pydantic.Field(ge=1)] = 512
    learning_rate: Annotated[float, pydantic.Field(gt=0, allow_inf_nan=False)] = 0.003
    seed: Annotated[int, pydantic.Field(ge=0)] = 0

    def fit(
        self,
        train: tailrec.Interactions,
        *,
        weights: FloatArray | None = None,
        validation: tailrec.Holdout | None = None,
    ) -> Self:
        """Train, epoch by epoch, and keep the best.

        Parameters
        ----------
        train
            The events to learn from.
        weights
            (n_events,) not negative; each multiplies the terms of its pair and of the items drawn for it (the mean,
            where a pair happened several times).
        validation
            What to stop on; where it asks something of more than 300 users, 300 drawn by the seed are ranked.

        Raises
        ------
        tailrec.InputError
            Where there is no event, the weights cannot be used, or training diverges.
        """
        happened = positives(train, weights)
        watched = self._watched(validation)
        self.losses_: list[float] = []
        self.validation_ndcg_: list[float] = []
        rng = np.random.default_rng(self.seed)
        mlp = EmbeddingMlp.random(train.n_users, train.n_items, dim=self.dim, hidden=self.hidden, rng=rng)
        optimizer = Adam(self.learning_rate)
        best: list[NDArray[np.float32]] = []
        # Training that diverges is told in a sentence, by `_take`.
        with threadpool_limits(limits=1), np.errstate(over="ignore", invalid="ignore"):
            for number in range(1, self.epochs + 1):
                examples = with_negatives(happened, train.n_items, self.negatives, rng)
                self.losses_.append(_mean_loss(mlp, optimizer, batches(examples, self.batch_size, rng)))
                self._take(number, mlp.parameters())
                if validation is None or watched is None:
                    continue
                self.validation_ndcg_.append(_mean_ndcg(tailrec.rank(self, validation, _K, users=watched)))
                if self.validation_ndcg_[-1] > max(self.validation_ndcg_[:-1], default=-1.0):
                    best_number, best = number, [parameter.copy() for parameter in mlp.parameters()]
                elif number - best_number >= self.patience:
                    break
        if best:
            self._take(best_number, best)
        return self

    def _watched(self, validation: tailrec.Holdout | None) -> IntArray | None:
        if validation is None or not validation.targets.nnz:
            return None
        users = np.flatnonzero(np.diff(validation.targets.indptr))
        if len(users) <= _WATCHED:
            return users
        # Drawn apart, so that who is watched does not change what is learnt.
        return np.sort(np.random.default_rng([self.seed, 1]).choice(users, _WATCHED, replace=False))

    def _take(self, number: int, parameters: list[NDArray[np.float32]]) -> None:
        if not all(np.isfinite(parameter).all() for parameter in parameters):
            raise tailrec.InputError(
                f"numpy-mlp: training diverged in epoch {number}, the weights are no longer finite; "
                f"lower `learning_rate` ({self.learning_rate:g})"
            )
        self.n_epochs_, self.parameters_ = number, parameters

    def score(self, users: IntArray) -> FloatArray:
        """Return (len(users), n_items) the logits of every item."""
        if not tailrec.is_fitted(self):
            raise tailrec.InputError("numpy-mlp is not fitted yet; call `fit` with the train of a split first")
        user_vectors, item_vectors, *layers = self.parameters_
        users = np.asarray(users)
        unknown = users[(users < 0) | (users >= len(user_vectors))]
        if len(unknown):
            raise tailrec.InputError(
                f"numpy-mlp: expected user codes from 0 to {len(user_vectors) - 1}, those it was fitted on, "
                f"received {unknown[0]}"
            )
        pairs = list(zip(layers[::2], layers[1::2], strict=True))
        net = Network([Dense(W, b, "relu") for W, b in pairs[:-1]] + [Dense(*pairs[-1], "linear")])
        with threadpool_limits(limits=1):
            return EmbeddingMlp(user_vectors, item_vectors, net).scores(users)


def _mean_loss(mlp: EmbeddingMlp, optimizer: Adam, batches: Iterator[Examples]) -> float:
    losses, sizes = np.transpose([(mlp.step(batch, optimizer), len(batch.users)) for batch in batches])
    return float(np.average(losses, weights=sizes))


def _mean_ndcg(ranking: tailrec.Ranking) -> float:
    """Return the mean over users of DCG@k by the best that their number of targets allows."""
    discounts = 1.0 / np.log2(np.arange(2, ranking.items.shape[1] + 2))
    ideal = np.cumsum(discounts)[np.minimum(ranking.n_targets, len(discounts)) - 1]
    return float(np.mean(ranking.hits @ discounts / ideal))
