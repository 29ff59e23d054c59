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
    dim: int = 64,
    blocks: int = 2,
    heads: int = 1,
    dropout: float = 0.5,
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

    numbers = keras.Input((None,), dtype="int32", name="numbers")
    items = Items(name="items")
    seeds = iter(range(1000 * seed, 1000 * seed + 1000))

    def dropped(x: Any) -> Any:
        return layers.Dropout(dropout, seed=next(seeds))(x) if dropout else x

    def normal(x: Any, name: str) -> Any:
        return layers.LayerNormalization(epsilon=EPSILON, name=name)(x)

    x = dropped(Positions(name="positions")(items(numbers)))
    for number in range(1, blocks + 1):
        attention = layers.MultiHeadAttention(
            heads, dim // heads, dropout=dropout, seed=next(seeds), name=f"attention_{number}"
        )
        before = normal(x, f"norm_attention_{number}")
        x = x + dropped(attention(before, before, use_causal_mask=True))
        inner = layers.Dense(dim, activation="relu", name=f"inner_{number}")(normal(x, f"norm_inner_{number}"))
        x = x + dropped(layers.Dense(dim, name=f"outer_{number}")(dropped(inner)))
    network = keras.Model(numbers, items(normal(x, "norm_last"), score=True), name="sasrec")
    _start(network, first_bias, np.random.default_rng(seed))
    return network


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
            arrays = [rng.uniform(-limit, limit, a.shape) if _is_kernel(a, layer) else a for a in arrays]
        layer.set_weights(arrays)


def _is_kernel(array: NDArray[Any], layer: Any) -> bool:
    # The biases of an attention's heads are matrices too, and start at zero.
    return array.ndim > 1 and bool(array.any())
