import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

import tailrec
from tailrec import figures


def row(segment, difference, scenario="films", window="all", model="ease", metric="ndcg", p=0.01, n_users=9):
    return {
        "scenario": scenario, "window": window, "model": model, "baseline": "popularity", "segment": segment,
        "metric": metric, "difference": difference, "low": difference - 0.05, "high": difference + 0.05,
        "p_value": p, "p_adjusted": p, "n_users": n_users,
    }  # fmt: skip


ROWS = pd.DataFrame([
    row("all", 0.2), row("tail", 0.1), row("head", -0.3, n_users=4), row("tail", 0.02, model="bpr"),
    row("head", 0.0, model="bpr", p=np.nan), row("tail", 0.7, metric="recall"), row("head", 0.8, metric="recall"),
    row("tail", 0.3, "groceries", "0"), row("head", 0.3, "groceries", "0"),
    row("tail", 0.4, "groceries", "pooled"), row("head", 0.5, "groceries", "pooled"),
    row("tail", 0.6, "groceries", "pooled", model="half"),
])  # fmt: skip


def test_a_point_holds_both_segments_of_a_model():
    points = figures.compute_gain_and_cost(ROWS)
    shown = ["scenario", "model", "gain", "gain_verdict", "gain_users", "cost", "cost_verdict", "cost_users"]
    assert points[shown].values.tolist() == [
        ["films", "ease", 0.1, "better", 9, -0.3, "worse", 4],
        ["films", "bpr", 0.02, "no difference shown", 9, 0.0, "", 9],
        ["groceries", "ease", 0.4, "better", 9, 0.5, "better", 9],
    ]
    first = points.iloc[0]
    np.testing.assert_allclose(
        [first.gain_low, first.gain_high, first.cost_low, first.cost_high], [0.05, 0.15, -0.35, -0.25]
    )
    assert (first.gain_segment, first.cost_segment, first.metric, first.baseline) == (
        "tail",
        "head",
        "ndcg",
        "popularity",
    )


def test_other_segments_and_another_metric():
    points = figures.compute_gain_and_cost(ROWS, "recall", gain="head", cost="tail")
    assert points[["gain", "cost"]].values.tolist() == [[0.8, 0.7]]
    assert figures.compute_gain_and_cost(ROWS, "auc").empty
    assert figures.compute_gain_and_cost(ROWS.iloc[:0]).empty


def test_where_less_is_better_verdicts_and_axes_turn():
    points = figures.compute_gain_and_cost(ROWS, higher_is_better=False)
    assert points.loc[0, ["gain_verdict", "cost_verdict"]].tolist() == ["worse", "better"]
    ax = figures.draw_gain_and_cost(points, higher_is_better=False).axes[0]
    assert ax.xaxis_inverted() and ax.yaxis_inverted()


def test_a_segment_that_is_not_there_is_refused():
    with pytest.raises(tailrec.InputError, match="received `tial`; did you mean `tail`"):
        figures.compute_gain_and_cost(ROWS, gain="tial")


def test_every_point_is_where_its_numbers_are(well_written):
    figure = well_written(figures.draw_gain_and_cost(figures.compute_gain_and_cost(ROWS)))
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["films", "groceries"]
    ax = figure.axes[0]
    marks = {tuple(line.get_xydata()[0]): line for line in ax.lines if len(line.get_xdata()) == 1}
    assert set(marks) == {(-0.3, 0.1), (0.0, 0.02), (0.0, 0.0)}
    assert to_hex(marks[0.0, 0.02].get_markerfacecolor()) == "#ffffff" != to_hex(marks[-0.3, 0.1].get_markerfacecolor())
    arms = {
        tuple(map(tuple, line.get_xydata().round(6))): line.get_linewidth()
        for line in ax.lines
        if line.get_zorder() == 2
    }
    assert arms[(-0.35, 0.1), (-0.25, 0.1)] == arms[(-0.3, 0.05), (-0.3, 0.15)] > arms[(0.0, -0.03), (0.0, 0.07)]
    assert ax.get_xlabel() == "head (4 users): difference in ndcg from popularity"


def test_the_quadrants_are_named_by_their_corners(well_written):
    figure = well_written(figures.draw_gain_and_cost(figures.compute_gain_and_cost(ROWS)))
    corners = {text.get_text(): tuple(np.round(text.get_position())) for text in figure.axes[0].texts}
    assert corners == {
        "both gain": (1, 1), "tail gains, head pays": (0, 1), "head gains, tail pays": (1, 0), "both pay": (0, 0),
    }  # fmt: skip


@pytest.mark.parametrize("side", [(1, 1), (-1, 1), (1, -1), (-1, -1)])
def test_no_interval_reaches_the_name_of_a_quadrant(side):
    points = figures.compute_gain_and_cost(pd.DataFrame([row("tail", 0.9 * side[0]), row("head", 0.4 * side[1])]))
    figure = figures.draw_gain_and_cost(points)
    figure.draw_without_rendering()
    ax = figure.axes[0]
    for line in [line for line in ax.lines if line.get_zorder() in (2, 3)]:
        box = line.get_window_extent()
        assert not any(box.overlaps(text.get_window_extent()) for text in ax.texts)
    assert ax.get_xlim()[0] < 0 < ax.get_xlim()[1] and ax.get_ylim()[0] < 0 < ax.get_ylim()[1]


def test_nine_long_spellings_and_a_dollar(well_written):
    models = [f"blend:models=[ease:l2={n}00.0,ials:factors=64,alpha=5.0],gate=[5,10,20],$x^{{$" for n in range(9)]
    rows = [row(segment, 0.01 * n, model=model) for n, model in enumerate(models) for segment in ("tail", "head")]
    figure = well_written(figures.draw_gain_and_cost(figures.compute_gain_and_cost(pd.DataFrame(rows))))
    names = [text.get_text().replace("\n", "") for text in figure.legends[0].get_texts()]
    assert names == ["popularity", *models]
