"""The pictures of the report, each an SVG inside the page, with the words for whoever cannot see it."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib.style
import numpy as np

from tailrec import figures
from tailrec.figures.activity import range_label
from tailrec.report.groups import pooled_lengths, windows_of
from tailrec.segments import segment_users

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from tailrec.report.groups import Group
    from tailrec.results import Result

#: Whatever the reader's own settings are, the page is the same; the salt makes the names inside an SVG the same.
_LOOK: list[Any] = ["default", {"svg.hashsalt": "tailrec"}]


@dataclass(frozen=True)
class Picture:
    """A picture: where it belongs, what it answers, what it shows in words, and its address.

    Attributes
    ----------
    place
        The section of the page: ``forest``, ``gain``, ``length`` or ``users``.
    caption, alt
        The question and how to read it; what is seen, in words.
    source
        The picture as a data URI.
    rows
        The numbers behind it, where no other table of the page holds them; else None.
    """

    place: str
    caption: str
    alt: str
    source: str
    rows: pd.DataFrame | None = None


def compute_pictures(result: Result, metric: str, pair: tuple[str, str] | None, groups: list[Group]) -> list[Picture]:
    """Return every picture that the result has something for.

    Parameters
    ----------
    result
        What a comparison found.
    metric
        The metric that is shown.
    pair
        The segments whose gain and cost are set against each other.
    groups
        Who is in which segment.
    """
    with matplotlib.style.context(_LOOK):
        return [
            *_forest(result, metric),
            *_gain_and_cost(result, metric, pair),
            *_by_length(result, metric),
            *_activity(result),
        ]


def _forest(result: Result, metric: str) -> Iterator[Picture]:
    higher, baseline = result.higher_is_better(metric), result.experiment.baseline
    rows = figures.compute_forest(result.differences(), metric, higher_is_better=higher)
    if len(rows):
        yield Picture(
            "forest",
            "For whom does a model do better or worse than the baseline, and is it more than noise?",
            f"Forest plot: the difference in {metric} from {baseline} with its 95 % interval, for every scenario, "
            "model and segment; the tables at the end of the page hold the same numbers.",
            _svg(figures.draw_forest(rows, metric, baseline, higher_is_better=higher)),
        )


def _gain_and_cost(result: Result, metric: str, pair: tuple[str, str] | None) -> Iterator[Picture]:
    higher = result.higher_is_better(metric)
    if pair is None or result.differences().empty:
        return
    gain, cost = pair
    points = figures.compute_gain_and_cost(result.differences(), metric, gain, cost, higher_is_better=higher)
    if len(points):
        seen = "; ".join(
            f"{row.model} on {row.scenario}: {gain} {row.gain:+.4f}, {cost} {row.cost:+.4f}"
            for row in points.itertuples()
        )
        yield Picture(
            "gain",
            f"What does {gain} gain, and what does {cost} pay for it? Up is better for {gain}, right for {cost}.",
            f"One point a model, with both 95 % intervals: its difference in {metric} from the baseline. {seen}.",
            _svg(figures.draw_gain_and_cost(points, higher_is_better=higher)),
        )


def _by_length(result: Result, metric: str) -> Iterator[Picture]:
    if metric not in {m.metric for m in result.measured if not isinstance(m.values, dict)}:
        return
    baseline = result.experiment.baseline
    present = dict.fromkeys(m.model for m in result.measured)
    models = [*([baseline] if baseline in present else []), *(name for name in present if name != baseline)]
    for against in ("", baseline) if baseline in present else ("",):
        rows = figures.compute_by_length(result, metric, models=models, against=against or None)
        if len(rows):
            yield Picture(
                "length",
                f"The same, each person's {metric} under {against} subtracted: above zero they are served better."
                if against
                else f"How well is a person served, by the length of their history? {metric} of every model.",
                f"{metric}{f' minus that of {against}' if against else ''} of every model by ranges of history "
                "lengths, with 95 % intervals as bands; the table below it holds the same numbers.",
                _svg(figures.draw_by_length(rows)),
                rows,
            )


def _activity(result: Result) -> Iterator[Picture]:
    scenarios = dict.fromkeys(window.scenario for window in result.windows)
    lengths = {scenario: pooled_lengths(windows_of(result, scenario)) for scenario in scenarios}
    lengths = {scenario: those for scenario, those in lengths.items() if (those > 0).any()}
    if not lengths:
        return
    ginis = ", ".join(f"{scenario} {figures.gini(those):.2f}" for scenario, those in lengths.items())
    yield Picture(
        "users",
        "How unequally are the events shared out? The further a curve hangs below the straight line, the fewer people "
        "the training data is about.",
        f"Lorenz curves of the history lengths in the training data. Gini coefficients: {ginis}.",
        _svg(figures.draw_lorenz({scenario: figures.compute_lorenz(those) for scenario, those in lengths.items()})),
    )
    for scenario, those in lengths.items():
        bins, cuts = figures.compute_activity(those), _cuts(result, scenario)
        rows: list[Any] = list(bins.itertuples())
        fullest = max(rows, key=lambda row: row.n_users)
        words = f"{range_label(fullest.low, fullest.high)}, holds {fullest.share_of_users:.0%} of the users"
        ends = None if not cuts else min(cuts) if len(cuts) == 1 else (min(cuts), max(cuts))
        yield Picture(
            "users",
            f"How long are the histories of {scenario}, and who has how much of all events?",
            f"Histogram of the history lengths in the training data of {scenario}: the fullest bin, "
            f"of lengths {words}.",
            _svg(figures.draw_activity(bins, ends)),
        )


def _cuts(result: Result, scenario: str) -> set[int]:
    """Return where the tail ends, in every window; nothing where no segment of the rule is called so."""
    found = set()
    for window in windows_of(result, scenario):
        tail = segment_users(window.split.train, result.experiment.segments).get("tail")
        if tail is not None and tail.any():
            found.add(int(np.max(window.split.train.history_lengths()[tail])))
    return found


def _svg(figure: Figure) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return "data:image/svg+xml;base64," + base64.b64encode(buffer.getvalue()).decode()
