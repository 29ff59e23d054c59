"""How many threads a computation may use, and a BLAS that keeps to one of them where we share out the work."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

# The limit on a BLAS belongs to the process: two callers that set it side by side could leave it set.
_limiting = threading.Lock()


def n_threads() -> int:
    """Return as many threads as the BLAS may use now, so what limits the one (`threadpoolctl`, joblib) limits all."""
    return min((library.num_threads for library in _blas().lib_controllers), default=1)


@contextmanager
def blas_on_one_thread() -> Iterator[int]:
    """Keep every product to the thread that asks for it, and yield how many threads there were before.

    Products on one thread are also the same numbers on every machine of a kind, however many cores it has.
    """
    with _limiting:
        before = n_threads()
        with _blas().limit(limits=1):
            yield before


def share_out(work: Callable[[Iterator[int]], None], starts: range, threads: int) -> None:
    """Run `work` on every thread, each with the same iterator: whichever is free takes the next start."""
    # next() of one iterator is safe here: the interpreter lock is held while a range iterator moves on.
    queue = iter(starts)
    if min(threads, len(starts)) <= 1:
        work(queue)
    else:
        with ThreadPoolExecutor(min(threads, len(starts))) as pool:
            list(pool.map(work, [queue] * min(threads, len(starts))))


@functools.cache
def _blas() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")
