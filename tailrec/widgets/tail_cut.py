"""Move the cut between tail and head, and see who is in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from tailrec.errors import InputError
from tailrec.figures import compute_activity, compute_lorenz, draw_activity, draw_lorenz
from tailrec.segments import segment_users
from tailrec.widgets.opened import ipywidgets
from tailrec.widgets.parts import aligned, labelled, lines, picture, png

if TYPE_CHECKING:
    from tailrec.interactions import Interactions

#: The rules that cut at a share, and of what.
_SHARE_OF = {"activity": "users", "events": "events"}


@dataclass(frozen=True, eq=False)
class Cut:
    """A cut between tail and head.

    Attributes
    ----------
    length
        The longest history in the tail; 0 where nobody is in it.
    n_tail, n_newest, n_active
        People in the tail, those of them with at most five items, and everybody with a history.
    share_of_users, share_of_events
        What the tail is of the people with a history, and of all that their histories hold.
    bins, curve
        The histogram and the Lorenz curve (`compute_activity`, `compute_lorenz`).
    """

    length: int
    n_tail: int
    n_newest: int
    n_active: int
    share_of_users: float
    share_of_events: float
    bins: pd.DataFrame
    curve: pd.DataFrame


class TailCut(ipywidgets.VBox):  # type: ignore[misc]
    """Move the tail's cut, and see how many people, which share of the events and which histories are in it.

    Parameters
    ----------
    train
        The events whose users are cut.
    tail
        Where the cut stands at first: a share of the users.

    Examples
    --------
    >>> import tailrec
    >>> widget = TailCut(tailrec.load("synthetic", n_users=100, n_items=60, seed=0))
    >>> widget.tail.value = 0.5
    >>> widget
    TailCut(activity:tail=0.5)
    """

    def __init__(self, train: Interactions, tail: float = 0.8):
        if not 0.05 <= tail <= 0.95:
            raise InputError(f"expected `tail` from 0.05 to 0.95, received {tail!r}")
        self.train = train
        self.rule = labelled(ipywidgets.Dropdown, "share of", options=[(of, rule) for rule, of in _SHARE_OF.items()])
        self.tail = labelled(ipywidgets.FloatSlider, "tail", min=0.05, max=0.95, step=0.05, value=tail)
        self.text = ipywidgets.HTML()
        self.histogram = picture()
        self.lorenz = picture()
        for control in (self.rule, self.tail):
            control.observe(lambda change: self.show(), "value")
        pictures = ipywidgets.HBox([self.histogram, self.lorenz], layout={"flex_flow": "row wrap"})
        super().__init__([*aligned([self.rule, self.tail]), self.text, pictures])
        self.show()

    @staticmethod
    def compute(train: Interactions, tail: float = 0.8, rule: str = "activity") -> Cut:
        """Return who is in the tail where it has this share of the users (``activity``) or the events (``events``).

        Examples
        --------
        >>> import pandas as pd
        >>> from tailrec import Interactions
        >>> events = [(user, item) for user, n in enumerate([1, 2, 7]) for item in range(n)]
        >>> train = Interactions.from_frame(pd.DataFrame(events, columns=["user", "item"]))
        >>> cut = TailCut.compute(train, 0.6)
        >>> cut.n_tail, cut.length, cut.share_of_events
        (2, 2, 0.3)
        """
        if rule not in _SHARE_OF:
            raise InputError(f"expected `rule` to be {' or '.join(_SHARE_OF)}, received {rule!r}")
        lengths = train.history_lengths()
        masks = segment_users(train, f"{rule}:tail={tail}")
        inside = lengths[masks["tail"]]
        n_active = int((lengths > 0).sum())
        return Cut(
            length=int(inside.max(initial=0)),
            n_tail=len(inside),
            n_newest=int(masks["newest"].sum()),
            n_active=n_active,
            share_of_users=len(inside) / max(n_active, 1),
            share_of_events=float(inside.sum() / max(lengths.sum(), 1)),
            bins=compute_activity(lengths, n_bins=9),
            curve=compute_lorenz(lengths),
        )

    def show(self) -> None:
        """Replace text and pictures by those of the controls."""
        cut = self.compute(self.train, round(self.tail.value, 2), self.rule.value)
        self.text.value = lines(
            f"The tail: histories of at most {cut.length:,} items",
            [
                f"{cut.n_tail:,} of {cut.n_active:,} people, {cut.share_of_users:.0%} (ties at the cut belong to it)",
                f"{cut.share_of_events:.0%} of the events; the head has {1 - cut.share_of_events:.0%}",
                f"newest, with at most five items: {cut.n_newest:,}",
            ],
        )
        self.histogram.value = png(draw_activity(cut.bins, cut.length))
        self.lorenz.value = png(_lorenz_with(cut))

    def __repr__(self) -> str:
        return f"TailCut({self.rule.value}:tail={self.tail.value:g})"


def _lorenz_with(cut: Cut) -> Any:
    figure = draw_lorenz({"history lengths": cut.curve})
    ax = figure.axes[0]
    x, y = cut.share_of_users, cut.share_of_events
    ax.plot([x, x, 0], [0, y, y], color="black", linestyle="--", linewidth=1)
    ax.plot([x], [y], color="black", marker="o")
    # A Lorenz curve never comes above the diagonal, so this corner is free.
    says = f"the tail: {x:.0%} of the users,\n{y:.0%} of the events"
    ax.text(0.03, 0.97, says, transform=ax.transAxes, va="top", fontsize=10)
    return figure
