"""ipywidgets, or the sentence that says how to get it."""

from __future__ import annotations

from tailrec.errors import InputError

try:
    import ipywidgets
except ImportError:
    raise InputError(
        "expected ipywidgets, which the widgets stand on, found none; install it with `pip install 'tailrec[lab]'`"
    ) from None

__all__ = ["ipywidgets"]
