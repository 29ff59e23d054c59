"""Choose a weighting scheme, and see whom it lifts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from tailrec.figures import compute_weight_curve, compute_weight_shares, draw_weight_curve
from tailrec.names import spelling
from tailrec.weighting import SCHEMES
from tailrec.widgets.opened import ipywidgets
from tailrec.widgets.parts import aligned, labelled, lines, picture, png

if TYPE_CHECKING:
    from tailrec.interactions import Interactions

_TENTHS = [step / 10 for step in range(21)]
#: For each scheme the parameter that is moved, the values it moves over, and the one it starts with.
_KNOBS: dict[str, tuple[str, list[float], float, Callable[[float], dict[str, Any]]]] = {
    "inverse-activity": ("exponent", _TENTHS, 0.5, lambda value: {"exponent": value}),
    "effective-number": (
        "beta",
        [0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9999],
        0.99,
        lambda value: {"beta": value},
    ),
    "inverse-propensity": ("exponent", _TENTHS[:11], 0.5, lambda value: {"exponent": value}),
    "segment": (
        "tail's weight",
        [0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 8.0, 10.0],
        2.0,
        lambda value: {"names": ["tail"], "weights": [value]},
    ),
}


@dataclass(frozen=True, eq=False)
class Weighed:
    """What a scheme does: its spelling, the weight by history length, and the shares of the segments."""

    scheme: str
    curve: pd.DataFrame
    shares: pd.DataFrame


class WeightCurve(ipywidgets.VBox):  # type: ignore[misc]
    """Move the strength of a weighting scheme, and see the weight by history length and who gets which share of it.

    Parameters
    ----------
    train
        The training events.

    Examples
    --------
    >>> import tailrec
    >>> widget = WeightCurve(tailrec.load("synthetic", n_users=100, n_items=60, seed=0))
    >>> widget.strength.value = 1.0
    >>> widget
    WeightCurve(inverse-activity)
    """

    def __init__(self, train: Interactions):
        self.train = train
        self.scheme = labelled(ipywidgets.Dropdown, "scheme", options=[name for name in SCHEMES if name in _KNOBS])
        self.strength = labelled(ipywidgets.SelectionSlider, "strength", options=_TENTHS)
        self.text = ipywidgets.HTML()
        self.picture = picture()
        self._moving = False
        self.scheme.observe(lambda change: self._take(), "value")
        self.strength.observe(lambda change: self.show(), "value")
        super().__init__([*aligned([self.scheme, self.strength]), self.picture, self.text])
        self._take()

    @staticmethod
    def compute(train: Interactions, scheme: str) -> Weighed:
        """Return what a scheme, as it is spelled, does to these events.

        Examples
        --------
        >>> import tailrec
        >>> data = tailrec.load("synthetic", n_users=100, n_items=60, seed=0)
        >>> shares = WeightCurve.compute(data, "inverse-activity:exponent=0").shares
        >>> bool((shares["share_of_events"] - shares["share_of_weight"]).abs().max() < 1e-9)
        True
        """
        return Weighed(scheme, compute_weight_curve(train, scheme), compute_weight_shares(train, scheme))

    @property
    def spelling(self) -> str:
        """The scheme as it is written for `tailrec.weights` and ``--weights``."""
        name = self.scheme.value
        return spelling(SCHEMES[name](**_KNOBS[name][3](self.strength.value)))

    def show(self) -> None:
        """Replace text and picture by those of the controls."""
        if self._moving:
            return
        found = self.compute(self.train, self.spelling)
        shares = found.shares.set_index("segment")
        sentences = [
            f"{name}: {row.share_of_events:.0%} of the events, {row.share_of_weight:.0%} of the weight"
            for name, row in shares.drop("all", errors="ignore").iterrows()
        ]
        weights = found.curve["weight"]
        sentences.append(f"the largest mean weight is {weights.max() / weights.min():.3g} times the smallest")
        self.text.value = lines(found.scheme, sentences)
        self.picture.value = png(draw_weight_curve(found.curve, found.shares))

    def _take(self) -> None:
        """Give the slider the values of the scheme that was chosen."""
        description, values, start, _ = _KNOBS[self.scheme.value]
        self._moving = True
        self.strength.description, self.strength.options = description, values
        aligned([self.scheme, self.strength])
        self.strength.value = start
        self._moving = False
        self.show()

    def __repr__(self) -> str:
        return f"WeightCurve({self.spelling})"
