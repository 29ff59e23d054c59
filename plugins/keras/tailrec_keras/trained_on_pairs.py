"""What `mlp` and `neumf` share: trained to tell pairs that happened from others, and stopped on validation."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

import numpy as np
import pydantic

import tailrec
from tailrec_keras.forward import logits_of_every_item

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec_keras.networks import Weights
    from tailrec_keras.training_examples import TrainingExamples

    FloatArray = NDArray[np.floating[Any]]
    IntArray = NDArray[np.integer[Any]]

_K = 10
#: Ranking everybody after every epoch would take longer than the epoch.
_WATCHED = 300


class TrainedOnPairs(tailrec.ModelPlugin):
    """A network over codes of users and items, trained by binary cross-entropy with Adam.

    Parameters
    ----------
    dim
        Length of the embeddings.
    hidden
        Widths of the hidden layers.
    negatives
        How many items that the user has not are drawn for every pair, anew in every epoch.
    epochs
        How many epochs to train at most.
    patience
        After how many epochs without a better NDCG@10 on the validation to stop.
    batch_size
        Examples a batch.
    learning_rate
        Of Adam.
    seed
        Of the first weights, of the negatives and of the order of the examples.
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

    @abstractmethod
    def _network(self, n_users: int, n_items: int, contents: tuple[Any, Any]) -> Any:
        """Return the Keras model with its starting weights."""

    def _contents(self, train: tailrec.Interactions) -> tuple[Any, Any]:
        """Return what is known of users and of items beside their codes, or None."""
        return None, None

    def fit(
        self,
        train: tailrec.Interactions,
        *,
        weights: FloatArray | None = None,
        validation: tailrec.Holdout | None = None,
    ) -> Self:
        """Learn the weights; Keras is imported here, and not to score.

        Parameters
        ----------
        train
            The events to learn from.
        weights
            (n_events,) not negative; each multiplies the loss of its pair and of the pair's negatives.
        validation
            What to stop on: after every epoch up to 300 of its users are ranked, and the weights with the best mean
            NDCG@10 are kept. With nothing to validate on, all `epochs` are trained.

        Raises
        ------
        tailrec.InputError
            Where there is no event, the weights cannot be used, or training diverges.
        tailrec.PluginError
            Where Keras or its backend cannot be imported.
        """
        from tailrec_keras.training_examples import TrainingExamples

        examples = TrainingExamples(train, weights)
        rng = np.random.default_rng([self.seed, 1])
        watched = self._watched(validation)
        network = self._network(train.n_users, train.n_items, self._contents(train))
        self.losses_: list[float] = []
        self.validation_ndcg_: list[float] = []
        best: tuple[int, Weights] | None = None
        for number, learnt in enumerate(islice(self._epochs(network, examples, rng), self.epochs), start=1):
            self._take(number, learnt)
            if validation is None or watched is None:
                continue
            self.validation_ndcg_.append(_mean_ndcg(tailrec.rank(self, validation, _K, users=watched)))
            if best is None or self.validation_ndcg_[-1] > self.validation_ndcg_[best[0] - 1]:
                best = number, learnt
            elif number - best[0] >= self.patience:
                break
        if best is not None:
            self._take(*best)
        return self

    def _epochs(self, network: Any, examples: TrainingExamples, rng: np.random.Generator) -> Iterator[Weights]:
        from tailrec_keras.keras_door import open_keras
        from tailrec_keras.networks import weights_of
        from tailrec_keras.optimizer import adam

        keras = open_keras()
        # Compiling takes longer than so small a network trains; JAX knows no other way.
        compiled = keras.backend.backend() == "jax"
        network.compile(adam(self.learning_rate), "binary_crossentropy", jit_compile=compiled)
        while True:
            users, items, labels, weights = examples.draw(self.negatives, rng)
            history = network.fit(
                [users, items],
                labels,
                sample_weight=weights,
                batch_size=self.batch_size,
                shuffle=False,
                verbose=0,
            )
            self.losses_.append(float(history.history["loss"][0]))
            yield weights_of(network)

    def _watched(self, validation: tailrec.Holdout | None) -> IntArray | None:
        if validation is None or not validation.targets.nnz:
            return None
        users = np.flatnonzero(np.diff(validation.targets.indptr))
        if len(users) <= _WATCHED:
            return users
        return np.sort(np.random.default_rng([self.seed, 2]).choice(users, _WATCHED, replace=False))

    def _take(self, number: int, weights: Weights) -> None:
        if not all(np.isfinite(array).all() for arrays in weights.values() for array in arrays):
            raise tailrec.InputError(
                f"{self.name}: training diverged in epoch {number}, the weights are no longer finite; "
                f"lower `learning_rate` ({self.learning_rate:g})"
            )
        self.n_epochs_, self.weights_ = number, weights

    def network(self) -> Any:
        """Return the trained network as a Keras model: codes of users and of items to probabilities (n, 1)."""
        from tailrec_keras.networks import set_weights

        weights = self._fitted()
        contents = tuple(weights[name][0] if name in weights else None for name in ("user_content", "item_content"))
        network = self._network(len(weights["user_vectors"][0]), len(weights["item_vectors"][0]), contents)
        set_weights(network, weights)
        return network

    def score(self, users: IntArray) -> FloatArray:
        """Return (len(users), n_items) the logarithm of the odds that the network gives each item."""
        users = np.asarray(users)
        n_users = len(self._fitted()["user_vectors"][0])
        unknown = users[(users < 0) | (users >= n_users)]
        if len(unknown):
            raise tailrec.InputError(
                f"{self.name}: expected user codes from 0 to {n_users - 1}, those it was fitted on, "
                f"received {unknown[0]}"
            )
        return logits_of_every_item(self.weights_, users)

    def _fitted(self) -> Weights:
        if not hasattr(self, "weights_"):
            raise tailrec.InputError(f"{self.name}: expected a fitted model; call `fit` first")
        return self.weights_


def _mean_ndcg(ranking: tailrec.Ranking) -> float:
    """Return the mean over users of DCG@k by the best that their number of targets allows."""
    discounts = 1.0 / np.log2(np.arange(2, ranking.items.shape[1] + 2))
    ideal = np.cumsum(discounts)[np.minimum(ranking.n_targets, len(discounts)) - 1]
    return float(np.mean(ranking.hits @ discounts / ideal))
