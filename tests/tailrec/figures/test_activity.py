import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tailrec
from tailrec import figures

LENGTHS = st.lists(st.integers(0, 3000), min_size=1, max_size=60).filter(any)


@given(LENGTHS, st.integers(1, 20))
def test_every_user_is_in_one_bin_and_counted_there(lengths, n_bins):
    bins = figures.compute_activity(lengths, n_bins)
    assert len(bins) <= n_bins
    assert bins["low"].iloc[0] == 1 and bins["high"].iloc[-1] == max(lengths)
    assert (bins["low"].to_numpy()[1:] == bins["high"].to_numpy()[:-1] + 1).all()
    active = [length for length in lengths if length > 0]
    for row in bins.itertuples():
        inside = [length for length in active if row.low <= length <= row.high]
        assert row.n_users == len(inside)
        assert row.share_of_users == pytest.approx(len(inside) / len(active))
        assert row.share_of_events == pytest.approx(sum(inside) / sum(active))


def test_the_bins_grow_by_a_factor():
    bins = figures.compute_activity(np.arange(1, 1025), 10)
    assert bins["low"].tolist() == [2**n for n in range(10)]


@pytest.mark.parametrize(
    ("lengths", "n_bins", "message"),
    [
        ([1.5], 5, "whole numbers, received 1.5"),
        ([1], 0, "`n_bins` to be a positive integer, received 0"),
        ([1], 2.0, "`n_bins` to be a positive integer, received 2.0"),
        ([1], True, "`n_bins` to be a positive integer, received True"),
    ],
)
def test_what_cannot_be_binned_is_refused(lengths, n_bins, message):
    with pytest.raises(tailrec.InputError, match=message):
        figures.compute_activity(lengths, n_bins)


def test_the_bars_are_as_high_as_the_shares(well_written):
    bins = figures.compute_activity([1, 1, 2, 4], 2)
    (ax,) = well_written(figures.draw_activity(bins)).axes
    heights = [[bar.get_height() for bar in bars] for bars in ax.containers]
    assert heights == [[0.5, 0.5], [0.25, 0.75]]
    assert ax.containers[1][0].get_hatch() and not ax.containers[0][0].get_hatch()


@pytest.mark.parametrize(("cut", "x"), [(1, 0.5), (3, 1.5), (5, 1.5 + 2 / 4), (7, 2.5), (99, 2.5), (0, -0.5)])
def test_the_cut_stands_behind_the_lengths_of_the_tail(cut, x):
    bins = figures.compute_activity([1, 2, 3, 4, 5, 6, 7], 3)
    assert bins["high"].tolist() == [1, 3, 7]
    (ax,) = figures.draw_activity(bins, cut).axes
    assert ax.lines[0].get_xdata()[0] == pytest.approx(x)


def test_a_cut_that_differs_between_windows_is_a_band(well_written):
    bins = figures.compute_activity(np.arange(1, 1000))
    figure = well_written(figures.draw_activity(bins, (38, 41)))
    assert "the tail ends at 38–41 items, by window" in [text.get_text() for text in figure.legends[0].get_texts()]
