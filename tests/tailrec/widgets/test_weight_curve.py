"""Every scheme is offered, and its slider moves the weights."""

import numpy as np
import pytest

import tailrec
from tailrec.weighting import SCHEMES
from tailrec.widgets import WeightCurve


def test_every_scheme_of_the_house_is_offered(train):
    assert list(WeightCurve(train).scheme.options) == list(SCHEMES)


def test_the_shares_are_the_sums_of_the_weights(train):
    found = WeightCurve.compute(train, "inverse-activity:exponent=0.5")
    weights = tailrec.weights(train, "inverse-activity:exponent=0.5")
    users = train.frame["user"].to_numpy()
    for row in found.shares.itertuples():
        mask = tailrec.segment_users(train)[row.segment]
        events = [at for at, user in enumerate(users) if mask[user]]
        assert row.share_of_events == pytest.approx(len(events) / len(users))
        assert row.share_of_weight == pytest.approx(sum(weights[at] for at in events) / sum(weights))
    assert found.curve["share_of_weight"].sum() == pytest.approx(1)


def test_the_controls_are_followed(train, size, capfd):
    widget = WeightCurve(train)
    assert widget.spelling == "inverse-activity:exponent=0.5"
    seen = {widget.picture.value}
    for name in SCHEMES:
        widget.scheme.value = name
        widget.strength.value = widget.strength.options[-1]
        assert tailrec.weights(train, widget.spelling).mean() == pytest.approx(1)
        assert widget.spelling in widget.text.value and widget.spelling in repr(widget)
        seen.add(widget.picture.value)
    assert len(seen) == 1 + len(SCHEMES)
    assert size(widget.picture.value)[1] > 700
    assert capfd.readouterr() == ("", "")


def test_a_scheme_that_is_chosen_is_drawn_once(train):
    widget = WeightCurve(train)
    drawn = []
    widget.picture.observe(lambda change: drawn.append(change.new), "value")
    widget.scheme.value = "effective-number"
    assert len(drawn) == 1


def test_without_strength_nobody_is_lifted(train):
    widget = WeightCurve(train)
    widget.strength.value = 0.0
    found = WeightCurve.compute(train, widget.spelling)
    np.testing.assert_allclose(found.curve["weight"], 1)
    assert "the largest mean weight is 1 times the smallest" in widget.text.value
