"""The two networks as Keras models over codes of users and items, with starting weights that NumPy draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec_keras.keras_door import open_keras

if TYPE_CHECKING:
    from numpy.typing import NDArray

    #: The arrays of every layer that has some, by the layer's name, in the order of `layer.get_weights()`.
    Weights = dict[str, list[NDArray[np.float32]]]

#: The standard deviation of every coordinate of an embedding at the start.
START = 0.05


def build_mlp(
    n_users: int,
    n_items: int,
    *,
    dim: int = 16,
    hidden: Sequence[int] = (64, 64),
    user_content: NDArray[np.float32] | None = None,
    item_content: NDArray[np.float32] | None = None,
    seed: int = 0,
) -> Any:
    r"""Return the network of `mlp`: what is known of a user and of an item, side by side, through dense layers.

    .. math:: h_0 = [p_u, c_u, q_i, d_i], \qquad h_l = \max(0,\, h_{l-1} W_l + b_l), \qquad
              \hat y = \sigma(h_L w + b)

    Parameters
    ----------
    n_users, n_items
        How many there are. The two inputs, named ``user`` and ``item``, are their codes.
    dim
        Length of the embeddings p and q.
    hidden
        Widths of the hidden layers, which are named ``hidden_1``, ``hidden_2``, ...; the last layer is ``output``.
    user_content, item_content
        (n_users, n_labels) c and (n_items, n_labels) d, what is known beside the code; they are not trained.
    seed
        Of the starting weights: NumPy draws them, so they are the same on every backend.

    Returns
    -------
    keras.Model
        Two vectors of codes (n,) to probabilities (n, 1), not compiled.

    Examples
    --------
    >>> network = build_mlp(3, 5, dim=2, hidden=(4,))
    >>> network.count_params()  # (3 + 5) × 2, then 4 × 4 + 4, then 4 + 1
    41
    >>> network.predict([np.array([0, 2]), np.array([1, 4])], verbose=0).shape
    (2, 1)
    """
    user, item = _codes()
    tower = _tower(user, item, (n_users, n_items), dim, hidden, (user_content, item_content))
    return _finished([user, item], tower, seed)


def build_neumf(
    n_users: int, n_items: int, *, dim: int = 16, hidden: Sequence[int] = (64, 32, 16), seed: int = 0
) -> Any:
    r"""Return the network of `neumf`: a weighted product of embeddings beside a tower with embeddings of its own.

    .. math:: \hat y = \sigma\big([\,p_u \odot q_i,\ h_L\,]\, w + b\big), \qquad h_0 = [p'_u, q'_i]

    He et al., "Neural collaborative filtering", WWW 2017: GMF and MLP joined before the last layer (without their
    pre-training).

    Parameters
    ----------
    n_users, n_items, seed
        As in `build_mlp`.
    dim
        Length of the embeddings of the product; those of the tower are as long together as its first layer is wide.
    hidden
        Widths of the tower's layers.

    Examples
    --------
    >>> build_neumf(3, 5, dim=2, hidden=(4,)).count_params()  # (3 + 5) × 2 twice, then 4 × 4 + 4, then 6 + 1
    59
    """
    layers = open_keras().layers
    user, item = _codes()
    product = layers.Multiply()(
        [
            layers.Embedding(n_users, dim, name="product_user")(user),
            layers.Embedding(n_items, dim, name="product_item")(item),
        ]
    )
    tower = _tower(user, item, (n_users, n_items), max(1, hidden[0] // 2), hidden, (None, None))
    return _finished([user, item], layers.Concatenate()([product, tower]), seed)


def weights_of(network: Any) -> Weights:
    """Return a copy of the arrays of every layer that has some, by the layer's name."""
    return {layer.name: [np.array(one) for one in layer.get_weights()] for layer in network.layers if layer.weights}


def set_weights(network: Any, weights: Weights) -> None:
    """Give a network the arrays that `weights_of` took from one of the same shape."""
    for name, arrays in weights.items():
        network.get_layer(name).set_weights(arrays)


def _codes() -> tuple[Any, Any]:
    keras = open_keras()
    return keras.Input((), dtype="int32", name="user"), keras.Input((), dtype="int32", name="item")


def _tower(
    user: Any,
    item: Any,
    sizes: tuple[int, int],
    dim: int,
    hidden: Sequence[int],
    contents: tuple[NDArray[np.float32] | None, NDArray[np.float32] | None],
) -> Any:
    layers = open_keras().layers
    parts = []
    for name, codes, size, content in zip(("user", "item"), (user, item), sizes, contents, strict=True):
        parts.append(layers.Embedding(size, dim, name=f"{name}_vectors")(codes))
        if content is not None and content.shape[1]:
            table = layers.Embedding(*content.shape, trainable=False, name=f"{name}_content")
            parts.append(table(codes))
            table.set_weights([content])
    hidden_values = layers.Concatenate()(parts)
    for number, width in enumerate(hidden, start=1):
        hidden_values = layers.Dense(width, activation="relu", name=f"hidden_{number}")(hidden_values)
    return hidden_values


def _finished(inputs: list[Any], last: Any, seed: int) -> Any:
    keras = open_keras()
    network = keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid", name="output")(last))
    rng = np.random.default_rng(seed)
    for layer in network.layers:
        if layer.trainable_weights:
            first, *rest = layer.get_weights()
            if isinstance(layer, keras.layers.Embedding):
                drawn = rng.normal(0.0, START, first.shape)
            else:
                # Glorot and Bengio 2010: activations and gradients keep their size from layer to layer.
                limit = np.sqrt(6.0 / sum(first.shape))
                drawn = rng.uniform(-limit, limit, first.shape)
            layer.set_weights([drawn, *rest])
    return network
