"""What a weighting scheme does, against sums event by event."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tailrec
from tailrec import figures


def people(lengths):
    events = [(user, item) for user, n in enumerate(lengths) for item in range(n)]
    return tailrec.Interactions.from_frame(pd.DataFrame(events, columns=["user", "item"]))


def test_three_people_by_hand():
    train = people([1, 2, 5])
    curve = figures.compute_weight_curve(train, "inverse-activity")
    # n^-1 gives every person a weight of 1 in sum, 3 over 8 events; mean one makes that 8/3 each.
    of_length = dict(zip(curve["low"], curve["weight"], strict=True))
    assert of_length[1] == pytest.approx(8 / 3) and of_length[2] == pytest.approx(8 / 6)
    assert curve["weight"].iloc[-1] == pytest.approx(8 / 15)
    assert curve["n_users"].tolist() == [1, 1, 1]
    np.testing.assert_allclose(curve["share_of_weight"], [1 / 3] * 3)
    np.testing.assert_allclose(curve["share_of_events"], [1 / 8, 2 / 8, 5 / 8])


def test_the_shares_of_segments_by_hand():
    shares = figures.compute_weight_shares(people([1, 1, 1, 1, 4]), "inverse-activity").set_index("segment")
    assert shares.index.tolist() == ["all", "head", "tail", "newest"]
    assert shares["n_users"].tolist() == [5, 1, 4, 4]
    np.testing.assert_allclose(shares["share_of_events"], [1, 1 / 2, 1 / 2, 1 / 2])
    np.testing.assert_allclose(shares["share_of_weight"], [1, 1 / 5, 4 / 5, 4 / 5])


@given(st.lists(st.integers(1, 30), min_size=1, max_size=15), st.sampled_from([0.0, 0.5, 1.0, 2.0]))
def test_nothing_is_lost_and_the_mean_stays_one(lengths, exponent):
    curve = figures.compute_weight_curve(people(lengths), f"inverse-activity:exponent={exponent}")
    assert curve["share_of_events"].sum() == pytest.approx(1)
    assert curve["share_of_weight"].sum() == pytest.approx(1)
    assert (curve["weight"] * curve["share_of_events"]).sum() == pytest.approx(1)
    assert curve["n_users"].sum() == len(lengths) and (curve["weight"].diff().dropna() <= 1e-12).all()


def test_the_picture_shows_the_numbers():
    train = people([1, 1, 1, 1, 4])
    curve = figures.compute_weight_curve(train, "inverse-activity")
    figure = figures.draw_weight_curve(curve, figures.compute_weight_shares(train, "inverse-activity"))
    figure.draw_without_rendering()
    left, right = figure.axes
    np.testing.assert_allclose(left.lines[0].get_ydata(), curve["weight"])
    assert [label.get_text() for label in right.get_xticklabels()] == ["newest", "tail", "head"]
    np.testing.assert_allclose([bar.get_height() for bar in right.patches[3:]], [4 / 5, 4 / 5, 1 / 5])


def test_segments_of_another_rule_are_all_shown():
    train = people([1, 1, 9])
    shares = figures.compute_weight_shares(train, "inverse-activity", "length:cuts=[3]")
    figure = figures.draw_weight_curve(figures.compute_weight_curve(train, "inverse-activity"), shares)
    assert [label.get_text() for label in figure.axes[1].get_xticklabels()] == ["all", "1-3", "4+"]
