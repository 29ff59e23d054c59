from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tailrec
from tailrec import figures
from tailrec.figures.by_length import length_ranges
from tailrec.results import Measured


def window(scenario, name, lengths, users):
    """Return a window with nothing but what the picture reads: user u<n> has lengths[n] items."""
    train = SimpleNamespace(
        history_lengths=lambda: np.asarray(lengths), users=pd.Index([f"u{n}" for n in range(len(lengths))])
    )
    return SimpleNamespace(scenario=scenario, name=name, split=SimpleNamespace(train=train), users=np.asarray(users))


def result_of(windows, measured):
    return SimpleNamespace(windows=windows, measured=[Measured(*one) for one in measured])


LENGTHS = [0, 1, 1, 2, 3, 8]


def test_hand_worked_means_over_seeds_windows_and_ranges():
    result = result_of(
        [window("films", "a", LENGTHS, [0, 1, 2, 4, 5]), window("films", "b", LENGTHS, [1, 3])],
        [
            ("films", "a", "m", 0, "ndcg", np.array([9.0, 0.0, 0.2, 0.4, np.nan])),
            ("films", "a", "m", 1, "ndcg", np.array([9.0, 0.2, 0.4, 0.6, np.nan])),
            ("films", "b", "m", 0, "ndcg", np.array([0.6, 0.8])),
            ("films", "b", "m", 1, "ndcg", np.array([0.6, 1.0])),
            ("films", "a", "failed-on-b", 0, "ndcg", np.ones(5)),
            ("films", "a", "m", 0, "coverage", {"all": np.ones(3)}),
        ],
    )
    rows = figures.compute_by_length(result, min_users=2)
    # 1 item: u1 with 0.1 and 0.6, u2 with 0.3; 2 to 3 items: u4 with 0.5, u3 with 0.9; nobody has a value at 8.
    assert rows[["scenario", "model", "metric", "against", "shortest", "longest", "n_users"]].values.tolist() == [
        ["films", "m", "ndcg", "", 1, 1, 2],
        ["films", "m", "ndcg", "", 2, 3, 2],
    ]
    np.testing.assert_allclose(rows["value"], [1.0 / 3, 0.7])
    np.testing.assert_allclose(rows["mean_length"], [1.0, 2.5])


def test_the_difference_is_paired():
    rng = np.random.default_rng(0)
    base = rng.random(60)
    result = result_of(
        [window("films", "all", np.repeat([1, 7], 30), range(60))],
        [("films", "all", "base", 0, "ndcg", base), ("films", "all", "m", 0, "ndcg", base + 0.25)],
    )
    rows = figures.compute_by_length(result, against="base")
    assert rows["model"].tolist() == ["m", "m"] and set(rows["against"]) == {"base"}
    np.testing.assert_allclose(rows[["value", "low", "high"]], 0.25)
    values = figures.compute_by_length(result, models=["m", "base"])
    assert values["model"].tolist() == ["m", "base"] * 2


def test_the_interval_resamples_people_not_rows():
    values = np.random.default_rng(0).random(40)
    one = window("s", "a", np.ones(40, dtype=int), range(40))
    alone = result_of([one], [("s", "a", "m", 0, "ndcg", values)])
    # The same people with the same values in a second window tell nothing new.
    again = window("s", "b", np.ones(40, dtype=int), range(40))
    twice = result_of([one, again], [("s", name, "m", 0, "ndcg", values) for name in "ab"])
    columns = ["n_users", "value", "low", "high"]
    once, both = (figures.compute_by_length(r)[columns].to_numpy() for r in (alone, twice))
    np.testing.assert_allclose(both, once)
    # Against the interval of the mean by the normal approximation, which shares nothing with it.
    half = 1.96 * values.std() / np.sqrt(40)
    np.testing.assert_allclose(once[0, 2:], [values.mean() - half, values.mean() + half], atol=0.02)


@pytest.fixture(scope="module")
def result():
    return tailrec.compare(
        "synthetic:n_users=120,n_items=40", ["popularity", "ease"], ["ndcg", "coverage"], segments="length:cuts=[2]"
    )


def test_it_agrees_with_the_table_where_a_range_is_a_segment(result):
    table_rows = figures.compute_by_length(result, min_users=30, n_resamples=10_000)
    first = table_rows[table_rows["longest"] <= 2]
    assert first["shortest"].nunique() == 1, "the test needs one range below the cut"
    table = result.summary().query("segment == '1-2' and metric == 'ndcg'").set_index("model")
    for row in first.itertuples():
        np.testing.assert_allclose([row.value, row.low, row.high], table.loc[row.model, ["value", "low", "high"]])
        assert row.n_users == table.loc[row.model, "n_users"]


@given(st.lists(st.tuples(st.integers(1, 2000), st.integers(0, 40)), min_size=1, max_size=80), st.integers(1, 12))
def test_ranges_hold_everybody_and_are_large_enough(pairs, min_users):
    lengths, people = (np.array(column) for column in zip(*pairs, strict=True))
    ranges = length_ranges(lengths, people, min_users)
    inside = [(lengths >= low) & (lengths <= high) for low, high in ranges]
    assert np.sum(inside, axis=0).tolist() == [1] * len(lengths)
    assert [low for low, _ in ranges] == sorted(low for low, _ in ranges)
    if len(ranges) > 1:
        assert min(len(set(people[here])) for here in inside) >= min_users


def test_nobody_has_no_range():
    assert length_ranges(np.array([], dtype=int), np.array([], dtype=int), 5) == []


def test_what_is_not_there_is_refused_or_empty(result):
    for values, message in [
        ({"metric": "coverage"}, "metric with a value a user, received `coverage`"),
        ({"models": ["easy"]}, "received `easy`; did you mean `ease`"),
        ({"against": "x"}, "received `x`"),
        ({"min_users": 0}, "`min_users` to be positive"),
    ]:
        with pytest.raises(tailrec.InputError, match=message):
            figures.compute_by_length(result, **values)
    nothing = result_of([window("s", "a", LENGTHS, [1, 2])], [("s", "a", "m", 0, "ndcg", np.full(2, np.nan))])
    assert figures.compute_by_length(nothing).empty
    assert figures.compute_by_length(result, models=["ease"], against="ease").empty


def rows(n_models=2, n_ranges=3, against="", scenario="films"):
    return pd.DataFrame(
        [
            [scenario, f"model:a={m},b=$x^{{$", "ndcg", against, 10**r, 10**r + 3, 10**r + 1.0, 31]
            + [m + r, m + r - 0.4, m + r + 0.4]
            for r in range(n_ranges)
            for m in range(n_models)
        ],
        columns=figures.by_length.COLUMNS,
    )  # fmt: skip


def test_the_picture_shows_means_and_bands(well_written):
    figure = well_written(figures.draw_by_length(pd.concat([rows(), rows(scenario="groceries")])))
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["films", "groceries"]
    ax = figure.axes[0]
    np.testing.assert_allclose(ax.lines[0].get_xydata(), [[2, 0], [11, 1], [101, 2]])
    assert len({(line.get_linestyle(), line.get_marker(), line.get_color()) for line in ax.lines}) == 2
    low, high = ax.collections[0].get_paths()[0].get_extents().intervaly
    assert (low, high) == (-0.4, 2.4)
    assert [t.get_text() for t in ax.get_xticklabels()] == ["1–4\n31 users", "10–13\n31 users", "100–103\n31 users"]


@pytest.mark.parametrize(("n_models", "n_ranges", "against"), [(1, 1, ""), (7, 1, "popularity"), (9, 3, "popularity")])
def test_nothing_written_covers_another(n_models, n_ranges, against, well_written):
    figure = well_written(figures.draw_by_length(rows(n_models, n_ranges, against)))
    names = [text.get_text().replace("\n", "") for text in figure.legends[0].get_texts()]
    assert (names[0] == "zero: popularity") == bool(against)
