"""Who gains and who pays, of results that are there already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from tailrec.errors import InputError
from tailrec.figures import compute_gain_and_cost, draw_gain_and_cost
from tailrec.results import DIFFERENCE_COLUMNS, Result
from tailrec.widgets.opened import ipywidgets
from tailrec.widgets.parts import aligned, labelled, lines, picture, png

if TYPE_CHECKING:
    from collections.abc import Sequence


class TradeOff(ipywidgets.VBox):  # type: ignore[misc]
    """Choose a metric and two segments, and see what every model gives the one and takes from the other.

    It trains nothing: it shows the differences from the baseline that a comparison found.

    Parameters
    ----------
    result
        A `Result`, or rows as `Result.differences` returns them.
    gain, cost
        The segments that are chosen at first.
    lower_is_better
        Metrics of which less is better, where `result` is a table; a `Result` knows.

    Raises
    ------
    InputError
        Where the table lacks a column or has no difference, or a segment is not in it.

    Examples
    --------
    >>> columns = ["scenario", "window", "model", "baseline", "segment", "metric", "difference", "low", "high",
    ...            "p_value", "p_adjusted", "n_users"]
    >>> rows = [["films", "all", "ease", "popularity", segment, "ndcg", d, d - 0.01, d + 0.01, 0.01, 0.01, 90]
    ...         for segment, d in [("tail", 0.02), ("head", -0.03)]]
    >>> widget = TradeOff(pd.DataFrame(rows, columns=columns))
    >>> widget
    TradeOff(ndcg, tail against head)
    >>> widget.compute(widget.differences, "ndcg").loc[0, ["gain", "cost"]].tolist()
    [0.02, -0.03]
    """

    def __init__(
        self,
        result: Result | pd.DataFrame,
        gain: str = "tail",
        cost: str = "head",
        lower_is_better: Sequence[str] = (),
    ):
        self.differences = _checked(result)
        metrics = list(dict.fromkeys(self.differences["metric"]))
        segments = list(dict.fromkeys(self.differences["segment"]))
        for name in (gain, cost):
            if name not in segments:
                raise InputError(f"expected a segment of the result ({', '.join(segments)}), received {name!r}")
        if isinstance(result, Result):
            lower_is_better = [name for name in metrics if not result.higher_is_better(name)]
        self.lower_is_better = frozenset(lower_is_better)
        scenarios = list(dict.fromkeys(self.differences["scenario"]))
        self.scenario = labelled(ipywidgets.Dropdown, "data", options=[("all", ""), *((one, one) for one in scenarios)])
        self.metric = labelled(ipywidgets.Dropdown, "metric", options=metrics)
        self.gain = labelled(ipywidgets.Dropdown, "who shall gain", options=segments, value=gain)
        self.cost = labelled(ipywidgets.Dropdown, "who may pay", options=segments, value=cost)
        self.text, self.picture = ipywidgets.HTML(), picture()
        controls = [self.scenario, self.metric, self.gain, self.cost]
        for control in controls:
            control.observe(lambda change: self.show(), "value")
        super().__init__([*aligned(controls), self.picture, self.text])
        self.show()

    @staticmethod
    def compute(
        differences: pd.DataFrame,
        metric: str,
        gain: str = "tail",
        cost: str = "head",
        higher_is_better: bool = True,
    ) -> pd.DataFrame:
        """Return a point a model; see `tailrec.figures.compute_gain_and_cost`."""
        return compute_gain_and_cost(differences, metric, gain, cost, higher_is_better=higher_is_better)

    def show(self) -> None:
        """Replace text and picture by those of the controls."""
        higher = self.metric.value not in self.lower_is_better
        shown = self.differences
        if self.scenario.value:
            shown = shown[shown["scenario"] == self.scenario.value]
        points = self.compute(shown, self.metric.value, self.gain.value, self.cost.value, higher)
        title = f"{self.metric.value}, difference from {', '.join(self.differences['baseline'].unique())}"
        self.text.value = lines(title, [_sentence(row) for row in points.itertuples()] or ["nothing to show"])
        self.picture.value = png(draw_gain_and_cost(points, higher_is_better=higher)) if len(points) else b""

    def __repr__(self) -> str:
        return f"TradeOff({self.metric.value}, {self.gain.value} against {self.cost.value})"


def _checked(result: Any) -> pd.DataFrame:
    differences = result.differences() if isinstance(result, Result) else result
    missing = [] if isinstance(differences, pd.DataFrame) else DIFFERENCE_COLUMNS
    missing = missing or [name for name in DIFFERENCE_COLUMNS if name not in differences]
    if missing:
        raise InputError(
            f"expected a `Result` or the rows of `result.differences()`, received {type(result).__name__} "
            f"without the columns {', '.join(missing)}"
        )
    shown: pd.DataFrame = differences[differences["difference"].notna()]
    if shown.empty:
        raise InputError("expected at least one difference from a baseline, the result has none")
    return shown


def _sentence(row: Any) -> str:
    sides = [
        f"{getattr(row, f'{side}_verdict')} for {getattr(row, f'{side}_segment')} "
        f"({getattr(row, side):+.4f} [{getattr(row, f'{side}_low'):+.4f}, {getattr(row, f'{side}_high'):+.4f}])"
        for side in ("gain", "cost")
    ]
    return f"{row.scenario}, {row.model}: {', '.join(sides)}"
