import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

import tailrec
from tailrec import figures


def row(scenario="films", window="all", model="ease", segment="all", metric="ndcg", difference=0.1, p=0.01, **values):
    interval = {"low": difference - 0.05, "high": difference + 0.05, "p_value": p, "p_adjusted": p, "n_users": 9}
    names = {"scenario": scenario, "window": window, "model": model, "segment": segment, "metric": metric}
    return names | {"baseline": "popularity", "difference": difference} | interval | values


ROWS = pd.DataFrame([
    row(segment="all"), row(segment="tail", difference=-0.1), row(segment="new", difference=0.0, p=np.nan),
    row(segment="head", difference=np.nan, p=np.nan), row(metric="recall", difference=0.9),
    row(scenario="groceries", window="0", difference=0.2), row(scenario="groceries", window="8", difference=0.3),
    row(scenario="groceries", window="pooled", difference=0.02),
    row(scenario="groceries", window="pooled", model="bpr"),
    row(scenario="third", window="0", difference=0.4), row(scenario="third", window="8", difference=0.5),
])  # fmt: skip


def test_the_forest_shows_the_first_metric_pooled_windows_and_what_was_tested():
    rows = figures.compute_forest(ROWS)
    assert rows.columns.tolist() == ["scenario", "model", "segment", "n_users", "difference", "low", "high", "verdict"]
    assert rows[["scenario", "model", "segment", "difference", "verdict"]].values.tolist() == [
        ["films", "ease", "all", 0.1, "better"],
        ["films", "ease", "tail", -0.1, "worse"],
        ["groceries", "ease", "all", 0.02, "no difference shown"],
        ["groceries", "bpr", "all", 0.1, "better"],
        ["third", "ease", "all", 0.4, "better"],
    ]


def test_the_forest_of_another_metric_and_of_nothing():
    assert figures.compute_forest(ROWS, "recall")["difference"].tolist() == [0.9]
    assert figures.compute_forest(ROWS, "auc").empty and figures.compute_forest(ROWS.iloc[:0]).empty


def drawn(rows):
    figure = figures.draw_forest(figures.compute_forest(pd.DataFrame(rows)), "ndcg", "popularity")
    figure.draw_without_rendering()
    return figure


def points(ax):
    """Return, by height, the position of every point, its bar and whether it is filled."""
    bars = {line.get_ydata()[0]: tuple(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2}
    marks = [line for line in ax.lines if len(line.get_xdata()) == 1]
    return sorted(
        (m.get_ydata()[0], m.get_xdata()[0], bars[m.get_ydata()[0]], to_hex(m.get_markerfacecolor())) for m in marks
    )


def test_every_point_is_where_its_number_is():
    figure = drawn([row(segment="all"), row(segment="tail", difference=-0.1, p=0.5), row(model="bpr", difference=0.3)])
    (ax,) = figure.axes
    (_, x_all, bar, filled), (_, x_tail, _, hollow), (_, x_bpr, *_) = points(ax)
    assert (x_all, bar, x_tail, x_bpr) == (0.1, (0.05, pytest.approx(0.15)), -0.1, 0.3)
    assert filled != "#ffffff" and hollow == "#ffffff"
    assert ax.get_xlabel() == "difference in ndcg from popularity: left is worse, right is better"
    assert [label.get_text() for label in ax.get_yticklabels()] == ["ease", "bpr"]
    assert {text.get_text() for text in figure.legends[0].get_texts()} == {"all", "tail"}


def test_a_panel_for_every_scenario():
    figure = drawn(ROWS)
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["films", "groceries", "third"]


@pytest.mark.parametrize(("n_models", "n_segments"), [(1, 1), (1, 9), (2, 4), (9, 1), (9, 9)])
def test_nothing_written_overlaps_or_leaves_the_page(n_models, n_segments, well_written):
    models = [f"blend:models=[ease:l2={n}00.0,ials:factors=64,alpha=5.0],gate=[5,10,20]" for n in range(n_models)]
    well_written(drawn([row(model=m, segment=f"{s}-{s + 1}") for m in models for s in range(n_segments)]))


def test_a_dollar_in_a_name_is_a_dollar():
    figure = drawn([row(scenario="$a_{$", model="$x^{$", segment="$_$")])
    figure.savefig("/dev/null", format="png")
    assert figure.axes[0].get_title(loc="left") == "$a_{$"


def test_nothing_to_draw_is_said():
    with pytest.raises(tailrec.InputError, match="at least one row to draw, received none"):
        figures.draw_forest(figures.compute_forest(ROWS.iloc[:0]), "ndcg", "popularity")
