import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tailrec
from tailrec import figures

LENGTHS = st.lists(st.integers(0, 500), min_size=1, max_size=60).filter(any)


def mean_difference_gini(lengths):
    """Return half the mean absolute difference of all pairs over the mean: Gini's own definition."""
    x = np.array([length for length in lengths if length > 0], dtype=float)
    return np.abs(x[:, None] - x[None, :]).mean() / (2 * x.mean())


def test_four_users_by_hand():
    curve = figures.compute_lorenz([4, 1, 0, 2, 1])
    assert curve.columns.tolist() == ["share_of_users", "share_of_events"]
    assert curve.values.tolist() == [[0, 0], [0.5, 0.25], [0.75, 0.5], [1, 1]]
    assert figures.gini([4, 1, 0, 2, 1]) == pytest.approx(0.3125)


@given(LENGTHS)
def test_gini_is_the_mean_difference_and_twice_the_area(lengths):
    curve = figures.compute_lorenz(lengths)
    area = np.trapezoid(curve["share_of_events"], curve["share_of_users"])
    assert figures.gini(lengths) == pytest.approx(mean_difference_gini(lengths), abs=1e-12)
    assert figures.gini(lengths) == pytest.approx(1 - 2 * area, abs=1e-12)


@given(LENGTHS, st.integers(2, 5))
def test_the_curve_runs_from_corner_to_corner_below_the_diagonal_ever_steeper(lengths, factor):
    curve = figures.compute_lorenz(lengths)
    users, events = curve["share_of_users"].to_numpy(), curve["share_of_events"].to_numpy()
    assert (users[0], events[0], users[-1], events[-1]) == (0, 0, 1, 1)
    assert (events <= users + 1e-12).all()
    slopes = np.diff(events) / np.diff(users)
    assert (np.diff(slopes) > -1e-9).all()
    # Neither the order, nor the unit, nor copies of the same people matter.
    other = figures.compute_lorenz(np.repeat(sorted(lengths, reverse=True), factor) * factor)
    np.testing.assert_allclose(other, curve, atol=1e-12)


@given(LENGTHS)
def test_every_user_stands_on_the_curve(lengths):
    curve = figures.compute_lorenz(lengths)
    x = np.sort([length for length in lengths if length > 0])
    shares = np.arange(1, len(x) + 1) / len(x)
    np.testing.assert_allclose(
        np.interp(shares, curve["share_of_users"], curve["share_of_events"]), np.cumsum(x) / x.sum(), atol=1e-12
    )


def test_it_agrees_with_what_the_data_says_of_itself():
    data = tailrec.load("synthetic", n_users=50, n_items=30)
    assert figures.gini(data.history_lengths()) == pytest.approx(data.describe()["gini_of_users"])


@pytest.mark.parametrize(
    ("lengths", "message"),
    [
        ([0, 0], "at least one user with a history, received 2 without"),
        ([], "at least one user with a history"),
        ([1, -1], "none negative"),
        ([1, np.nan], "one number of items a user"),
        ([[1, 2]], "one number of items a user"),
    ],
)
def test_what_is_no_list_of_lengths_is_refused(lengths, message):
    for compute in (figures.compute_lorenz, figures.gini, figures.compute_activity):
        with pytest.raises(tailrec.InputError, match=message):
            compute(lengths)


def test_the_picture_has_every_curve_with_its_gini(well_written):
    curves = {"films $x^{$": figures.compute_lorenz([1, 1, 2, 4]), "equal": figures.compute_lorenz([3, 3])}
    figure = well_written(figures.draw_lorenz(curves))
    (ax,) = figure.axes
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == ["everybody equally active", "films $x^{$ (Gini 0.31)", "equal (Gini 0.00)"]
    assert len({(line.get_color(), line.get_linestyle()) for line in ax.lines}) == 3
    np.testing.assert_allclose(ax.lines[1].get_xydata(), curves["films $x^{$"].to_numpy())
