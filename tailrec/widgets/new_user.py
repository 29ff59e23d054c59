"""Somebody new clicks, and sees the recommendations change, and which click is behind each."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec.errors import InputError
from tailrec.interfaces import ModelPlugin
from tailrec.names import spelling
from tailrec.widgets.opened import ipywidgets
from tailrec.widgets.parts import aligned, labelled, lines
from tailrec.widgets.why import Served, check_serves_strangers, serve

if TYPE_CHECKING:
    from tailrec.interactions import FloatArray, Interactions

#: As many hits are listed; more would have to be scrolled through.
_MOST_HITS = 30
#: So many clicks are named behind a recommendation.
_MOST_REASONS = 2


class NewUser(ipywidgets.VBox):  # type: ignore[misc]
    """Click items as somebody whom the model has never seen; after each click see the best items, and why.

    The reason given for an item is what its score loses when one click is taken back, in standard deviations of all
    scores (`Served`).

    Parameters
    ----------
    model
        A fitted model that can serve strangers (`folds_in`).
    train
        What it was fitted on.
    clicks
        Codes of items that are clicked already.
    k
        How many recommendations are shown.

    Attributes
    ----------
    clicks
        The codes of the clicked items, oldest first.
    served
        What is shown now.

    Raises
    ------
    InputError
        Where the model cannot serve a stranger (some that can are named) or is not fitted, or a click is no item.

    Examples
    --------
    >>> import tailrec
    >>> data = tailrec.load("synthetic", n_users=50, n_items=20, seed=0)
    >>> widget = NewUser(tailrec.model("ease", l2=10.0).fit(data), data, k=3)
    >>> widget.search.value = "7"
    >>> widget.add.click()
    >>> widget
    NewUser(ease:l2=10.0, 1 click)
    """

    def __init__(self, model: ModelPlugin, train: Interactions, clicks: Sequence[int] = (), k: int = 10):
        check_serves_strangers(model, train.n_items)
        if not isinstance(k, int) or isinstance(k, bool) or k < 1:
            raise InputError(f"expected `k` to be a positive integer, received {k!r}")
        self.model, self.k = model, k
        self.popularity = train.item_counts().astype(np.float64)
        self.titles = titles_of(train)
        self._lowered = [title.casefold() for title in self.titles]
        self._order = np.argsort(-self.popularity, kind="stable")
        self.clicks: list[int] = []
        self._before: list[int] = []
        self.search = labelled(ipywidgets.Text, "search", placeholder="part of a title", continuous_update=True)
        self.hits = labelled(ipywidgets.Select, "found", options=[], rows=6)
        self.add, self.undo, self.reset = (
            ipywidgets.Button(description=name, tooltip=says)
            for name, says in (
                ("add", "click the item that is chosen in the list"),
                ("undo", "take the last click back"),
                ("reset", "take every click back"),
            )
        )
        self.text, self.table = ipywidgets.HTML(), ipywidgets.HTML()
        self.search.observe(lambda change: self._find(), "value")
        self.add.on_click(lambda button: self._click([self.hits.value] if self.hits.value is not None else []))
        self.undo.on_click(lambda button: self._set(self.clicks[:-1]))
        self.reset.on_click(lambda button: self._set([]))
        buttons = ipywidgets.HBox([self.add, self.undo, self.reset])
        super().__init__([*aligned([self.search, self.hits]), buttons, self.text, self.table])
        self._find()
        self._click(clicks)

    @staticmethod
    def compute(model: ModelPlugin, clicks: Sequence[int], popularity: FloatArray, k: int = 10) -> Served:
        """Return what somebody with these clicks is shown; see `serve`."""
        return serve(model, clicks, popularity, k)

    def show(self) -> None:
        """Replace the clicks and the recommendations by those of now."""
        self.served = self.compute(self.model, self.clicks, self.popularity, self.k)
        clicked = [self.titles[item] for item in self.clicks]
        said = "; ".join(clicked) if clicked else "nothing yet, so here is what most people chose"
        self.text.value = lines("Clicked", [said])
        self.table.value = self._rows()
        self.undo.disabled = self.reset.disabled = not clicked

    def _rows(self) -> str:
        titles = [self.titles[one] for one in self.clicks]
        rows = ["".join(_cell(name, "th") for name in ("", "recommended", *(("moved", "why") if titles else ())))]
        for at, item in enumerate(self.served.items.tolist()):
            cells = [str(at + 1), self.titles[item]]
            if titles:
                cells += [_moved(item, at, self._before), _reasons(self.served.because[at], titles)]
            rows.append("".join(_cell(text, "td") for text in cells))
        return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"

    def _find(self) -> None:
        words = self.search.value.casefold().split()
        found = [at for at in self._order.tolist() if all(word in self._lowered[at] for word in words)][:_MOST_HITS]
        self.hits.options = [(self.titles[at], at) for at in found]
        self.hits.value = found[0] if found else None

    def _click(self, items: Sequence[int]) -> None:
        for item in items:
            if not isinstance(item, (int, np.integer)) or not 0 <= item < len(self.titles):
                raise InputError(f"expected a click to be an item's code below {len(self.titles)}, received {item!r}")
        # Somebody who clicks an item again has not told anything new.
        self._set(list(dict.fromkeys([*self.clicks, *(int(item) for item in items)])))

    def _set(self, clicks: list[int]) -> None:
        self._before = self.served.items.tolist() if hasattr(self, "served") else []
        self.clicks = clicks
        self.show()

    def __repr__(self) -> str:
        return f"NewUser({spelling(self.model)}, {len(self.clicks)} click{'s' * (len(self.clicks) != 1)})"


def titles_of(train: Interactions) -> list[str]:
    """Return (n_items,) what each item is called: its title, with the id where several share it, or the id alone."""
    ids = [str(one) for one in train.items]
    if not train.has("title"):
        return ids
    titles = train.item_features["title"]  # type: ignore[index]
    shared = titles.duplicated(keep=False).to_numpy()
    return [
        one if isinstance(title, float) or not title else f"{title} ({one})" if several else str(title)
        for one, title, several in zip(ids, titles.fillna(""), shared, strict=True)
    ]


def _cell(text: str, kind: str) -> str:
    return f"<{kind} style='text-align: left; padding: 0 14px 0 0; line-height: 1.5'>{html.escape(text)}</{kind}>"


def _moved(item: int, at: int, before: list[int]) -> str:
    """Return how an item moved in the list; the sign says it as well as the word."""
    if item not in before:
        return "new" if before else ""
    up = before.index(item) - at
    return f"▲ {up}" if up > 0 else f"▼ {-up}" if up < 0 else "="


def _reasons(because: Any, titles: Sequence[str]) -> str:
    """Return the clicks that do most for a recommendation, with their shares of its score."""
    best: list[int] = np.argsort(-np.asarray(because), kind="stable")[:_MOST_REASONS].tolist()
    return "; ".join(f"{titles[at]} {because[at]:+.1f}" for at in best if because[at] > 0)
