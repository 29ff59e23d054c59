"""Moving the cut: who is in, against counting people one by one."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tailrec
from tailrec.widgets import TailCut


def people(lengths):
    events = [(user, item) for user, n in enumerate(lengths) for item in range(n)]
    return tailrec.Interactions.from_frame(pd.DataFrame(events, columns=["user", "item"]))


def by_hand(lengths, share, of_events):
    """Let people in, the shortest history first, while the share is not exceeded; ties come in together."""
    inside: list[int] = []
    for length in sorted(set(lengths)):
        group = [one for one in lengths if one == length]
        if of_events and sum(inside) + length > share * sum(lengths) + 1e-9:
            break
        if not of_events and len(inside) >= share * len(lengths) - 1e-9:
            break
        inside += group
    return inside


@given(
    lengths=st.lists(st.integers(1, 9), min_size=1, max_size=12),
    share=st.sampled_from([0.2, 0.5, 0.8]),
    rule=st.sampled_from(["activity", "events"]),
)
def test_the_cut_is_that_of_counting_by_hand(lengths, share, rule):
    cut = TailCut.compute(people(lengths), share, rule)
    inside = by_hand(lengths, share, rule == "events")
    assert (cut.n_tail, cut.length) == (len(inside), max(inside, default=0))
    assert cut.n_newest == sum(one <= 5 for one in inside)
    assert cut.share_of_users == pytest.approx(len(inside) / len(lengths))
    assert cut.share_of_events == pytest.approx(sum(inside) / sum(lengths))
    assert cut.n_active == len(lengths) == cut.bins["n_users"].sum()


def test_the_controls_are_followed(train, size, capfd):
    widget = TailCut(train)
    cut = TailCut.compute(train)
    assert f"histories of at most {cut.length} items" in widget.text.value
    assert f"{cut.n_tail} of 120 people" in widget.text.value
    first = widget.histogram.value, widget.lorenz.value, widget.text.value
    widget.tail.value = 0.3
    second = widget.histogram.value, widget.lorenz.value, widget.text.value
    widget.rule.value = "events"
    third = widget.histogram.value, widget.lorenz.value, widget.text.value
    assert all(len(set(three)) == 3 for three in zip(first, second, third, strict=True))
    assert all(size(png)[1] > 400 for png in first[:2])
    assert repr(widget) == "TailCut(events:tail=0.3)"
    assert capfd.readouterr() == ("", "")


def test_a_tail_of_nobody_is_drawn_as_well():
    widget = TailCut(people([5, 5, 5]))
    widget.rule.value, widget.tail.value = "events", 0.05
    assert "0 of 3 people" in widget.text.value and "at most 0 items" in widget.text.value


@pytest.mark.parametrize("tail", [0.0, 1.0, 0.01])
def test_a_share_beyond_the_slider_is_refused(train, tail):
    with pytest.raises(tailrec.InputError, match=r"expected `tail` from 0.05 to 0.95, received"):
        TailCut(train, tail)


def test_an_unknown_rule_is_refused(train):
    with pytest.raises(tailrec.InputError, match="expected `rule` to be activity or events, received 'length'"):
        TailCut.compute(train, 0.5, "length")
