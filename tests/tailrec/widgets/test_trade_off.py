"""Stored differences, chosen by metric and segments; nothing is trained."""

import numpy as np
import pandas as pd
import pytest

import tailrec
from tailrec.results import DIFFERENCE_COLUMNS
from tailrec.widgets import TradeOff


def row(scenario, model, segment, metric, difference, p=0.01):
    ends = difference - 0.01, difference + 0.01
    return [scenario, "all", model, "popularity", segment, metric, difference, *ends, p, p, 90]


@pytest.fixture
def differences():
    rows = [
        row("films", "ease", "tail", "ndcg", -0.02),
        row("films", "ease", "head", "ndcg", 0.03),
        row("films", "ease", "newest", "ndcg", -0.005, p=0.6),
        row("films", "ease", "tail", "loss", -0.4),
        row("films", "ease", "head", "loss", 0.5),
        row("<b>shop</b>", "ease", "tail", "ndcg", 0.04),
        row("<b>shop</b>", "ease", "head", "ndcg", 0.05),
    ]
    return pd.DataFrame(rows, columns=DIFFERENCE_COLUMNS)


def test_the_controls_are_followed(differences, size, capfd):
    widget = TradeOff(differences, lower_is_better=["loss"])
    assert "films, ease: worse for tail (-0.0200 [-0.0300, -0.0100]), better for head (+0.0300" in widget.text.value
    seen = [widget.picture.value]
    widget.gain.value = "newest"
    assert "no difference shown for newest" in widget.text.value
    seen.append(widget.picture.value)
    widget.metric.value, widget.gain.value = "loss", "tail"
    assert "films, ease: better for tail (-0.4000" in widget.text.value  # of a loss less is better
    seen.append(widget.picture.value)
    widget.metric.value, widget.scenario.value = "ndcg", "<b>shop</b>"
    assert "films" not in widget.text.value and "&lt;b&gt;shop" in widget.text.value
    assert len({*seen, widget.picture.value}) == 4 and size(seen[0])[1] > 700
    assert repr(widget) == "TradeOff(ndcg, tail against head)"
    assert capfd.readouterr() == ("", "")


def test_where_a_choice_has_no_rows_it_says_so(differences):
    widget = TradeOff(differences)
    widget.gain.value, widget.scenario.value = "newest", "films"
    widget.metric.value = "loss"
    assert "nothing to show" in widget.text.value and widget.picture.value == b""


def test_a_result_knows_which_way_is_better(train):
    result = tailrec.compare(train, ["popularity", "ease"], ["ndcg", "gini"], baseline="popularity")
    widget = TradeOff(result)
    assert widget.lower_is_better == {"gini"}
    expected = result.differences().set_index(["metric", "segment"])["difference"]["ndcg"]
    points = widget.compute(widget.differences, "ndcg")
    np.testing.assert_allclose(points[["gain", "cost"]], [[expected["tail"], expected["head"]]])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (pd.DataFrame({"model": ["ease"]}), "without the columns scenario, window, baseline"),
        ([1, 2], "received list without the columns"),
        (pd.DataFrame([row("a", "b", "tail", "ndcg", np.nan)], columns=DIFFERENCE_COLUMNS), "at least one difference"),
    ],
)
def test_what_holds_no_differences_is_refused(given, says):
    with pytest.raises(tailrec.InputError, match=says):
        TradeOff(given)


def test_a_segment_that_is_not_there_is_refused(differences):
    with pytest.raises(tailrec.InputError, match=r"expected a segment of the result \(tail, head, newest\)"):
        TradeOff(differences, gain="1-5")
