"""The same network with the same starting weights and examples, trained on another backend of Keras."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys

import numpy as np

from tailrec import InputError, PluginError

#: The backends that can train on a CPU, with the package that each needs.
BACKENDS = ("tensorflow", "torch", "jax")

_IN_A_PROCESS_OF_ITS_OWN = """
import json
from tailrec_keras.backends import losses_here
print(json.dumps(losses_here()))
"""


def installed_backends() -> list[str]:
    """Return the backends of Keras that are installed here.

    Examples
    --------
    >>> "tensorflow" in installed_backends()
    True
    """
    return [name for name in BACKENDS if importlib.util.find_spec(name) is not None]


def losses_on(backend: str) -> list[float]:
    """Return what `losses_here` gives in a process of its own, whose Keras runs on the backend.

    A process keeps the backend with which it first imported Keras.

    Raises
    ------
    InputError
        Where it is no backend.
    PluginError
        Where it cannot be run, with the last line of what it said.
    """
    if backend not in BACKENDS:
        raise InputError(f"expected `backend` to be {', '.join(BACKENDS[:-1])} or {BACKENDS[-1]}, received {backend!r}")
    command = [sys.executable, "-c", _IN_A_PROCESS_OF_ITS_OWN]
    done = subprocess.run(command, env=os.environ | {"KERAS_BACKEND": backend}, capture_output=True, text=True)
    if done.returncode:
        raise PluginError(f"Keras cannot train on {backend} here: {done.stderr.strip().splitlines()[-1]}")
    losses: list[float] = json.loads(done.stdout.splitlines()[-1])
    return losses


def losses_here(n_epochs: int = 5) -> list[float]:
    """Return the loss of each epoch of a small `mlp` on made-up likes, the same everywhere up to rounding."""
    from tailrec_keras.keras_door import open_keras
    from tailrec_keras.networks import build_mlp
    from tailrec_keras.optimizer import adam

    keras = open_keras()
    rng = np.random.default_rng(0)
    users, items = rng.integers(30, size=640).astype("int32"), rng.integers(40, size=640).astype("int32")
    liked = ((users + items) % 2).astype("float32")
    network = build_mlp(30, 40, dim=8)
    network.compile(adam(0.01), "binary_crossentropy", jit_compile=keras.backend.backend() == "jax")
    history = network.fit([users, items], liked, batch_size=64, epochs=n_epochs, shuffle=False, verbose=0)
    return [float(loss) for loss in history.history["loss"]]
