"""What the widgets are put together from: a picture, a few lines of text, a control that is wide enough."""

from __future__ import annotations

import html
import io
from collections.abc import Sequence
from typing import Any

from tailrec.widgets.opened import ipywidgets

WIDTH_OF_CONTROL = "430px"


def picture() -> Any:
    """Return an empty picture; whoever cannot see it reads the same in the sentences beside it."""
    # A box would stretch it to its own width. A `tooltip` would break it: JupyterLab then shows an error in its place.
    return ipywidgets.Image(format="png", layout={"max_width": "100%", "align_self": "flex-start"})


def png(figure: Any) -> bytes:
    """Return a matplotlib figure as the bytes of a PNG."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=96)
    return file.getvalue()


def lines(title: str, sentences: Sequence[str]) -> str:
    """Return a title in bold with sentences below it, as HTML in which nothing of them is markup."""
    rows = "<br>".join([f"<b>{html.escape(title)}</b>", *(html.escape(one) for one in sentences)])
    return f"<div style='line-height: 1.5'>{rows}</div>"


def labelled(kind: Any, description: str, **options: Any) -> Any:
    """Return a control whose description is not cut, and which answers when it is let go."""
    if "continuous_update" in kind.class_trait_names():
        options.setdefault("continuous_update", False)
    return kind(
        description=description, style={"description_width": "initial"}, layout={"width": WIDTH_OF_CONTROL}, **options
    )


def aligned(controls: Sequence[Any]) -> list[Any]:
    """Return the controls, with room for the longest of their descriptions before each."""
    width = f"{max((len(control.description) for control in controls), default=0) + 2}ch"
    for control in controls:
        control.style.description_width = width
    return list(controls)
