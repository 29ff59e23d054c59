"""Intervals in a picture: what leaves the reference out is told apart by more than colour."""

import pandas as pd
import pytest
from matplotlib.figure import Figure
from tailrec_metrics.interval_figures import compute_clear, draw_intervals

TABLE = pd.DataFrame(
    {"value": [0.1, 0.5, -0.2], "low": [-0.1, 0.2, -0.3], "high": [0.3, 0.8, -0.1]}, index=["both", "above", "below"]
)


def markers(figure):
    (ax,) = figure.axes
    points = [line for line in ax.get_lines() if line.get_marker() not in ("None", None)]
    return [(line.get_marker(), line.get_markerfacecolor()) for line in points]


@pytest.mark.parametrize(("reference", "clear"), [(0.0, [False, True, True]), (0.25, [False, False, True])])
def test_what_leaves_the_reference_out_is_a_filled_square(reference, clear):
    assert compute_clear(TABLE, reference).tolist() == clear
    figure = draw_intervals(TABLE, "difference", reference)
    assert isinstance(figure, Figure)
    figure.canvas.draw()
    assert [marker == "s" and face != "white" for marker, face in markers(figure)] == clear
    (ax,) = figure.axes
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["both", "above", "below"]
    assert ax.get_xlabel() == "difference" and ax.yaxis_inverted()
    assert list(ax.get_lines()[0].get_xdata()) == [-0.1, 0.3]
    assert list(ax.get_lines()[-1].get_xdata()) == [reference, reference]


def test_without_a_reference_every_row_is_alike():
    figure = draw_intervals(TABLE, "NDCG@10", reference=None)
    assert len(set(markers(figure))) == 1
    assert len(figure.axes[0].get_lines()) == 6


def test_a_bound_on_the_reference_is_not_clear_of_it():
    assert compute_clear(pd.DataFrame({"low": [0.0, -1.0], "high": [1.0, 0.0]})).tolist() == [False, False]
