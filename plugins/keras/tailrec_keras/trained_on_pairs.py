"""What `mlp` and `neumf` share: trained to tell pairs that happened from others, and stopped on validation."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

import numpy as np
import pydantic

import tailrec
from tailrec_keras.forward import logits_of_every_item
from tailrec_keras.stopped_on_validation import StoppedOnValidation, known_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec_keras.networks import Weights
    from tailrec_keras.training_examples import TrainingExamples

    FloatArray = NDArray[np.floating[Any]]
    IntArray = NDArray[np.integer[Any]]


class TrainedOnPairs(StoppedOnValidation):
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
    batch_size: Annotated[int, pydantic.Field(ge=1)] = 512

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
        network = self._network(train.n_users, train.n_items, self._contents(train))
        self.losses_: list[float] = []
        self._keep_the_best(self._epochs(network, examples, rng), validation)
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
        n_users = len(self._fitted()["user_vectors"][0])
        return logits_of_every_item(self.weights_, known_codes(self.name, users, n_users, "user"))
