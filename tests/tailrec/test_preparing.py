"""The steps after the split: who keeps how much, what stays masked, and that the test is never looked at."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from scipy.sparse import csr_matrix

from tailrec import InputError, Interactions, prepare, segment_users, split, weights
from tailrec.holdout import Holdout, Split
from tailrec.preparing import DropRareItems, ThinHistories, removal_table
from tailrec.splitting import from_rows

FEW = settings(max_examples=40, deadline=None)


def pairs(matrix):
    return set(zip(*(codes.tolist() for codes in matrix.nonzero()), strict=True))


def long_histories(n_users, n_items=12):
    frame = pd.DataFrame({"user": np.repeat(np.arange(n_users), n_items), "item": np.tile(np.arange(n_items), n_users)})
    frame["item"] = (frame["item"] + 7 * frame["user"]) % 40
    return Interactions.from_frame(frame, ordered=True)


@pytest.fixture(scope="module")
def thinned():
    """5,000 users with ten training events each, before and after."""
    before = split(long_histories(5000), "leave-last-out")
    return before, prepare(before, "thin-histories:seed=3")


def test_a_fifth_keeps_everything_and_the_others_one_to_ten_events(thinned):
    before, after = thinned
    # With a longest of nine whoever has all ten was left alone.
    whole = prepare(before, "thin-histories:longest=9").train.history_lengths() == 10
    assert whole.sum() == 1000
    assert set(after.train.history_lengths()) == set(range(1, 11))


def test_the_shortened_histories_follow_one_over_k(thinned):
    before, after = thinned
    lengths = after.train.history_lengths()
    counts = np.bincount(lengths, minlength=11)[1:]
    counts[-1] -= 1000
    harmonic = sum(1 / k for k in range(1, 11))
    expected = [4000 / k / harmonic for k in range(1, 11)]
    assert counts.sum() == 4000
    assert stats.chisquare(counts, expected).pvalue > 0.01
    # The check can tell: uniform lengths would be refused.
    assert stats.chisquare(counts, [400] * 10).pvalue < 1e-6


def test_what_is_left_are_the_first_events_in_their_order(thinned):
    before, after = thinned
    for old, new in zip(before.train.histories()[:200], after.train.histories()[:200], strict=True):
        assert new.tolist() == old[: len(new)].tolist()


def test_what_was_removed_stays_masked_and_is_no_target(thinned):
    before, after = thinned
    removed = pairs(before.train.matrix()) - pairs(after.train.matrix())
    assert len(removed) > 10_000
    for old, new in ((before.validation, after.validation), (before.test, after.test)):
        assert pairs(new.masked) == pairs(old.masked) >= removed
        assert pairs(new.targets) == pairs(old.targets)
        assert not pairs(new.targets) & removed
        assert new.train is after.train


def test_a_product_that_is_both_removed_and_asked_for_is_not_asked_for():
    train = Interactions.from_frame(pd.DataFrame({"user": [0, 0, 0], "item": [0, 1, 2]}), ordered=True)
    asked = train.select(np.array([False, False, True])).matrix()
    holdout = Holdout(asked, train.matrix() - asked, train)
    after = ThinHistories(keep=0.0, longest=1)(Split(train, holdout, holdout))
    assert after.train.history_lengths().tolist() == [1]
    assert after.test.targets.nnz == 0 and pairs(after.test.masked) == {(0, 0), (0, 1), (0, 2)}


def test_thinning_depends_on_its_seed_and_nothing_else(thinned):
    before, after = thinned
    same, other = (prepare(before, f"thin-histories:seed={seed}").train.history_lengths() for seed in (3, 4))
    assert (same == after.train.history_lengths()).all() and (other != same).any()


def test_everybody_keeps_their_first_event_and_an_empty_history_stays_empty():
    frame = pd.DataFrame({"user": [0, 0, 1, 2], "item": [0, 1, 0, 1], "timestamp": [0, 1, 0, 5]})
    data = Interactions.from_frame(frame, timestamp="timestamp")
    parts = split(data, "temporal:train=1,validation=1,test=4,unit=second")
    assert parts.train.history_lengths().tolist() == [1, 1, 0]
    assert prepare(parts, "thin-histories:keep=0,longest=1").train.history_lengths().tolist() == [1, 1, 0]


@pytest.fixture
def with_rare_items():
    """Items a, b and c with 3, 1 and 2 users in the train; d is only in the test."""
    train = [(0, "a"), (1, "a"), (2, "a"), (0, "b"), (1, "c"), (2, "c")]
    later = [(0, "c"), (1, "b"), (1, "d"), (2, "d")]
    frame = pd.DataFrame(train + later, columns=["user", "item"])
    features = pd.DataFrame({"title": ["A", "B", "C", "D"]}, index=["a", "b", "c", "d"])
    data = Interactions.from_frame(frame, item_features=features, duplicates="keep", ordered=True)
    events = {(user, data.items[item]): row for row, (user, item) in enumerate(data.frame.to_numpy().tolist())}
    rows = np.zeros((3, len(frame)), dtype=bool)
    for part, chosen in enumerate((train, later[:1], later[1:])):
        rows[part, [events[pair] for pair in chosen]] = True
    return from_rows(data, *rows)


def test_rare_items_leave_train_targets_masks_and_features_together(with_rare_items):
    before = with_rare_items
    after = prepare(before, ["drop-rare-items:min_users=2"])
    train = after.train
    assert train.items.tolist() == ["a", "c"]
    assert train.item_features["title"].tolist() == ["A", "C"]
    names = train.items
    assert [(user, names[item]) for user, item in zip(train.frame["user"], train.frame["item"], strict=True)] == [
        (0, "a"), (1, "a"), (1, "c"), (2, "a"), (2, "c"),
    ]  # fmt: skip
    assert {(user, names[item]) for user, item in pairs(after.validation.targets)} == {(0, "c")}
    assert pairs(after.test.targets) == set()
    assert {(user, names[item]) for user, item in pairs(after.test.masked)} == {
        (0, "a"), (1, "a"), (2, "a"), (1, "c"), (2, "c"), (0, "c"),
    }  # fmt: skip
    for matrix in (after.test.targets, after.test.masked, after.validation.masked, train.matrix()):
        assert matrix.shape == (3, 2)
    assert before.train.n_items == 4


def test_rare_is_counted_in_distinct_users_of_the_train(with_rare_items):
    again = with_rare_items.train.frame.iloc[[1, 1, 1]]
    frame = pd.concat([with_rare_items.train.frame, again])
    repeated = Interactions.from_frame(frame, duplicates="keep", ordered=True)
    parts = Split(repeated, *(Holdout(repeated.matrix() * 0, repeated.matrix(), repeated) for _ in range(2)))
    assert prepare(parts, ["drop-rare-items:min_users=2"]).train.n_items == 2


def test_a_catalogue_of_rare_items_only_is_said(with_rare_items):
    with pytest.raises(InputError, match="drop-rare-items:min_users=4: .* the most popular has 3; lower `min_users`"):
        prepare(with_rare_items, ["drop-rare-items:min_users=4"])


def test_what_each_step_removed_is_told_by_segment(with_rare_items):
    after = prepare(with_rare_items, ["drop-rare-items:min_users=2", ThinHistories(keep=0.0, longest=1)])
    first, second = after.removed
    assert (first.step, first.items, second.items) == ("drop-rare-items:min_users=2", 2, 0)
    assert second.step == "thin-histories:keep=0.0,longest=1"
    assert first.events.tolist() == [1, 0, 0] and second.events.tolist() == [0, 1, 1]
    # One asked-for b of user 1 and the d of users 1 and 2 left the catalogue.
    assert first.targets.tolist() == [0, 2, 1] and second.targets.tolist() == [0, 0, 0]
    table = removal_table(after).set_index(["step", "segment"])
    assert table.loc[(first.step, "all")].tolist() == [3, 1, 3, 2]
    assert table.loc[(second.step, "tail")].tolist() == [3, 2, 0, 0]
    assert table.loc[(second.step, "head"), "n_users"] == 0
    own = removal_table(after, lambda lengths: {"first": np.array([True, False, False])})
    assert own[["segment", "events", "targets"]].to_numpy().tolist() == [["first", 1, 0], ["first", 0, 0]]


def test_steps_run_in_their_order_and_one_may_stand_alone(with_rare_items):
    thin, drop = "thin-histories:keep=0,longest=1", "drop-rare-items:min_users=2"
    assert prepare(with_rare_items, [drop, thin]).train.n_items == 2
    assert prepare(with_rare_items, [thin, drop]).train.n_items == 1
    assert len(prepare(with_rare_items, DropRareItems(min_users=1)).removed) == 1
    assert prepare(with_rare_items, []) is with_rare_items


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("drop-rare", "no preparation step is named `drop-rare`; did you mean `drop-rare-items`"),
        ("thin-histories:keep=1", "thin-histories: expected `keep` to be less than 1, received '1'"),
        ("thin-histories:sed=1", "thin-histories: unknown parameter `sed`; did you mean `seed`"),
        ("drop-rare-items:min-users=0", "expected `min_users` to be greater than or equal to 1"),
        (3, "expected the name of a preparation step .* received 3"),
    ],
)
def test_what_is_no_step_is_refused(with_rare_items, step, said):
    with pytest.raises(InputError, match=said):
        prepare(with_rare_items, [step])


STEPS = st.sampled_from(["drop-rare-items:min_users=1", "drop-rare-items:min_users=2", "thin-histories:longest=2"])


@st.composite
def poisoned_splits(draw):
    """Return a split, and the same with other items in the test."""
    n_users, n_items = draw(st.integers(2, 8)), draw(st.integers(2, 10))
    part = draw(arrays(np.int64, (n_users, n_items), elements=st.integers(0, 3)))
    part[0, 0] = part[1, 0] = 1
    part[1, 1] = 3
    users, items = np.nonzero(part)
    data = Interactions.from_frame(pd.DataFrame({"user": users, "item": items}), ordered=True)
    clean = from_rows(data, *(part[users, items] == which for which in (1, 2, 3)))
    masked = clean.test.masked
    other = draw(arrays(np.bool_, masked.shape)) & (masked.toarray() == 0)
    return clean, Split(
        clean.train, clean.validation, Holdout(csr_matrix(other.astype(np.float32)), masked, clean.train)
    )


@FEW
@given(poisoned_splits(), st.lists(STEPS, max_size=3))
def test_other_test_labels_change_no_prepared_number(both, steps):
    clean, poisoned = (prepare(parts, steps) for parts in both)
    pd.testing.assert_frame_equal(clean.train.frame, poisoned.train.frame)
    assert clean.train.items.equals(poisoned.train.items)
    assert pairs(clean.test.masked) == pairs(poisoned.test.masked)
    assert pairs(clean.validation.targets) == pairs(poisoned.validation.targets)
    assert pairs(clean.validation.masked) == pairs(poisoned.validation.masked)
    for old, new in zip(clean.removed, poisoned.removed, strict=True):
        assert (old.step, old.items, old.events.tolist()) == (new.step, new.items, new.events.tolist())
    for old, new in zip(segment_users(clean.train).values(), segment_users(poisoned.train).values(), strict=True):
        assert (old == new).all()
    assert (weights(clean.train, "inverse-activity") == weights(poisoned.train, "inverse-activity")).all()
