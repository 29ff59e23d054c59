"""The network of the course on one page of NumPy, its pictures and widgets, and the model plugin `numpy-mlp`."""

from tailrec_backprop.network import (
    ACTIVATIONS,
    SGD,
    Adam,
    Dense,
    Momentum,
    Network,
    binary_cross_entropy,
    cross_entropy,
    gradient_check,
    mse,
    relu,
    sigmoid,
    softmax,
    tanh,
)

__all__ = [
    "ACTIVATIONS",
    "SGD",
    "Adam",
    "Dense",
    "Momentum",
    "Network",
    "binary_cross_entropy",
    "cross_entropy",
    "gradient_check",
    "mse",
    "relu",
    "sigmoid",
    "softmax",
    "tanh",
]
