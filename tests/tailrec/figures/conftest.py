"""What every picture is held to: all that is written stays on the page, and covers nothing else that is written."""

from itertools import combinations

import pytest


def written(figure):
    """Return everything that is written in a figure, with its box in pixels."""
    texts = [text for legend in figure.legends for text in [*legend.get_texts(), legend.get_title()]]
    for ax in figure.axes:
        for axis, (low, high) in ((ax.xaxis, sorted(ax.get_xlim())), (ax.yaxis, sorted(ax.get_ylim()))):
            # A tick beyond the axis is there and not drawn.
            labels = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
            texts += [axis.label, *(text for at, text in labels if low <= at <= high)]
        texts += [ax._left_title, *ax.texts]
    return [(text.get_text(), text.get_window_extent()) for text in texts if text.get_text()]


@pytest.fixture
def well_written():
    """Return a function that draws a figure and refuses what is cut off or covered."""

    def check(figure):
        figure.draw_without_rendering()
        found = written(figure)
        width, height = figure.get_size_inches() * figure.dpi
        for text, box in found:
            assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height, text
        for (one, box), (other, of_other) in combinations(found, 2):
            assert not box.overlaps(of_other), (one, other)
        return figure

    return check
