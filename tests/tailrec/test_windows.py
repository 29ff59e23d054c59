from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tailrec
from tailrec import InputError, PluginError, Scenario
from tailrec.specification import experiment
from tailrec.windows import group_size, windows_of


def interactions(n_users=20, n_items=15, seed=0, *, test_seed=None):
    """Return random interactions, with a given test where it has a seed."""
    rng = np.random.default_rng(seed)
    rows = [(u, i) for u in range(n_users) for i in rng.choice(n_items, size=rng.integers(1, 8), replace=False)]
    rows += [(n_users, i) for i in range(n_items)]
    train = pd.DataFrame(rows, columns=["user", "item"])
    test = None
    if test_seed is not None:
        other = np.random.default_rng(test_seed)
        asked = [(u, i) for u in range(n_users) for i in other.choice(n_items, size=4, replace=False)]
        test = pd.DataFrame(asked, columns=["user", "item"])
    return tailrec.Interactions.from_frame(train, test=test)


def windows(data, **values):
    scenario = data if isinstance(data, Scenario) else Scenario(data, name="mine")
    return windows_of(experiment(scenario, "popularity", values.pop("metrics", "ndcg:k=5"), **values))


def test_whoever_has_a_target_is_measured():
    data = interactions(n_users=60, test_seed=1)
    (window,), _ = windows(data)
    asked = {u for u, row in enumerate(window.split.test.targets.toarray()) if row.any()}
    assert set(window.users) == asked and len(asked) < data.n_users
    assert window.segments["all"].all() and len(window.segments["all"]) == len(window.users)
    lengths = data.history_lengths()[window.users]
    assert lengths[window.segments["head"]].min() > lengths[window.segments["tail"]].max()


def test_poisoned_test_labels_change_no_segment_and_no_key_of_a_fit():
    (one,), _ = windows(interactions(test_seed=1))
    (other,), _ = windows(interactions(test_seed=2))
    assert (one.split.test.targets != other.split.test.targets).nnz
    assert one.fit_key == other.fit_key and one.rank_key != other.rank_key
    shared = np.intersect1d(one.users, other.users)
    for segment, mask in one.segments.items():
        found = mask[np.searchsorted(one.users, shared)]
        assert (found == other.segments[segment][np.searchsorted(other.users, shared)]).all()


def test_other_training_events_are_another_key():
    keys = {windows(interactions(seed=seed, test_seed=1))[0][0].fit_key for seed in range(3)}
    assert len(keys) == 3


def groups_of(**sizes):
    """Return the groups of a window with segments of these sizes, one after the other."""
    starts = np.cumsum([0, *sizes.values()])
    positions = np.arange(starts[-1])
    masks = {
        name: (positions >= low) & (positions < high)
        for name, low, high in zip(sizes, starts, starts[1:], strict=False)
    }
    (window,), _ = windows(interactions(test_seed=1))
    window = replace(window, users=positions, segments=masks)
    window = replace(window, group_size=group_size([window]))
    assert window.groups.keys() <= masks.keys()
    for name, groups in window.groups.items():
        assert masks[name][groups].all() and all(len(set(group)) == len(group) for group in groups)
    return {name: groups.shape for name, groups in window.groups.items()}


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"all": 1000, "head": 200, "tail": 800}, {"all": 100, "head": 100, "tail": 100}),
        ({"all": 100, "head": 20, "tail": 81}, {"all": 10, "head": 10, "tail": 10}),
        # A segment of a few people does not make the others' groups as small; it has none where it is smaller.
        ({"all": 100, "head": 19, "tail": 80, "newest": 41, "new": 0}, {"all": 20, "tail": 20, "newest": 20}),
        ({"all": 100, "head": 19, "tail": 25}, {"all": 12, "head": 12, "tail": 12}),
        ({"all": 5, "head": 1, "tail": 4, "new": 0}, {"all": 1, "head": 1, "tail": 1}),
    ],
)
def test_groups_of_a_catalogue_metric_are_equally_large_and_within_their_segment(sizes, expected):
    assert groups_of(**sizes) == {name: (50, size) for name, size in expected.items()}


def test_windows_of_a_scenario_have_groups_of_one_size():
    (window,), _ = windows(interactions(test_seed=1))
    small = replace(window, segments={"all": np.ones(60, dtype=bool)})
    assert group_size([window, small]) == group_size([small, window]) == min(group_size([window]), 30)


def test_groups_are_drawn_the_same_way_every_time():
    (one,), _ = windows(interactions(n_users=60, test_seed=1))
    (other,), _ = windows(interactions(n_users=60, test_seed=1))
    assert all((one.groups[name] == other.groups[name]).all() for name in one.groups)
    assert len({tuple(group) for group in one.groups["all"]}) > 1


def test_an_empty_segment_is_a_note():
    cut = {"all": lambda n: n >= 0, "giants": lambda n: n > 10_000}
    _, notes = windows(interactions(test_seed=1), segments=lambda lengths: {k: f(lengths) for k, f in cut.items()})
    assert "scenario `mine`: nobody in segment `giants` is measured" in notes


def test_the_terms_of_the_data_and_what_its_split_warned_of_are_notes():
    events = pd.DataFrame({"user": [0, 0, 0, 1, 1, 1], "item": [0, 1, 2, 2, 1, 0]})
    data = tailrec.Interactions.from_frame(events, title="Six events", licence="Not to be sold.")
    _, notes = windows(Scenario(data, split="leave-last-out", name="mine"), metrics="ndcg:k=2")
    assert "mine: Six events Not to be sold." in notes
    assert any(note.startswith("scenario `mine`: leave-last-out: the data has no timestamps") for note in notes)


def test_a_list_longer_than_the_catalogue_is_refused_unless_nothing_can_shorten_it():
    class NoList(tailrec.MetricPlugin):
        def per_user(self, ranking):
            return np.zeros(len(ranking.items))

    few = interactions(n_items=8, test_seed=1)
    with pytest.raises(InputError, match="^scenario `mine`: recall:k=9: expected .* 8, received 9; .* `recall:k=8`$"):
        windows(few, metrics=[NoList(), "ndcg:k=5", "recall:k=9"])
    assert windows(few, metrics=[NoList(), "ndcg:k=8"])


@pytest.mark.parametrize("what", ["load", "segments"])
def test_what_a_data_set_or_a_rule_raises_is_one_sentence(what):
    class Broken(tailrec.DataPlugin):
        def load(self):
            if what == "load":
                raise ZeroDivisionError("no data today")
            return interactions(test_seed=1)

    def rule(lengths):
        raise ZeroDivisionError("no data today")

    blamed = {"load": "the data cannot be used, `load` of Broken failed", "segments": "the segment rule failed"}[what]
    with pytest.raises(PluginError, match=f"^scenario `Broken`: {blamed}: ZeroDivisionError: no data") as e:
        windows(Scenario(Broken()), segments=rule)
    assert "Traceback" in e.value.__notes__[0]


def test_windows_in_time_are_named_by_their_start():
    rng = np.random.default_rng(0)
    events = pd.DataFrame(
        {"user": rng.integers(0, 9, 300), "item": rng.integers(0, 9, 300), "time": rng.random(300) * 40}
    )
    data = tailrec.Interactions.from_frame(events, timestamp="time")
    scenario = Scenario(data, split="temporal:train=10,test=10,validation=1,unit=second", windows=[0, 9.5], name="mine")
    found, _ = windows(scenario)
    assert [window.name for window in found] == ["0", "9.5"]
    assert found[0].fit_key != found[1].fit_key
