"""The one place that imports Keras 3: on the CPU, repeatable, and without a word."""

from __future__ import annotations

import contextlib
import functools
import importlib
import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from typing import Any

from tailrec import InputError, PluginError


@functools.cache
def open_keras() -> Any:
    """Import Keras once, with the backend that ``KERAS_BACKEND`` names (TensorFlow where it names none).

    Graphics cards are hidden, operations are deterministic, and the backend gets as many threads as the environment
    variable ``TAILREC_THREADS`` says (1 where it says nothing). Where this is the first import of TensorFlow in the
    process, its global seed is set too, because with deterministic operations an unseeded random operation raises.

    ``TF_USE_LEGACY_KERAS`` is left as it is: it decides what `tf.keras` is, and `keras` is Keras 3 either way.

    Raises
    ------
    PluginError
        Where Keras or its backend cannot be imported, or it is not Keras 3.
    InputError
        Where ``TAILREC_THREADS`` is not a positive integer.

    Examples
    --------
    >>> open_keras().__version__[0]
    '3'
    """
    threads = _threads()
    first = "tensorflow" not in sys.modules
    # What a backend reads once, when it is imported.
    hidden = {"CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu", "XLA_FLAGS": _xla_flags(threads)}
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _standard_error_held_back(), _environment(hidden):
        try:
            keras = importlib.import_module("keras")
            backend = keras.backend.backend()
            _settle(backend, threads, first)
            # The runtime starts, and says so, with the first operation.
            keras.ops.convert_to_numpy(keras.ops.add(1.0, 1.0))
        except ImportError as error:
            raise PluginError(
                f"Keras cannot be imported: {error}; install the package that `KERAS_BACKEND` names "
                "(tensorflow, torch or jax), or leave the variable out for tensorflow"
            ) from error
    if not keras.__version__.startswith("3."):
        raise PluginError(f"expected Keras 3, found Keras {keras.__version__}; install the package `keras` again")
    return keras


def _settle(backend: str, threads: int, first: bool) -> None:
    if backend == "tensorflow":
        tf = importlib.import_module("tensorflow")
        logging.getLogger("tensorflow").setLevel(logging.ERROR)
        # A runtime that has started keeps the threads that it has.
        with contextlib.suppress(RuntimeError):
            tf.config.threading.set_intra_op_parallelism_threads(threads)
            tf.config.threading.set_inter_op_parallelism_threads(threads)
        tf.config.experimental.enable_op_determinism()
        if first:
            tf.random.set_seed(0)
    elif backend == "torch":
        torch = importlib.import_module("torch")
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(True)


def _threads() -> int:
    text = os.environ.get("TAILREC_THREADS", "1")
    if not text.isdecimal() or int(text) < 1:
        raise InputError(
            f"expected the environment variable `TAILREC_THREADS` to be a positive integer, received {text!r}"
        )
    return int(text)


def _xla_flags(threads: int) -> str:
    flags = os.environ.get("XLA_FLAGS", "")
    # XLA's own pool cannot be given a size, only switched off.
    return f"{flags} --xla_cpu_multi_thread_eigen=false".strip() if threads == 1 else flags


@contextlib.contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _standard_error_held_back() -> Iterator[None]:
    """Hold back what is written to file descriptor 2, and let it out only if the block raises.

    TensorFlow's C++ writes there whatever the log level is, and a notebook kernel shows it.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        try:
            real = os.dup(2)
        except OSError:  # a process without a standard error
            yield
            return
        stack.callback(os.close, real)
        held = stack.enter_context(tempfile.TemporaryFile())
        _flush()
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            _flush()
            held.seek(0)
            os.write(real, held.read())
            raise
        finally:
            _flush()
            os.dup2(real, 2)


def _flush() -> None:
    if sys.stderr is not None:
        sys.stderr.flush()
