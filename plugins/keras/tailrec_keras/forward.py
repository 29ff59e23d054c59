"""The forward pass of both networks in NumPy: a user with every item, without Keras."""

from __future__ import annotations

from itertools import count, takewhile
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec_keras.networks import Weights


def logits_of_every_item(weights: Weights, users: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
    """Return (len(users), n_items) what the network's sigmoid is taken of, for each user with every item.

    The first layer is a sum, so its product with the users and its product with the items are taken once each and
    added for every pair.

    Parameters
    ----------
    weights
        As `weights_of` takes them from a network of `build_mlp` or `build_neumf`.
    users
        (n,) codes.

    Examples
    --------
    >>> one = np.ones((1, 1), dtype=np.float32)
    >>> first, last = [np.ones((2, 1), dtype=np.float32), -one[0]], [3 * one, one[0]]
    >>> weights = {"user_vectors": [2 * one], "item_vectors": [one], "hidden_1": first, "output": last}
    >>> logits_of_every_item(weights, np.array([0])).tolist()  # 3 max(0, 2 + 1 - 1) + 1
    [[7.0]]
    """
    of_users, of_items = _known_of(weights, "user")[users], _known_of(weights, "item")
    (kernel, bias), *rest = [weights[name] for name in takewhile(weights.__contains__, _hidden_names())]
    output, output_bias = weights["output"]
    of_users, of_items = of_users @ kernel[: of_users.shape[1]], of_items @ kernel[of_users.shape[1] :] + bias
    scores = np.empty((len(users), len(of_items)), dtype=np.float32)
    tower = output[len(output) - len((rest or [(kernel, bias)])[-1][1]) :, 0]
    for row, of_user in enumerate(of_users):
        values = np.maximum(of_items + of_user, 0.0)
        for kernel, bias in rest:
            values = values @ kernel
            values += bias
            np.maximum(values, 0.0, out=values)
        scores[row] = values @ tower
    if "product_user" in weights:
        product = weights["product_user"][0][users] * output[: len(output) - len(tower), 0]
        scores += product @ weights["product_item"][0].T
    return scores + output_bias


def _known_of(weights: Weights, side: str) -> NDArray[np.float32]:
    names = (f"{side}_vectors", f"{side}_content")
    return np.concatenate([weights[name][0] for name in names if name in weights], axis=1)


def _hidden_names() -> Any:
    return (f"hidden_{number}" for number in count(1))
