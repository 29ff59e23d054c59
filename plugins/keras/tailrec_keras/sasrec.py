"""`sasrec`: self-attention over the history, oldest item first, says what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

import numpy as np
import pydantic

import tailrec
from tailrec_keras.attention_forward import scores_after
from tailrec_keras.sequences import TrainingSequences, inputs_of
from tailrec_keras.stopped_on_validation import StoppedOnValidation, known_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec_keras.networks import Weights

    FloatArray = NDArray[np.floating[Any]]
    IntArray = NDArray[np.integer[Any]]

Positive = Annotated[int, pydantic.Field(ge=1)]


class SasRec(StoppedOnValidation):
    r"""Score every item by the logit that it comes next, from causal self-attention over the history.

    .. math:: s(j \mid i_1, \dots, i_n) = N(x_n) \cdot q_j + b_j

    x_n is what `blocks` of attention make of the learnt vectors of the items i_1, ..., i_n and of their places, where
    no place sees a later one, and q is the table of items that goes in as well (Kang and McAuley, "Self-attentive
    sequential recommendation", ICDM 2018). Trained by cross-entropy of a softmax over all items, at every place of a
    history at once (Klenitskiy and Vasilev, "Turning dross into gold loss", RecSys 2023: better than the one
    negative of the paper). Unlike in the paper a start stands before every history, so that a first item is predicted
    too and one item is history enough, and b, which is as popular as the items at first.

    A history is a user's distinct items in the order in which they first came, as the source has them where there is
    no time. What is asked is always an item that the user has not, so one that comes back is no target.

    Parameters
    ----------
    max_len
        How much of a history is seen, and trained on: its last items.
    dim
        Length of the vectors.
    blocks, heads
        How many blocks of attention, and how many attentions side by side in each, which share `dim`.
    dropout
        Which share of the vectors' coordinates, and of the attention, is left out in training.
    epochs
        How many epochs to train at most.
    patience
        After how many epochs without a better NDCG@10 on the validation to stop.
    batch_size
        About how many places a batch has.
    learning_rate
        Of Adam.
    seed
        Of the first weights, of the dropout and of the order of the batches.

    Attributes
    ----------
    weights_
        The arrays of every layer by its name.
    rows_
        What the network is given for each user.
    n_epochs_, validation_ndcg_
        As in `Mlp`.
    losses_
        The mean cross-entropy of a prediction in each epoch, in nats.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({"user": [0, 0, 1, 1, 2], "item": [7, 8, 7, 8, 9]})
    >>> data = tailrec.Interactions.from_frame(events)
    >>> model = tailrec.model("sasrec", dim=4, epochs=2).fit(data)
    >>> model.score_histories([np.array([0]), np.array([], dtype=int)]).shape
    (2, 3)
    """

    uses_weights: ClassVar[bool] = True
    folds_in: ClassVar[Literal["exact", "approximate"] | None] = "exact"

    search: ClassVar[Mapping[str, Any]] = {
        "dim": [16, 32, 64],
        "blocks": [1, 2],
        "dropout": "0.2..0.9",
        "learning_rate": "0.0003..0.003:log",
    }

    max_len: Annotated[int, pydantic.Field(ge=2)] = 50
    dim: Positive = 32
    blocks: Positive = 1
    heads: Positive = 1
    dropout: Annotated[float, pydantic.Field(ge=0, lt=1)] = 0.8
    epochs: Positive = 20
    patience: Positive = 3
    batch_size: Positive = 1024
    learning_rate: Annotated[float, pydantic.Field(gt=0, allow_inf_nan=False)] = 0.001

    def __post_init__(self) -> None:
        """Check that the heads share the vectors."""
        if self.dim % self.heads:
            raise tailrec.InputError(
                f"sasrec: expected `dim` to be a multiple of `heads`, received {self.dim} and {self.heads}"
            )

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
            (n_events,) not negative; each multiplies the loss of the prediction of its event.
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
        sequences = TrainingSequences(train, weights, self.max_len)
        # Where everybody starts: an item is as likely as it is popular.
        bias = np.log((train.item_counts() + 0.5) / (train.item_counts() + 0.5).sum()).astype(np.float32)
        self.rows_ = inputs_of(train.histories(), self.max_len)
        self.losses_: list[float] = []
        network = self._network(train.n_items, bias)
        self._keep_the_best(self._epochs(network, sequences), validation)
        return self

    def _network(self, n_items: int, first_bias: NDArray[np.float32] | None = None) -> Any:
        from tailrec_keras.self_attention import build_sasrec

        return build_sasrec(
            n_items,
            max_len=self.max_len,
            dim=self.dim,
            blocks=self.blocks,
            heads=self.heads,
            dropout=self.dropout,
            first_bias=first_bias,
            seed=self.seed,
        )

    def _epochs(self, network: Any, sequences: TrainingSequences) -> Iterator[Weights]:
        from tailrec_keras.keras_door import open_keras
        from tailrec_keras.networks import weights_of
        from tailrec_keras.optimizer import adam
        from tailrec_keras.self_attention import next_item_loss

        keras = open_keras()
        # Compiling takes longer than so small a network trains; JAX knows no other way.
        compiled = keras.backend.backend() == "jax"
        network.compile(adam(self.learning_rate), next_item_loss(), jit_compile=compiled)
        rng = np.random.default_rng([self.seed, 1])
        total = sum(float(row.sum()) for row in sequences.weights)
        while True:
            summed = 0.0
            for inputs, targets, weights in sequences.batches(self.batch_size, rng):
                # Keras returns the mean over every place of the batch.
                summed += float(network.train_on_batch(inputs, targets, sample_weight=weights)) * inputs.size
            self.losses_.append(summed / total)
            yield weights_of(network)

    def network(self) -> Any:
        """Return the trained network as a Keras model: (n, width) numbers to (n, width, n_items) scores."""
        from tailrec_keras.networks import set_weights

        weights = self._fitted()
        network = self._network(len(weights["items"][1]))
        set_weights(network, weights)
        return network

    def score(self, users: IntArray) -> FloatArray:
        """Return (len(users), n_items) the logits of the item that comes next in each user's history."""
        self._fitted()
        known = known_codes(self.name, users, len(self.rows_), "user")
        return scores_after(self.weights_, [self.rows_[user] for user in known])

    def score_histories(self, histories: Sequence[IntArray]) -> FloatArray:
        """Return (len(histories), n_items) the same for people known only by their items, oldest first."""
        n_items = len(self._fitted()["items"][1])
        known = [known_codes(self.name, history, n_items, "item") for history in histories]
        return scores_after(self.weights_, inputs_of(known, self.max_len))
