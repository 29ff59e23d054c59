"""TensorFlow and Keras 3 as oracles: quiet, on one thread, and set as the plugins that train with them set it."""

from __future__ import annotations

import contextlib
import os
import warnings
from typing import Any

import pytest


@pytest.fixture(scope="session")
def tf() -> Any:
    """Return TensorFlow; whatever else trains in this process finds it as it would have set it itself."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import tensorflow
    with contextlib.suppress(RuntimeError):
        tensorflow.config.threading.set_intra_op_parallelism_threads(1)
        tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    tensorflow.config.experimental.enable_op_determinism()
    tensorflow.random.set_seed(0)
    return tensorflow


@pytest.fixture(scope="session")
def keras(tf: Any) -> Any:
    """Return Keras 3 on TensorFlow; `tf.keras` may be Keras 2 beside it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import keras
    assert keras.backend.backend() == "tensorflow"
    return keras
