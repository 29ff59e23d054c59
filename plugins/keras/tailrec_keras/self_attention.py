"""The network of `sasrec` as a Keras model: causal self-attention over a history, scored against the item table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec_keras.keras_door import open_keras

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The standard deviation of every coordinate of an item and of a position at the start.
SPREAD = 0.02
#: What a layer normalisation adds to a variance.
EPSILON = 1e-6


def build_sasrec(
    n_items: int,
    *,
    max_len: int = 50,
    dim: int = 32,
    blocks: int = 1,
    heads: int = 1,
    dropout: float = 0.8,
    first_bias: NDArray[Any] | None = None,
    seed: int = 0,
) -> Any:
    r"""Return the network of `sasrec`: rows of numbers, oldest first, to a score of every item after each of them.

    .. math:: x_t = q_{i_t} + p_t, \qquad x \leftarrow x + A(N(x)), \qquad
              x \leftarrow x + \max(0,\, N(x) W_1 + c_1) W_2 + c_2, \qquad s_t = N(x_t) Q^\top + b

    A is attention in which a position sees itself and what came before it, N normalises a position to mean zero and
    variance one and rescales it, and the middle two steps are taken once a block. The table Q of the items is both
    what goes in and what comes out (Kang and McAuley 2018). Number 0 is the start of a history, and number i + 1 the
    item with code i.

    Parameters
    ----------
    n_items
        How many items there are.
    max_len
        The widest row.
    dim
        Length of the vectors; a multiple of `heads`.
    blocks, heads
        How many blocks there are, and how many attentions side by side in each.
    dropout
        Which share of the vectors' coordinates, and of the attention, is left out in training.
    first_bias
        (n_items,) where b starts; zero where None.
    seed
        Of the starting weights, which NumPy draws, so they are the same on every backend, and of the dropout.

    Returns
    -------
    keras.Model
        (n, width) numbers to (n, width, n_items) scores, not compiled.

    Examples
    --------
    >>> network = build_sasrec(5, max_len=4, dim=2, blocks=1)
    >>> network.predict(np.array([[0, 3, 1]]), verbose=0).shape
    (1, 3, 5)
    """
    keras = open_keras()
    layers, ops = keras.layers, keras.ops

    class Items(layers.Layer):  # type: ignore[misc, name-defined]
        def build(self, _: Any) -> None:
            self.table = self.add_weight(shape=(n_items + 1, dim), name="table")
            self.bias = self.add_weight(shape=(n_items,), initializer="zeros", name="bias")

        def call(self, given: Any, score: bool = False) -> Any:
            if not score:
                return ops.take(self.table, given, axis=0)
            return ops.matmul(given, ops.transpose(self.table[1:])) + self.bias

    class Positions(layers.Layer):  # type: ignore[misc, name-defined]
        def build(self, _: Any) -> None:
            self.table = self.add_weight(shape=(max_len, dim), name="table")

        def call(self, x: Any) -> Any:
            return x + self.table[: ops.shape(x)[1]]

        def compute_output_spec(self, x: Any) -> Any:
            # PyTorch and JAX cannot cut a table at a width that is not known yet.
            return keras.KerasTensor(x.shape, x.dtype)

    numbers = keras.Input((None,), dtype="int32", name="numbers")
    items = Items(name="items")
    seeds = np.random.default_rng([seed, 2])

    def dropped(x: Any) -> Any:
        return layers.Dropout(dropout, seed=int(seeds.integers(2**31)))(x) if dropout else x

    def normal(x: Any, name: str) -> Any:
        return layers.LayerNormalization(epsilon=EPSILON, name=name)(x)

    x = dropped(Positions(name="positions")(items(numbers)))
    for number in range(1, blocks + 1):
        options = {"dropout": dropout, "seed": int(seeds.integers(2**31)), "name": f"attention_{number}"}
        attention = layers.MultiHeadAttention(heads, dim // heads, **options)
        before = normal(x, f"norm_attention_{number}")
        x = x + dropped(attention(before, before, use_causal_mask=True))
        inner = layers.Dense(dim, activation="relu", name=f"inner_{number}")(normal(x, f"norm_inner_{number}"))
        x = x + dropped(layers.Dense(dim, name=f"outer_{number}")(dropped(inner)))
    network = keras.Model(numbers, items(normal(x, "norm_last"), score=True), name="sasrec")
    _start(network, first_bias, np.random.default_rng(seed))
    return network


def next_item_loss() -> Any:
    """Return the loss: (n, width) item codes and (n, width, n_items) scores to the cross-entropy of their softmax.

    Keras's own takes a catalogue of one item for an axis that is not needed.
    """
    keras = open_keras()

    class NextItem(keras.losses.Loss):  # type: ignore[misc, name-defined]
        def call(self, codes: Any, scores: Any) -> Any:
            return keras.ops.sparse_categorical_crossentropy(codes, scores, from_logits=True)

    return NextItem()


def _start(network: Any, first_bias: NDArray[Any] | None, rng: np.random.Generator) -> None:
    for layer in network.layers:
        arrays = layer.get_weights()
        if layer.name in ("items", "positions"):
            arrays[0] = rng.normal(0.0, SPREAD, arrays[0].shape)
            if first_bias is not None:
                arrays[1:] = [first_bias] * len(arrays[1:])
        elif not layer.name.startswith("norm"):
            # Glorot and Bengio 2010, for matrices from `dim` to `dim` coordinates, whatever the number of heads.
            limit = np.sqrt(6.0 / (2 * network.get_layer("positions").table.shape[1]))
            # What Keras starts at zero is a bias.
            arrays = [rng.uniform(-limit, limit, array.shape) if array.any() else array for array in arrays]
        layer.set_weights(arrays)
