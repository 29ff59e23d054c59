"""Clicking as somebody new: search, add, undo, reset."""

import numpy as np
import pandas as pd
import pytest

import tailrec
from tailrec.widgets import NewUser
from tailrec.widgets.new_user import titles_of


@pytest.fixture(scope="module")
def shop():
    """Return people who bought tea with milk, and others who bought rye with jam; two products share a title."""
    rows = [(user, item) for user in range(8) for item in (["t1", "m1"] if user < 5 else ["r1", "j1", "t1"])]
    titles = pd.DataFrame({"title": ["Tea", "Milk", "Rye <b>", "Tea", None]}, index=["t1", "m1", "r1", "j1", "x1"])
    events = pd.DataFrame([*rows, (8, "x1")], columns=["user", "item"])
    return tailrec.Interactions.from_frame(events, item_features=titles)


@pytest.fixture
def widget(shop):
    return NewUser(tailrec.model("ease", l2=1.0).fit(shop), shop, k=3)


def test_titles_that_several_items_share_carry_the_id(shop):
    assert dict(zip(shop.items, titles_of(shop), strict=True)) == {
        "t1": "Tea (t1)", "m1": "Milk", "r1": "Rye <b>", "j1": "Tea (j1)", "x1": "x1",
    }  # fmt: skip


def test_the_search_lists_what_holds_every_word_most_popular_first(widget, shop):
    assert [title for title, _ in widget.hits.options][0] == "Tea (t1)"
    widget.search.value = "TEA"
    assert [title for title, _ in widget.hits.options] == ["Tea (t1)", "Tea (j1)"]
    widget.search.value = "j1 tea"
    assert [title for title, _ in widget.hits.options] == ["Tea (j1)"]
    widget.search.value = "nothing like it"
    assert widget.hits.options == () and widget.hits.value is None
    widget.add.click()
    assert widget.clicks == []


def test_clicks_are_added_undone_and_reset(widget, shop, capfd):
    empty = widget.table.value
    assert widget.undo.disabled and widget.reset.disabled and "what most people chose" in widget.text.value
    codes = {}
    for title in ("Rye", "Tea (j1)"):
        widget.search.value = title
        codes[title] = widget.hits.value
        widget.add.click()
    assert widget.clicks == list(codes.values()) and not widget.undo.disabled
    assert "Rye &lt;b&gt;; Tea (j1)" in widget.text.value
    assert "<th" in widget.table.value and "why" in widget.table.value
    twice = widget.table.value
    widget.add.click()
    assert widget.clicks == list(codes.values())  # again is nothing new
    widget.undo.click()
    assert widget.clicks == [codes["Rye"]] and widget.table.value not in (empty, twice)
    widget.reset.click()
    assert widget.clicks == [] and widget.table.value == empty
    assert capfd.readouterr() == ("", "")


def test_what_is_shown_is_what_is_computed(widget, shop):
    rye, jam, tea = (shop.items.get_loc(item) for item in ("r1", "j1", "t1"))
    widget.hits.value = rye
    widget.add.click()
    served = NewUser.compute(widget.model, [rye], shop.item_counts(), 3)
    assert widget.served.items.tolist() == served.items.tolist() and served.items[0] in (jam, tea)
    assert f"Rye &lt;b&gt; {served.because[0, 0]:+.1f}" in widget.table.value
    assert "Rye" not in [widget.titles[item] for item in served.items]


def test_what_moved_is_said(widget, shop):
    before = widget.served.items.tolist()
    widget.hits.value = shop.items.get_loc("r1")
    widget.add.click()
    after = widget.served.items.tolist()
    for at, item in enumerate(after):
        row = widget.table.value.split("<tr>")[at + 2]
        if item not in before:
            assert "new" in row
        elif before.index(item) > at:
            assert f"▲ {before.index(item) - at}" in row
        elif before.index(item) < at:
            assert f"▼ {at - before.index(item)}" in row
        else:
            assert ">=<" in row


def test_clicks_and_length_can_be_given(shop):
    model = tailrec.model("item-knn").fit(shop)
    widget = NewUser(model, shop, clicks=np.array([2, 0, 2]), k=1)
    assert widget.clicks == [2, 0] and len(widget.served.items) == 1
    assert repr(widget) == "NewUser(item-knn, 2 clicks)"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"clicks": [99]}, "expected a click to be an item's code below 5, received 99"),
        ({"clicks": ["Tea"]}, "received 'Tea'"),
        ({"k": 0}, "expected `k` to be a positive integer, received 0"),
        ({"k": True}, "received True"),
    ],
)
def test_what_is_no_click_is_refused(shop, values, says):
    with pytest.raises(tailrec.InputError, match=says):
        NewUser(tailrec.model("popularity").fit(shop), shop, **values)


def test_items_without_titles_go_by_their_ids():
    data = tailrec.Interactions.from_frame(pd.DataFrame({"user": [0, 0, 1], "item": [70, 90, 90]}))
    assert NewUser(tailrec.model("popularity").fit(data), data).titles == ["70", "90"]
