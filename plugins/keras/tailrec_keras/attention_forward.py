"""The forward pass of `sasrec` in NumPy: histories to a score of every item, without Keras."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec_keras.sequences import by_width, padded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec_keras.networks import Weights

#: What a layer normalisation adds to a variance, as in `self_attention`.
EPSILON = 1e-6
#: A batch of attention holds at most this many positions.
_POSITIONS = 4096


def scores_after(weights: Weights, rows: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
    """Return (len(rows), n_items) the score of every item after the last number of each row.

    Parameters
    ----------
    weights
        As `weights_of` takes them from a network of `build_sasrec`.
    rows
        What `inputs_of` makes of histories: at least one number each, at most as many as there are positions.
    """
    table, bias = weights["items"]
    last = np.empty((len(rows), table.shape[1]), dtype=np.float32)
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    for width, positions in by_width(lengths, len(weights["positions"][0])).items():
        for chunk in np.array_split(positions, -(-len(positions) * width // _POSITIONS)):
            if len(chunk):
                hidden = vectors(weights, padded([rows[row] for row in chunk], width, np.int64))
                last[chunk] = hidden[np.arange(len(chunk)), lengths[chunk] - 1]
    return last @ table[1:].T + bias


def vectors(weights: Weights, numbers: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
    """Return (n, width, dim) what the item table is multiplied with after each of the numbers (n, width).

    Examples
    --------
    >>> weights = {"items": [np.array([[1.0, 3.0]]), None], "positions": [np.zeros((1, 2))], "norm_last": [1.0, 0.0]}
    >>> vectors(weights, np.array([[0]])).round(3).tolist()  # no block: (1, 3) with mean zero and variance one
    [[[-1.0, 1.0]]]
    """
    x = weights["items"][0][numbers] + weights["positions"][0][: numbers.shape[1]]
    for number in count(1):
        if f"attention_{number}" not in weights:
            break
        x = x + _attended(_normal(x, weights[f"norm_attention_{number}"]), weights[f"attention_{number}"])
        (inner, inner_bias), (outer, outer_bias) = weights[f"inner_{number}"], weights[f"outer_{number}"]
        kept = np.maximum(_normal(x, weights[f"norm_inner_{number}"]) @ inner + inner_bias, 0.0)
        x = x + kept @ outer + outer_bias
    return _normal(x, weights["norm_last"])


def _normal(x: NDArray[Any], weights: list[NDArray[Any]]) -> NDArray[Any]:
    scale, shift = weights
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON) * scale + shift


def _attended(x: NDArray[Any], weights: list[NDArray[Any]]) -> NDArray[Any]:
    """Return softmax(Q Kᵀ / √d) V W + c for every head, where no position sees a later one."""
    query, query_bias, key, key_bias, value, value_bias, output, output_bias = weights
    q, k, v = (
        np.einsum("nld,dhe->nhle", x, kernel, optimize=True) + bias[:, None]
        for kernel, bias in ((query, query_bias), (key, key_bias), (value, value_bias))
    )
    logits = q @ k.swapaxes(-1, -2) / np.sqrt(np.float32(q.shape[-1]))
    logits[..., ~np.tri(x.shape[1], dtype=bool)] = -np.inf
    attention = np.exp(logits - logits.max(axis=-1, keepdims=True))
    attention /= attention.sum(axis=-1, keepdims=True)
    return np.einsum("nhle,hed->nld", attention @ v, output, optimize=True) + output_bias
