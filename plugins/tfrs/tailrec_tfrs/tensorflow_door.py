"""The one place that imports TensorFlow: with Keras 2, on the CPU, repeatable, and without a word."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from tailrec import InputError, PluginError

_NEEDS_KERAS_2 = (
    "TensorFlow Recommenders needs Keras 2, and `tf.keras` was already used as Keras {version} in this process; "
    "restart Python (in a notebook, the kernel) and, before anything uses `tf.keras`, run "
    '`import os; os.environ["TF_USE_LEGACY_KERAS"] = "1"` (`import keras` stays Keras 3 and works beside it)'
)


class Door(NamedTuple):
    """What lies behind the door."""

    tf: Any
    tf_keras: Any
    tfrs: Any


@functools.cache
def open_door(before_it_starts: Callable[[Any], None] | None = None) -> Door:
    """Import TensorFlow and TensorFlow Recommenders once, and return the modules.

    Legacy Keras is asked for, graphics cards are hidden, operations are deterministic, and TensorFlow gets as
    many threads as the environment variable ``TAILREC_THREADS`` says (1 where it says nothing). Where this is
    the first import of TensorFlow in the process, its global seed is set too, because with deterministic
    operations an unseeded random operation raises.

    Parameters
    ----------
    before_it_starts
        Given TensorFlow, does what must come before its first operation, such as to make a strategy over several
        processes; for a process that has not opened the door yet.

    Raises
    ------
    PluginError
        Where `tf.keras` was already used as Keras 3, or a package cannot be imported.
    InputError
        Where ``TAILREC_THREADS`` is not a positive integer.
    """
    threads = _threads()
    first = "tensorflow" not in sys.modules
    # Read by TensorFlow when `tf.keras` is first used, not when TensorFlow is imported.
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _standard_error_held_back(), _cuda_hidden():
        try:
            import tensorflow as tf

            logging.getLogger("tensorflow").setLevel(logging.ERROR)
            version = getattr(tf.keras, "version", lambda: "2")()
            if version.startswith("3"):
                raise PluginError(_NEEDS_KERAS_2.format(version=version))
            import tensorflow_recommenders as tfrs
            import tf_keras
        except ImportError as error:
            raise PluginError(
                f"TensorFlow Recommenders cannot be imported: {error}; "
                "install the package `tailrec-tfrs` again, with its dependencies"
            ) from error
        # A runtime that has started keeps the threads that it has.
        with contextlib.suppress(RuntimeError):
            tf.config.threading.set_intra_op_parallelism_threads(threads)
            tf.config.threading.set_inter_op_parallelism_threads(threads)
        tf.config.experimental.enable_op_determinism()
        if first:
            tf.random.set_seed(0)
        if before_it_starts is not None:
            before_it_starts(tf)
        # The runtime starts, and says so, with the first operation.
        tf.constant(0.0) + 1.0
    return Door(tf, tf_keras, tfrs)


def _threads() -> int:
    text = os.environ.get("TAILREC_THREADS", "1")
    if not text.isdecimal() or int(text) < 1:
        raise InputError(
            f"expected the environment variable `TAILREC_THREADS` to be a positive integer, received {text!r}"
        )
    return int(text)


@contextlib.contextmanager
def _cuda_hidden() -> Iterator[None]:
    before = os.environ.get("CUDA_VISIBLE_DEVICES")
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["CUDA_VISIBLE_DEVICES"]
        else:
            os.environ["CUDA_VISIBLE_DEVICES"] = before


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
