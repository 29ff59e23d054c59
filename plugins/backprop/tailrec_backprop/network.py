r"""A neural network with back-propagation on one page, from the activation to the optimiser.

One row a sample. A layer with n_in inputs and n_out neurons computes, for n samples at once,

.. math:: z = x W + b, \quad a = f(z), \qquad x: (n, n_{in}),\ W: (n_{in}, n_{out}),\ b: (n_{out}),\ z, a: (n, n_{out})

A loss C is **one number: the mean over the samples**. `mse` and `binary_cross_entropy` average over a sample's
outputs too, as Keras does; `cross_entropy` sums over the classes. So every gradient here, δ = ∂C/∂z included, already
carries the 1/n. Numbers are float64, or float32 where the weights are given as such.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tailrec import InputError

Array = NDArray[np.floating[Any]]


# --- Activations: a = f(z), and the way back, from ∂C/∂a to ∂C/∂z ---------------------------------------------------
def sigmoid(z: ArrayLike) -> Array:
    """Return σ(z) = 1 / (1 + exp(-z)); the exponent is never positive, so nothing overflows."""
    e = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1.0, e) / (1.0 + e)


def tanh(z: ArrayLike) -> Array:
    """Return (exp(z) - exp(-z)) / (exp(z) + exp(-z)), which is 2 σ(2z) - 1."""
    return np.tanh(z)


def relu(z: ArrayLike) -> Array:
    """Return max(z, 0)."""
    return np.maximum(z, 0.0)


def softmax(z: ArrayLike) -> Array:
    """Return exp(z_k) / Σ_j exp(z_j) along each row; taking the row's largest z from all changes nothing."""
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


#: Each activation f, and the way back from ∂C/∂a to δ = ∂C/∂z. Neuron by neuron δ = ∂C/∂a · f'(z). In a softmax each z
#: moves every a of its row: δ_k = Σ_j ∂C/∂a_j · ∂a_j/∂z_k, where ∂a_j/∂z_k = a_j (1[j = k] - a_k).
ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array, Array, Array], Array]]] = {
    "linear": (lambda z: z, lambda da, z, a: da),
    "sigmoid": (sigmoid, lambda da, z, a: da * a * (1.0 - a)),
    "tanh": (tanh, lambda da, z, a: da * (1.0 - a * a)),
    "relu": (relu, lambda da, z, a: da * (z > 0)),
    "softmax": (softmax, lambda da, z, a: a * (da - (da * a).sum(axis=-1, keepdims=True))),
}


# --- Layers and the network -----------------------------------------------------------------------------------------
class Dense:
    """A layer in which every neuron sees every input: z = x W + b, a = f(z).

    `forward` keeps `x`, `z` and `a`; `backward` leaves `da` = ∂C/∂a, `delta` = ∂C/∂z, `dW`, `db` and `dx` = ∂C/∂x.

    Examples
    --------
    >>> layer = Dense([[1.0], [2.0]], [0.5], "relu")
    >>> layer.forward(np.array([[3.0, 4.0]])).tolist()
    [[11.5]]
    >>> layer.backward(np.array([[1.0]])).tolist(), layer.dW.tolist(), layer.db.tolist()
    ([[1.0, 2.0]], [[3.0], [4.0]], [1.0])
    """

    def __init__(self, W: ArrayLike, b: ArrayLike, activation: str = "sigmoid"):
        self.W, self.b, self.activation = _floats(W), _floats(b), activation
        if self.W.ndim != 2 or self.b.shape != self.W.shape[1:]:
            raise InputError(f"expected W (n_in, n_out) and b (n_out,), received {self.W.shape} and {self.b.shape}")
        if activation not in ACTIVATIONS:
            raise InputError(f"expected `activation` to be one of {', '.join(ACTIVATIONS)}, received {activation!r}")

    @classmethod
    def random(cls, n_in: int, n_out: int, activation: str, rng: np.random.Generator) -> Dense:
        """Return a layer with b = 0 and W uniform in ±√(6 / (n_in + n_out)) (Glorot and Bengio 2010)."""
        limit = np.sqrt(6.0 / (n_in + n_out))
        return cls(rng.uniform(-limit, limit, (n_in, n_out)), np.zeros(n_out), activation)

    def forward(self, x: Array) -> Array:
        """Return a of shape (n, n_out)."""
        if np.ndim(x) != 2 or np.shape(x)[1] != len(self.W):
            raise InputError(f"expected inputs (n, {len(self.W)}), received {np.shape(x)}; a single x goes in as [x]")
        self.x = np.asarray(x)
        self.z = self.x @ self.W + self.b
        self.a = ACTIVATIONS[self.activation][0](self.z)
        return self.a

    def backward(self, da: Array) -> Array:
        """Take ∂C/∂a of shape (n, n_out) and return ∂C/∂x of shape (n, n_in), which is the ∂C/∂a of the layer below."""
        self.da = da
        self.delta = ACTIVATIONS[self.activation][1](da, self.z, self.a)
        self.dW = self.x.T @ self.delta
        self.db = self.delta.sum(axis=0)
        self.dx = self.delta @ self.W.T
        return self.dx


class Network:
    """Layers, each fed by the one before.

    Examples
    --------
    >>> net = Network([Dense([[1.0, -1.0]], [0.0, 0.0], "relu"), Dense([[2.0], [3.0]], [1.0], "linear")])
    >>> y_hat = net.forward([[4.0]])
    >>> value, d_output = mse(y_hat, [[10.0]])
    >>> value, d_output.tolist(), net.backward(d_output)[1][0].tolist()  # (9 - 10)², 2 (9 - 10), ∂C/∂W₂
    (1.0, [[-2.0]], [[-8.0], [0.0]])
    """

    def __init__(self, layers: Sequence[Dense]):
        self.layers = list(layers)

    def forward(self, X: ArrayLike) -> Array:
        """Return the output (n, n_out) for inputs (n, n_in)."""
        a = np.asarray(X)
        for layer in self.layers:
            a = layer.forward(a)
        return a

    def backward(self, d_output: Array) -> list[tuple[Array, Array]]:
        """Take ∂C/∂output of the last `forward` and return (∂C/∂W, ∂C/∂b) a layer; `d_input` is ∂C/∂X."""
        for layer in reversed(self.layers):
            d_output = layer.backward(d_output)
        self.d_input = d_output
        return [(layer.dW, layer.db) for layer in self.layers]

    def parameters(self) -> list[Array]:
        """Return W and b of every layer: W₁, b₁, W₂, b₂, ..."""
        return [parameter for layer in self.layers for parameter in (layer.W, layer.b)]

    def gradients(self) -> list[Array]:
        """Return ∂C/∂W and ∂C/∂b of the last `backward`, in the order of `parameters`."""
        return [gradient for layer in self.layers for gradient in (layer.dW, layer.db)]


# --- Losses: the value, and the gradient where `backward` begins ----------------------------------------------------
def mse(y_hat: ArrayLike, y: ArrayLike) -> tuple[float, Array]:
    """Return the mean of (ŷ - y)², and its gradient with respect to ŷ."""
    y_hat, y = _same_shape(y_hat, y)
    return float(np.mean((y_hat - y) ** 2)), 2.0 * (y_hat - y) / y_hat.size


def binary_cross_entropy(z: ArrayLike, y: ArrayLike, weights: ArrayLike = 1.0) -> tuple[float, Array]:
    """Return the mean of -y log σ(z) - (1 - y) log(1 - σ(z)) for logits z, and its gradient (σ(z) - y) / n.

    Written as max(z, 0) - z y + log(1 + exp(-|z|)) no logarithm meets a zero. `weights` multiply the samples' terms.
    """
    z, y = _same_shape(z, y)
    terms = np.maximum(z, 0.0) - z * y + np.log1p(np.exp(-np.abs(z)))
    return float(np.mean(weights * terms)), weights * (sigmoid(z) - y) / z.size


def cross_entropy(z: ArrayLike, y: ArrayLike) -> tuple[float, Array]:
    """Return the mean over rows of -Σ_k y_k log softmax(z)_k, y one-hot, and its gradient (softmax(z) - y) / n."""
    z, y = _same_shape(z, y)
    shifted = z - z.max(axis=-1, keepdims=True)
    log_softmax = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return float(-(y * log_softmax).sum() / len(z)), (softmax(z) * y.sum(axis=-1, keepdims=True) - y) / len(z)


# --- Optimisers: each moves the parameters in place -----------------------------------------------------------------
class SGD:
    """w ← w - lr · g: gradient descent with the gradient of all samples, stochastic with that of a few."""

    def __init__(self, lr: float = 0.01):
        self.lr = lr

    def step(self, parameters: Sequence[Array], gradients: Sequence[Array]) -> None:
        """Move every parameter one step."""
        for w, g in zip(parameters, gradients, strict=True):
            w -= self.lr * g


class Momentum:
    """u ← momentum · u - lr · g, then w ← w + u; u starts at 0 (Polyak 1964, Keras's SGD without Nesterov)."""

    def __init__(self, lr: float = 0.01, momentum: float = 0.9):
        self.lr, self.momentum, self.u = lr, momentum, None

    def step(self, parameters: Sequence[Array], gradients: Sequence[Array]) -> None:
        """Move every parameter one step."""
        self.u = self.u or list(map(np.zeros_like, parameters))
        for w, g, u in zip(parameters, gradients, self.u, strict=True):
            u *= self.momentum
            u -= self.lr * g
            w += u


class Adam:
    """m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², w ← w - lr · m̂ / (√v̂ + ε̂); m and v start at 0 (Kingma, Ba 2015).

    At step t the bias is taken out by m̂ = m / (1 - β₁ᵗ) and v̂ = v / (1 - β₂ᵗ). As in Keras, and at the end of the
    paper's section 2, ε stands beside √v and not beside √v̂: ε̂ = ε / √(1 - β₂ᵗ).
    """

    def __init__(self, lr: float = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7):
        self.lr, self.beta_1, self.beta_2, self.epsilon = lr, beta_1, beta_2, epsilon
        self.t, self.m, self.v = 0, None, None

    def step(self, parameters: Sequence[Array], gradients: Sequence[Array]) -> None:
        """Move every parameter one step."""
        self.t += 1
        self.m = self.m or list(map(np.zeros_like, parameters))
        self.v = self.v or list(map(np.zeros_like, parameters))
        lr = self.lr * (1 - self.beta_2**self.t) ** 0.5 / (1 - self.beta_1**self.t)
        for w, g, m, v in zip(parameters, gradients, self.m, self.v, strict=True):
            m += (1 - self.beta_1) * (g - m)
            v += (1 - self.beta_2) * (g * g - v)
            w -= lr * m / (np.sqrt(v) + self.epsilon)


# --- The check: every gradient against a difference -----------------------------------------------------------------
def gradient_check(net: Network, loss: Callable[..., Any], X: ArrayLike, y: ArrayLike, epsilon: float = 1e-6) -> float:
    """Compare `backward` with (C(w + ε) - C(w - ε)) / 2ε, weight by weight.

    Return the largest difference, divided by the largest gradient: about 1e-9 where all is right, more where a ReLU's z
    lies within a step of its kink at 0. `net` must hold float64.
    """
    net.backward(loss(net.forward(X), y)[1])
    worst = largest = 0.0
    for w, g in zip(net.parameters(), net.gradients(), strict=True):
        for place in np.ndindex(w.shape):
            kept, values = w[place], []
            for shift in (epsilon, -epsilon):
                w[place] = kept + shift
                values.append(loss(net.forward(X), y)[0])
            w[place] = kept
            numeric = (values[0] - values[1]) / (2 * epsilon)
            worst, largest = max(worst, abs(g[place] - numeric)), max(largest, abs(g[place]), abs(numeric))
    return float(worst / largest) if largest else 0.0


def _floats(values: ArrayLike) -> Array:
    return np.array(values, dtype=np.float32 if getattr(values, "dtype", None) == np.float32 else np.float64)


def _same_shape(output: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    output, y = np.asarray(output), np.asarray(y)
    if output.shape != y.shape:
        # NumPy would stretch (n, 1) and (n,) to (n, n), and the loss would be another.
        raise InputError(f"expected y of the output's shape {output.shape}, received {y.shape}; y.reshape(-1, 1) helps")
    return output, y
