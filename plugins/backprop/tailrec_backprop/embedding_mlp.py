"""A vector a user and a vector an item, side by side through a network: the page's classes, one step at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_matrix

from tailrec_backprop.network import ACTIVATIONS, Adam, Dense, Network, binary_cross_entropy
from tailrec_backprop.training_examples import Examples

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Float32 = NDArray[np.float32]

#: The standard deviation of every coordinate of an embedding at the start.
START = 0.05
#: Pairs that are scored at once: their hidden layers stay in the cache.
_PAIRS = 8192


class EmbeddingMlp:
    r"""The network of `numpy-mlp`: the logit of "this user takes this item".

    .. math:: x = [p_u, q_i], \quad h_1 = \max(0, x W_1 + b_1), \quad \ldots, \quad z = h_L w + b, \quad
              P(1 \mid u, i) = \sigma(z)

    An embedding table is a dense layer without a bias whose input is one-hot: reading row u is the product, and its
    gradient is the batch's ∂C/∂x, added up by row.

    Parameters
    ----------
    user_vectors, item_vectors
        (n_users, dim) and (n_items, dim), p and q.
    net
        Takes 2 · dim inputs and ends in one linear neuron.

    Examples
    --------
    >>> mlp = EmbeddingMlp.random(3, 5, dim=2, hidden=[4], rng=np.random.default_rng(0))
    >>> [parameter.shape for parameter in mlp.parameters()]
    [(3, 2), (5, 2), (4, 4), (4,), (4, 1), (1,)]
    >>> mlp.scores(np.array([2, 0])).shape
    (2, 5)
    """

    def __init__(self, user_vectors: Float32, item_vectors: Float32, net: Network):
        self.user_vectors, self.item_vectors, self.net = user_vectors, item_vectors, net

    @classmethod
    def random(
        cls, n_users: int, n_items: int, *, dim: int, hidden: Sequence[int], rng: np.random.Generator
    ) -> EmbeddingMlp:
        """Return one to begin training with: normal embeddings, Glorot's uniform weights, no bias; float32."""
        tables = [rng.normal(0.0, START, (n, dim)).astype(np.float32) for n in (n_users, n_items)]
        sizes = [2 * dim, *hidden, 1]
        layers = [Dense.random(n_in, n_out, "relu", rng) for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True)]
        layers[-1].activation = "linear"
        return cls(*tables, Network([Dense(*map(np.float32, (x.W, x.b)), x.activation) for x in layers]))

    def parameters(self) -> list[Float32]:
        """Return both tables, then W and b of every layer; writing into them changes the network."""
        return [self.user_vectors, self.item_vectors, *self.net.parameters()]

    def loss(self, batch: Examples) -> tuple[float, list[Float32]]:
        """Return the weighted binary cross-entropy of a batch, and its gradients in the order of `parameters`."""
        x = np.concatenate([self.user_vectors[batch.users], self.item_vectors[batch.items]], axis=1)
        value, dz = binary_cross_entropy(self.net.forward(x), batch.labels[:, None], batch.weights[:, None])
        self.net.backward(dz)
        dim = self.user_vectors.shape[1]
        d_users = add_up_rows(self.net.d_input[:, :dim], batch.users, len(self.user_vectors))
        d_items = add_up_rows(self.net.d_input[:, dim:], batch.items, len(self.item_vectors))
        return value, [d_users, d_items, *self.net.gradients()]

    def step(self, batch: Examples, optimizer: Adam) -> float:
        """Take one step of the optimiser, and return the batch's loss before it."""
        value, gradients = self.loss(batch)
        optimizer.step(self.parameters(), gradients)
        return value

    def scores(self, users: NDArray[Any]) -> Float32:
        """Return (len(users), n_items) the logits of every item.

        [p, q] W₁ = p W₁ₚ + q W₁ᵩ, so the first layer is computed once a user and once an item, not once a pair.
        """
        first, *others = self.net.layers
        dim, n_items = self.user_vectors.shape[1], len(self.item_vectors)
        of_users = self.user_vectors[users] @ first.W[:dim] + first.b
        of_items = self.item_vectors @ first.W[dim:]
        activation, rest = ACTIVATIONS[first.activation][0], Network(others)
        scores = np.empty((len(users), n_items), dtype=np.float32)
        for row, of_user in enumerate(of_users):
            for start in range(0, n_items, _PAIRS):
                block = slice(start, start + _PAIRS)
                scores[row, block] = rest.forward(activation(of_items[block] + of_user))[:, 0]
        return scores


def add_up_rows(values: Float32, rows: NDArray[Any], n_rows: int) -> Float32:
    """Return (n_rows, dim) the sums of the values that go to each row: ``np.add.at`` as a product, 20 times faster.

    Examples
    --------
    >>> add_up_rows(np.array([[1.0], [2.0], [4.0]], dtype=np.float32), np.array([2, 0, 2]), 3).tolist()
    [[2.0], [0.0], [5.0]]
    """
    one_hot = csr_matrix((np.ones(len(rows), values.dtype), rows, np.arange(len(rows) + 1)), (len(rows), n_rows))
    return one_hot.T @ values
