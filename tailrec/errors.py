"""The one family of errors that is a user's to mend. It imports nothing."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class TailrecError(Exception):
    """Something a user can mend; the command line prints its sentence and exits 2."""


class InputError(TailrecError, ValueError):
    """A value, a file or a combination of them that cannot be used."""


class PluginError(TailrecError):
    """A plugin that is missing, cannot be loaded, or failed at its work."""


class StoreError(TailrecError):
    """The output folder cannot be written or read."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a sentence that offers the known names nearest to `name`, or lists them all.

    Examples
    --------
    >>> nearest("ndgc", ["ndcg", "recall"])
    'did you mean `ndcg`?'
    >>> nearest("zzz", ["ndcg", "recall"])
    'known: ndcg, recall'
    """
    known = sorted(known)
    close = get_close_matches(name, known, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(f"`{c}`" for c in close) + "?"
    return "known: " + (", ".join(known) if known else "none")
