"""Segments by hand: ties at the cut go to the tail, the newest lie within it, the heads are the rest."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailrec import InputError, Interactions, segment_users, split
from tailrec.segments import rule

LENGTHS = st.lists(st.integers(0, 30), min_size=1, max_size=40).map(np.array)
SHARES = st.floats(0.01, 0.99)


def members(how, lengths):
    return {name: np.flatnonzero(mask).tolist() for name, mask in rule(how)(np.array(lengths)).items()}


@pytest.mark.parametrize(
    ("how", "lengths", "expected"),
    [
        # Four fifths of the five with a history are four; the new stand apart.
        ("activity", [0, 9, 1, 50, 2, 1], {"new": [0], "tail": [1, 2, 4, 5], "newest": [2, 4, 5], "head": [3]}),
        # The cut falls on 7, and whoever has 7 is tail.
        ("activity", [7, 7, 7, 7, 7], {"tail": [0, 1, 2, 3, 4], "newest": [], "head": [], "new": []}),
        ("activity:tail=0.5", [3, 7, 7, 9], {"tail": [0, 1, 2], "newest": [0], "head": [3], "new": []}),
        # Seven of ten is seven, whatever 0.7 * 10 is in binary.
        ("activity:tail=0.7", range(1, 11), {"tail": [*range(7)], "newest": [*range(5)], "head": [7, 8, 9], "new": []}),
        # Nobody with more than the cut is newest.
        ("activity:tail=0.4", range(1, 6), {"tail": [0, 1], "newest": [0, 1], "head": [2, 3, 4], "new": []}),
        ("activity:newest=2", [1, 2, 3, 4, 5], {"tail": [0, 1, 2, 3], "newest": [0, 1], "head": [4], "new": []}),
        ("activity", [4], {"tail": [0], "newest": [0], "head": [], "new": []}),
        ("activity", [0, 0], {"tail": [], "newest": [], "head": [], "new": [0, 1]}),
        # 20 items in all: 1 + 2 + 3 + 4 are the half of them.
        ("events", [10, 4, 3, 2, 1], {"tail": [1, 2, 3, 4], "newest": [1, 2, 3, 4], "head": [0], "new": []}),
        ("events:tail=0.49", [10, 4, 3, 2, 1], {"tail": [2, 3, 4], "newest": [2, 3, 4], "head": [0, 1], "new": []}),
        # One of the two with 3 reaches the share, and both go.
        ("events:tail=0.4", [3, 3, 4, 0], {"tail": [0, 1], "newest": [0, 1], "head": [2], "new": [3]}),
        # The shortest history alone owns more than the share.
        ("events:tail=0.1", [10, 10], {"tail": [], "newest": [], "head": [0, 1], "new": []}),
        ("events:tail=0.1", [1, 1], {"tail": [], "newest": [], "head": [0, 1], "new": []}),
        ("length:cuts=[5,20]", [1, 5, 6, 20, 21, 0], {"1-5": [0, 1], "6-20": [2, 3], "21+": [4], "new": [5]}),
        ("length:cuts=[1,2]", [1, 2, 3], {"1": [0], "2": [1], "3+": [2], "new": []}),
    ],
)
def test_by_hand(how, lengths, expected):
    assert members(how, lengths) == {"all": [*range(len(lengths))]} | expected


@given(LENGTHS, SHARES, st.integers(1, 10))
def test_the_tail_by_activity_is_the_smallest_that_reaches_its_share(lengths, share, newest):
    masks = rule(f"activity:tail={share},newest={newest}")(lengths)
    active = lengths > 0
    n_tail, n_active = masks["tail"].sum(), active.sum()
    assert n_tail >= share * n_active - 1e-9
    # Without those at the cut it would not reach it.
    if n_tail:
        cut = lengths[masks["tail"]].max()
        assert (masks["tail"] & (lengths < cut)).sum() < share * n_active - 1e-12
        assert masks["tail"][lengths == cut].all()


@given(LENGTHS, SHARES)
def test_the_tail_by_events_owns_at_most_its_share_but_for_ties(lengths, share):
    masks = rule(f"events:tail={share}")(lengths)
    in_tail = np.sort(lengths[masks["tail"]])
    if len(in_tail):
        cut = in_tail[-1]
        below = in_tail[in_tail < cut]
        assert below.sum() + cut <= share * lengths.sum() + 1e-6
    head = np.sort(lengths[masks["head"]])
    if len(head):
        assert in_tail.sum() + head[0] > share * lengths.sum() - 1e-6


@given(LENGTHS, st.sampled_from(["activity", "events"]), SHARES, st.integers(1, 10))
def test_everybody_is_new_tail_or_head_and_the_newest_are_tail(lengths, name, share, newest):
    masks = rule(f"{name}:tail={share},newest={newest}")(lengths)
    assert (masks["new"].astype(int) + masks["tail"] + masks["head"] == 1).all()
    assert masks["all"].all() and ((lengths == 0) == masks["new"]).all()
    assert (masks["newest"] == (masks["tail"] & (lengths <= newest))).all()
    if masks["tail"].any() and masks["head"].any():
        assert lengths[masks["tail"]].max() < lengths[masks["head"]].min()


def test_a_history_is_measured_in_distinct_items_of_the_train():
    frame = pd.DataFrame({"user": [0] * 6 + [1, 1, 2, 2], "item": [0, 0, 0, 0, 0, 9, 0, 9, 1, 8]})
    data = Interactions.from_frame(frame, duplicates="keep", ordered=True)
    train = split(data, "leave-last-out").train
    assert train.history_lengths().tolist() == [1, 1, 1]
    assert segment_users(train, lambda lengths: {"one": lengths == 1})["one"].all()


def test_a_function_of_ones_own_names_the_segments():
    train = Interactions.from_frame(pd.DataFrame({"user": [0, 0, 1], "item": [0, 1, 0]}))
    masks = segment_users(train, lambda lengths: {"odd": lengths % 2 == 1, "nobody": lengths > 99})
    assert {name: mask.tolist() for name, mask in masks.items()} == {"odd": [False, True], "nobody": [False, False]}


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (lambda lengths: {"odd": lengths % 2}, "segment `odd`: expected a mask of 2 booleans, one a user"),
        (lambda lengths: {"odd": np.array([True])}, "segment `odd`: expected a mask of 2 booleans"),
        (lambda lengths: lengths > 1, "expected a dictionary of masks by name, received"),
        ("activty", "no segment rule is named `activty`; did you mean `activity`"),
        ("activity:tail=1", "activity: expected `tail` to be less than 1, received '1'"),
        ("activity:newest=0", "activity: expected `newest` to be greater than or equal to 1"),
        ("length", "length: expected a value for `cuts`, which has no default"),
        ("length:cuts=[]", "length: expected `cuts` to have at least 1 item"),
        ("length:cuts=[3,3]", r"length: expected `cuts` to increase, received \[3, 3\]"),
        ("length:cuts=[0]", r"length: expected `cuts\[0\]` to be greater than or equal to 1"),
        ("length:cuts=[1,9]", "length: .* nobody has a history of 10. items; the histories are 1 to 2 long"),
        (3, "expected the name of a segment rule .* received 3"),
    ],
)
def test_what_is_no_rule_is_refused(how, said):
    train = Interactions.from_frame(pd.DataFrame({"user": [0, 0, 1], "item": [0, 1, 0]}))
    with pytest.raises(InputError, match=said):
        segment_users(train, how)


def test_nobody_with_a_history_leaves_every_length_empty():
    with pytest.raises(InputError, match="nobody has a history of 1-2 items; the histories are 0 to 0 long"):
        rule("length:cuts=[2]")(np.zeros(3, dtype=int))
