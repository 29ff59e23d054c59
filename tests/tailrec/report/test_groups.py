from dataclasses import replace

import numpy as np
import pytest

from tailrec.report.groups import apart, compute_groups, in_order
from tailrec.report.removal import compute_removal
from tailrec.report.seeds import compute_seeds


def test_groups_count_people_and_lengths(plain):
    groups = {(group.scenario, group.name): group for group in compute_groups(plain)}
    windows = [window for window in plain.windows if window.scenario == "days"]
    # Counted from the rows of the training frames, one person at a time.
    lengths = [frame.groupby("user")["item"].nunique() for frame in (w.split.train.frame for w in windows)]
    every = np.concatenate([of_window.to_numpy() for of_window in lengths])
    all_of = groups["days", "all"]
    assert all_of.trained == 2 * windows[0].split.train.n_users and all_of.share_of_users == 1
    assert all_of.longest == every.max() and all_of.share_of_events == 1
    assert all_of.rows == sum(len(w.users) for w in windows) >= all_of.people
    assert all_of.people == len(set().union(*(w.users for w in windows)))
    head, tail, newest = (groups["days", name] for name in ("head", "tail", "newest"))
    assert tail.longest < head.shortest and newest.longest <= 5
    assert head.share_of_events + tail.share_of_events == pytest.approx(1)
    cut = tail.longest
    assert tail.share_of_events == pytest.approx(every[every <= cut].sum() / every.sum())
    assert tail.trained == (every <= cut).sum() and tail.median == np.median(every[every <= cut])


def test_a_verdict_names_the_tail_first_and_everybody_last(plain):
    names = in_order(compute_groups(plain))
    assert names[0] == "tail" and names[-1] == "all"
    assert names.index("newest") < names.index("head")


def test_gain_and_cost_are_those_of_tail_and_head_or_of_the_ends(plain):
    groups = compute_groups(plain)
    assert apart(groups) == ("tail", "head")
    named = {"tail": "short", "head": "long"}
    other = [replace(g, name=named.get(g.name, g.name)) for g in groups if g.name != "newest"]
    assert apart(other) == ("short", "long")
    # Where lengths overlap, or there is one group only, or scenarios differ, nothing is set against another.
    assert apart([replace(g, shortest=0) if g.name == "long" else g for g in other]) is None
    assert apart([g for g in other if g.name != "long"]) is None
    assert apart([replace(g, name="far") if (g.scenario, g.name) == ("any", "long") else g for g in other]) is None
    assert apart([]) is None


@pytest.mark.parametrize("step", [0, 1])
def test_what_a_step_removed_is_what_is_missing_after_it(plain, step):
    days = plain.experiment.scenarios[0]
    before, after = (dict(replace(days, prepare=days.prepare[: step + n]).splits()) for n in (0, 1))
    rows = [row for row in compute_removal(plain) if row.segment == "all"]
    assert [(row.scenario, row.step) for row in rows] == [("days", name) for name in days.prepare]
    row = rows[step]
    assert row.events_before == sum(len(split.train) for split in before.values())
    assert row.events == row.events_before - sum(len(split.train) for split in after.values()) > 0
    assert row.targets_before == sum(split.test.targets.nnz for split in before.values())
    assert row.targets == row.targets_before - sum(split.test.targets.nnz for split in after.values())
    for lost, counts in (
        (row.without_targets, lambda split: split.test.targets.getnnz(axis=1)),
        (row.without_history, lambda split: split.train.history_lengths()),
    ):
        gone = [(counts(before[name]) > 0) & (counts(after[name]) == 0) for name in before]
        assert lost == np.concatenate(gone).sum()
    items = [before[name].train.n_items - after[name].train.n_items for name in before]
    assert row.items == (min(items), max(items))
    assert step == 1 or 0 < row.without_targets < row.targets


def test_a_seed_moves_the_mean_of_the_model_that_draws_numbers(plain):
    rows = compute_seeds(plain, "ndcg", ["tail", "all"])
    assert {row["model"] for row in rows} == {"bpr:factors=4,iterations=2"}
    assert [(row["scenario"], row["segment"]) for row in rows] == [
        ("days", "tail"), ("days", "all"), ("any", "tail"), ("any", "all"),
    ]  # fmt: skip
    values = plain.per_user()
    values = values[(values["model"] == rows[1]["model"]) & (values["metric"] == "ndcg")]
    means = values[values["scenario"] == "days"].groupby("seed")["value"].mean()
    assert (rows[1]["lowest"], rows[1]["highest"]) == (pytest.approx(means.min()), pytest.approx(means.max()))
    assert rows[1]["n"] == 2 and rows[1]["low"] < rows[1]["high"]
    assert compute_seeds(plain, "coverage", ["all"]) == []
