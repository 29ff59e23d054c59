"""Adam as it is written down, for embeddings too, on every backend."""

from __future__ import annotations

from typing import Any

from tailrec_keras.keras_door import open_keras


def adam(learning_rate: float) -> Any:
    """Return Keras's Adam, given the gradient of a table as one table.

    On TensorFlow the gradient of an embedding is a list of rows, in which a row stands once for every example that
    looked it up. Keras 3.15 squares each of them for the second moment, and Adam asks for the square of their
    sum; PyTorch and JAX sum first. Here the rows are summed on every backend.

    Examples
    --------
    >>> float(adam(0.5).learning_rate)
    0.5
    """
    keras = open_keras()

    class Adam(keras.optimizers.Adam):  # type: ignore[misc, name-defined]
        def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
            if hasattr(gradient, "indices"):
                # A list of rows and a table of zeros add up to a table.
                gradient = keras.ops.add(gradient, keras.ops.zeros_like(variable))
            super().update_step(gradient, variable, learning_rate)

    return Adam(learning_rate)
