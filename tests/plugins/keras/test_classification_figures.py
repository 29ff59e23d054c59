"""The pictures: what is drawn is what was computed, and nothing is told by colour alone."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from tailrec_keras.classification import compute_accuracy_by_activity, compute_calibration, compute_roc
from tailrec_keras.classification_figures import (
    draw_accuracy_by_activity,
    draw_calibration,
    draw_curves_through_points,
    draw_roc,
)

RNG = np.random.default_rng(0)
SAID = RNG.random(400)
LABELS = (RNG.random(400) < SAID).astype(int)
USERS = RNG.integers(40, size=400)
LENGTHS = RNG.integers(1, 30, size=40)


def legend(figure):
    holder = figure.axes[0].get_legend() or figure.legends[0]
    return [text.get_text() for text in holder.get_texts()]


def styles(figure):
    return [(line.get_linestyle(), line.get_marker()) for line in figure.axes[0].get_lines() if len(line.get_xdata())]


def assert_drawn(figure):
    assert isinstance(figure, Figure)
    figure.canvas.draw()
    (ax,) = figure.axes
    assert ax.get_xlabel() and ax.get_ylabel()
    return ax


def test_a_roc_curve_is_drawn_a_name():
    curves = {"tail": compute_roc(LABELS, SAID), "head": compute_roc(LABELS, 1 - SAID)}
    figure = draw_roc(curves)
    ax = assert_drawn(figure)
    assert legend(figure) == ["a coin", "tail", "head"]
    np.testing.assert_array_equal(ax.get_lines()[1].get_ydata(), curves["tail"]["true_positive_rate"])
    assert len(set(styles(figure))) == 3


def test_calibration_is_drawn_a_name():
    tables = {"one epoch": compute_calibration(LABELS, SAID), "forty": compute_calibration(LABELS, SAID**3)}
    figure = draw_calibration(tables)
    ax = assert_drawn(figure)
    assert legend(figure) == ["what is said happens", "one epoch", "forty"]
    np.testing.assert_array_equal(ax.get_lines()[2].get_ydata(), tables["forty"]["observed"])
    assert len(set(styles(figure))) == 3


def test_accuracy_by_activity_is_drawn_beside_the_base_rate():
    table = compute_accuracy_by_activity(LABELS, SAID, USERS, LENGTHS)
    figure = draw_accuracy_by_activity(table)
    ax = assert_drawn(figure)
    assert [tick.get_text().partition("\n")[0] for tick in ax.get_xticklabels()] == table["history"].tolist()
    lines = {line.get_label(): line.get_ydata() for line in ax.get_lines()}
    np.testing.assert_array_equal(lines["the more frequent answer"], table["base_rate"])
    assert set(legend(figure)) == {"network, 95 % interval", "the more frequent answer"}


def test_curves_and_points_are_drawn():
    x = np.linspace(0, 5, 11)
    curves = np.stack([x / 5, 1 - x / 5], axis=1)
    figure = draw_curves_through_points(x, curves, [1, 2, 3, 4], [0, 1, 0, 1])
    ax = assert_drawn(figure)
    assert legend(figure) == ["one network each", "row with label 0", "row with label 1"]
    assert ax.get_lines()[3].get_xdata().tolist() == [2, 4]


@pytest.mark.parametrize("n", [1, 6])
def test_more_names_than_colours_are_drawn_too(n):
    draw_roc({str(at): compute_roc(LABELS, SAID) for at in range(n)})
    draw_calibration({str(at): compute_calibration(LABELS, SAID) for at in range(n)})
