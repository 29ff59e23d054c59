"""Every number of a result against one worked out by hand."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailrec import Interactions, bootstrap_interval
from tailrec.results import Measured, Result
from tailrec.specification import Experiment
from tailrec.splitting import from_rows
from tailrec.windows import Window


def window(users, segments, *, name="all", scenario="data"):
    """Return a window in which these people are measured, in this order of codes."""
    ids = sorted({*users, "nobody"})
    events = pd.DataFrame({"user": ids * 2, "item": ["x"] * len(ids) + ["y"] * len(ids)})
    data = Interactions.from_frame(events)
    first = data.frame["item"].to_numpy() == 0
    split = from_rows(data, first, ~first & False, ~first)
    masks = {segment: np.isin(users, who) for segment, who in segments.items()}
    return Window(scenario, name, split, data.users.get_indexer(users), masks, "", "")


def result(windows, *measured, resamples=2_000):
    """Return a result; `measured` are (model, metric, values), with the window and the seed where there are several."""
    full = [m if len(m) == 5 else (*m, windows[0].name, 0) for m in measured]
    found = [Measured(windows[0].scenario, w, model, seed, metric, values) for model, metric, values, w, seed in full]
    return Result(Experiment([], [], [], "base", resamples=resamples), windows, found, [])


def row(table, **wanted):
    found = table.loc[(table[list(wanted)] == pd.Series(wanted)).all(axis=1)]
    assert len(found) == 1, found
    return found.iloc[0]


def array(*values):
    return np.array(values, dtype=float)


FOUR = window(["a", "b", "c", "d"], {"all": ["a", "b", "c", "d"], "head": ["d"], "tail": ["a", "b", "c"], "new": []})


def test_values_by_segment():
    summary = result([FOUR], ("base", "ndcg", array(0, 0.25, 0.5, 1))).summary()
    assert summary.columns.tolist() == [
        "scenario",
        "window",
        "model",
        "segment",
        "metric",
        "value",
        "low",
        "high",
        "n_users",
    ]
    assert summary[["segment", "value", "n_users"]].fillna(-1).values.tolist() == [
        ["all", 0.4375, 4], ["head", 1.0, 1], ["tail", 0.25, 3], ["new", -1, 0],
    ]  # fmt: skip


def test_seeds_are_averaged_within_a_user_and_then_compared():
    found = result(
        [FOUR],
        ("base", "ndcg", array(0, 0, 0, 0)),
        ("model", "ndcg", array(1, 0, 0.5, 0), "all", 0),
        ("model", "ndcg", array(0, 0, 0.1, 1), "all", 1),
    )
    every = row(found.differences(), segment="all")
    within = array(0.5, 0, 0.3, 0.5)
    assert every.difference == pytest.approx(0.325)
    # Twice as many values, not twice as many people: the interval is that of the four averages.
    assert (every.low, every.high) == bootstrap_interval(within, n_resamples=2_000)[1:]
    assert row(found.summary(), model="model", segment="tail").value == pytest.approx(0.8 / 3)


def test_a_difference_is_paired():
    # Both vary widely between people and never within one: the paired interval is narrow, the values' are wide.
    values = array(0, 0.3, 0.6, 0.9)
    found = result([FOUR], ("base", "ndcg", values), ("model", "ndcg", values + 0.1))
    every = row(found.differences(), segment="all")
    assert (every.low, every.high) == pytest.approx((0.1, 0.1))
    assert row(found.summary(), model="model", segment="all").low < 0.4


def test_a_user_without_a_value_is_left_out_of_both():
    found = result([FOUR], ("base", "auc", array(0.5, np.nan, 0.5, 0.5)), ("model", "auc", array(1, 1, np.nan, 0.5)))
    base, model = (row(found.summary(), model=m, segment="all") for m in ("base", "model"))
    assert (base.value, base.n_users) == (0.5, 3)
    assert (model.value, model.n_users) == (pytest.approx(2.5 / 3), 3)
    both = row(found.differences(), segment="all")
    assert (both.difference, both.n_users) == (0.25, 2)
    assert row(found.differences(), segment="tail").n_users == 1


def test_p_values_are_those_of_every_flip_of_signs():
    people = [f"u{n}" for n in range(9)]
    gaps = array(0.3, 0.2, -0.1, 0.4, 0.1, 0.25, -0.05, 0.15, 0.3)
    found = result([window(people, {"all": people})], ("base", "m", gaps * 0), ("model", "m", gaps), resamples=20_000)
    flips = np.array(list(product([-1, 1], repeat=9)))
    exact = np.mean(np.abs(flips @ gaps) >= abs(gaps.sum()) - 1e-12)
    assert row(found.differences(), segment="all").p_value == pytest.approx(exact, abs=0.005)


def holm(p_values):
    """Return adjusted p-values as the method was first written: step down, never decreasing."""
    adjusted, running = {}, 0.0
    for rank, at in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        running = max(running, (len(p_values) - rank) * p_values[at])
        adjusted[at] = min(1.0, running)
    return [adjusted[at] for at in range(len(p_values))]


def test_the_family_of_holm_is_models_and_segments_within_scenario_window_and_metric():
    rng = np.random.default_rng(0)
    people = [f"u{n:02}" for n in range(30)]
    segments = {"all": people, "head": people[20:], "tail": people[5:20], "new": people[:5]}
    windows = [window(people, segments, name=name) for name in ("0", "8")]
    measured = []
    for name, metric in product(("0", "8"), ("ndcg", "recall")):
        base = rng.random(30)
        measured.append(("base", metric, base, name, 0))
        for model in ("one", "two"):
            gap = rng.normal(0.1, 0.3, 30)
            gap[:5] = 0  # the new are served alike by every model
            measured.append((model, metric, base + gap, name, 0))
    table = result(windows, *measured).differences()
    assert set(table["window"]) == {"0", "8", "pooled"}
    new = table[table["segment"] == "new"]
    assert len(new) == 12 and new[["p_value", "p_adjusted"]].isna().all(axis=None) and (new["difference"] == 0).all()
    tested = table[table["segment"] != "new"]
    for _, family in tested.groupby(["window", "metric"]):
        assert len(family) == 6
        assert family["p_adjusted"].tolist() == pytest.approx(holm(family["p_value"].tolist()))
    assert (tested["p_adjusted"] > tested["p_value"]).any()


def test_several_windows_are_pooled_by_person():
    windows = [
        window(["a", "b", "c"], {"all": ["a", "b", "c"], "head": ["c"]}, name="0"),
        window(["b", "c", "d"], {"all": ["b", "c", "d"], "head": ["b"]}, name="8"),
    ]
    found = result(
        windows,
        ("base", "m", array(0, 0, 0), "0", 0), ("base", "m", array(0, 0, 0), "8", 0),
        ("model", "m", array(0.1, 0.2, 0.6), "0", 0), ("model", "m", array(0.4, 0, 0.5), "8", 0),
    )  # fmt: skip
    every = row(found.differences(), window="pooled", segment="all")
    assert (every.difference, every.n_users) == (pytest.approx(1.8 / 6), 4)
    values, person = array(0.1, 0.2, 0.6, 0.4, 0, 0.5), [0, 1, 2, 1, 2, 3]
    assert (every.low, every.high) == bootstrap_interval(values, person, n_resamples=2_000)[1:]
    head = row(found.differences(), window="pooled", segment="head")
    assert (head.difference, head.n_users) == (pytest.approx(0.5), 2)
    assert row(found.summary(), window="8", model="model", segment="all").value == pytest.approx(0.3)


def test_one_window_is_not_pooled():
    assert set(result([FOUR], ("base", "m", array(0, 0, 0, 1))).summary()["window"]) == {"all"}


def test_a_model_that_is_missing_in_a_window_is_not_pooled():
    windows = [window(["a", "b"], {"all": ["a", "b"]}, name=name) for name in ("0", "8")]
    measured = [("base", "m", array(0, 1), name, 0) for name in ("0", "8")] + [("model", "m", array(1, 1), "0", 0)]
    found = result(windows, *measured)
    assert set(found.differences()["window"]) == {"0"}
    assert set(found.summary().query("window == 'pooled'")["model"]) == {"base"}


def test_a_catalogue_metric_is_compared_draw_by_draw():
    draws = np.linspace(0, 1, 41)
    found = result(
        [FOUR],
        ("base", "coverage", {"all": draws, "head": draws, "tail": draws * 0}),
        ("model", "coverage", {"all": draws + 0.2, "head": draws, "tail": draws}),
    )
    value = row(found.summary(), model="base", segment="all")
    assert (value.value, value.low, value.high) == pytest.approx((0.5, 0.025, 0.975))
    every = row(found.differences(), segment="all")
    assert (every.difference, every.low, every.high) == pytest.approx((0.2, 0.2, 0.2))
    assert row(found.differences(), segment="tail").difference == pytest.approx(0.5)
    assert np.isnan(row(found.summary(), model="base", segment="new").value)
    assert found.differences()[["p_value", "p_adjusted"]].isna().all(axis=None)


def test_a_metric_that_the_baseline_lacks_has_values_and_no_difference():
    found = result([FOUR], ("base", "ndcg", array(0, 0, 0, 1)), ("model", "ndcg", array(1, 0, 0, 1)),
                   ("model", "auc", array(1, 1, 1, 1)))  # fmt: skip
    assert set(found.differences()["metric"]) == {"ndcg"}
    assert row(found.summary(), metric="auc", segment="all").value == 1


def test_a_baseline_alone_has_no_differences():
    assert result([FOUR], ("base", "ndcg", array(0, 0, 0, 1))).differences().empty


def test_per_user_values_name_people_as_the_source_does():
    table = result([FOUR], ("base", "ndcg", array(0, 1, 2, 3)), ("base", "coverage", {"all": array(1)})).per_user()
    assert table.columns.tolist() == ["scenario", "window", "model", "seed", "user", "metric", "value"]
    assert dict(zip(table["user"], table["value"], strict=True)) == {"a": 0, "b": 1, "c": 2, "d": 3}


def test_what_is_returned_may_be_changed():
    found = result([FOUR], ("base", "ndcg", array(0, 1, 2, 3)))
    table = found.summary()
    table.loc[:, "value"] = 9.0
    assert row(found.summary(), segment="all").value == 1.5


values = st.lists(st.floats(0, 1) | st.just(np.nan), min_size=4, max_size=4).map(np.array)


@settings(max_examples=25, deadline=None)
@given(values, values)
def test_the_difference_is_that_of_the_means_of_whoever_has_both(base, model):
    forth = result([FOUR], ("base", "m", base), ("model", "m", model), resamples=100).differences()
    back = result([FOUR], ("base", "m", model), ("model", "m", base), resamples=100).differences()
    both = ~np.isnan(base) & ~np.isnan(model)
    every = row(forth, segment="all")
    assert every.n_users == both.sum()
    if both.any():
        assert every.difference == pytest.approx(model[both].mean() - base[both].mean(), abs=1e-12)
        assert every.difference == pytest.approx(-row(back, segment="all").difference, abs=1e-12)
        assert every.low <= every.difference + 1e-12 and every.difference <= every.high + 1e-12 or both.sum() == 1
    else:
        assert np.isnan(every.difference)
