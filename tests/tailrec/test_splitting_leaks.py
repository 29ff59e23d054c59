"""Whatever the frame: no training on what came after the cut, nothing asked that is masked, a train for everybody."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tailrec import InputError, Interactions, split
from tailrec.splitting import SPLITTERS

FEW = settings(max_examples=40, deadline=None)


@st.composite
def histories(draw):
    n = draw(st.integers(2, 40))
    column = st.lists(st.integers(0, 5), min_size=n, max_size=n)
    times = draw(st.lists(st.integers(0, 12), min_size=n, max_size=n))
    return pd.DataFrame({"user": draw(column), "item": draw(column), "timestamp": times})


def splits_of(frame):
    """Return every split of the frame that leaves something to train and to test on."""
    data = Interactions.from_frame(frame, timestamp="timestamp", duplicates="keep")
    hows = [*SPLITTERS, "last-fraction:test=0.9,validation=0.05", "temporal:train=5,validation=3,test=4,unit=second"]
    hows.remove("given")
    made = []
    for how in hows:
        try:
            made.append((how, data, split(data, how)))
        except InputError as error:
            assert "expected events in the" in str(error)
    return made


def asked(data, holdout):
    users, items = holdout.targets.nonzero()
    return set(zip(data.users[users], data.items[items], strict=True))


@FEW
@given(histories())
def test_what_is_asked_is_never_masked_and_the_validation_is_masked_for_the_test(frame):
    for _, data, parts in splits_of(frame):
        seen, masked = parts.train.matrix(), parts.test.masked
        for holdout in (parts.validation, parts.test):
            assert holdout.targets.shape == holdout.masked.shape == (data.n_users, data.n_items)
            assert holdout.targets.multiply(holdout.masked).nnz == 0
            assert set(holdout.targets.data) | set(holdout.masked.data) <= {1.0}
            assert holdout.train is parts.train
        assert (parts.validation.masked != seen).nnz == 0
        assert (masked != (seen + parts.validation.targets)).nnz == 0


@FEW
@given(histories())
def test_nobody_is_asked_for_what_came_before_what_the_model_has_seen(frame):
    """The last training event of a user, or in `temporal` of anybody, is no later than the first that is held out."""
    for how, data, parts in splits_of(frame):
        if how.startswith("random"):
            continue
        events = list(zip(*(data.frame[name] for name in ("user", "item", "timestamp")), strict=True))
        trained = list(zip(*(parts.train.frame[name] for name in ("user", "item", "timestamp")), strict=True))
        last_of_all = max(moment for _, _, moment in trained)
        for holdout in (parts.validation, parts.test):
            for pair in zip(*holdout.targets.nonzero(), strict=True):
                # A target was never trained on, so every event of the pair is from after the cut.
                moment = min(moment for user, item, moment in events if (user, item) == pair)
                own = [moment for user, _, moment in trained if user == pair[0]]
                assert moment >= (last_of_all if how.startswith("temporal") else max(own))


@FEW
@given(histories())
def test_everybody_with_two_events_has_a_test_and_everybody_keeps_a_train(frame):
    for how, data, parts in splits_of(frame):
        if how.startswith("temporal"):
            continue
        counts = np.bincount(data.frame["user"], minlength=data.n_users)
        kept = np.bincount(parts.train.frame["user"], minlength=data.n_users)
        assert (kept >= 1).all()
        assert (counts - kept >= np.select([counts >= 3, counts == 2], [2, 1], 0)).all()
        assert (kept[counts == 1] == 1).all()


@FEW
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter_where_moments_differ(frame, random):
    frame = frame.assign(timestamp=np.arange(len(frame)))
    order = list(range(len(frame)))
    random.shuffle(order)
    for (how, data, parts), (_, other, again) in zip(splits_of(frame), splits_of(frame.iloc[order]), strict=True):
        if not how.startswith("random"):
            for part, same in ((parts.validation, again.validation), (parts.test, again.test)):
                assert asked(data, part) == asked(other, same)
