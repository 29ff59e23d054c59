from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import tailrec
from tailrec import figures


def table(tail, head, model="ease", scenario="films", value="difference"):
    rows = [
        {"scenario": scenario, "window": "all", "model": model, "baseline": "popularity", "segment": segment,
         "metric": "ndcg", value: v, "low": v - 0.1, "high": v + 0.2}
        for segment, v in (("all", 9.0), ("tail", tail), ("head", head))
    ]  # fmt: skip
    return pd.DataFrame(rows).drop(columns=["baseline"] if value == "value" else [])


def test_the_curve_of_differences_runs_along_the_parameter():
    points = figures.compute_trade_off({1.0: table(0.3, 0.1), 0.0: table(0.1, 0.5), 0.5: table(0.2, 0.4)})
    assert points[["parameter", "gain", "cost"]].values.tolist() == [[0, 0.1, 0.5], [0.5, 0.2, 0.4], [1, 0.3, 0.1]]
    np.testing.assert_allclose(
        points.loc[0, ["gain_low", "gain_high", "cost_low", "cost_high"]].tolist(), [0, 0.3, 0.4, 0.7]
    )
    assert set(points["against"]) == {"popularity"} and set(points["model"]) == {"ease"}


def test_a_summary_gives_plain_values():
    points = figures.compute_trade_off({0: table(0.1, 0.5, value="value"), 1: table(0.2, 0.3, value="value")})
    assert points[["gain", "cost", "against"]].values.tolist() == [[0.1, 0.5, ""], [0.2, 0.3, ""]]


def test_a_parameter_of_the_model_itself_makes_one_curve():
    points = figures.compute_trade_off({n: table(0.1 * n, 0, f"blend:gate={n}") for n in (1, 2)})
    assert points[["model", "parameter"]].values.tolist() == [["blend", 1], ["blend", 2]]


def test_several_models_are_several_curves_and_one_can_be_chosen():
    tables = {n: pd.concat([table(0.1 * n, 0), table(0.2, 0.1 * n, "ials"), table(1, 1, scenario="g")]) for n in (0, 1)}
    points = figures.compute_trade_off(tables)
    assert points[["scenario", "model", "parameter"]].values.tolist() == [
        ["films", "ease", 0], ["films", "ease", 1], ["films", "ials", 0], ["films", "ials", 1],
        ["g", "ease", 0], ["g", "ease", 1],
    ]  # fmt: skip
    assert set(figures.compute_trade_off(tables, model="ials")["model"]) == {"ials"}


@pytest.mark.parametrize(
    ("tables", "values", "message"),
    [
        ({}, {}, "at least one value of the parameter, received none"),
        (
            {0.5: table(0, 0)},
            {"gain": "tial"},
            "the table of 0.5: expected rows of the segment `tial`; did you mean `tail`",
        ),
        ({0.5: table(0, 0)}, {"model": "easy"}, "rows of the model `easy`"),
        ({0.5: table(0, 0)}, {"metric": "auc"}, "rows of the metric `auc`"),
    ],
)
def test_what_is_missing_is_said(tables, values, message):
    with pytest.raises(tailrec.InputError, match=message):
        figures.compute_trade_off(tables, **values)


def drawn(models=("ease",), chosen=None):
    """Return curves whose ends lie close to one another."""
    tables = {
        n: pd.concat([table(0.01 * n + 0.002 * at, 0.1 - 0.01 * n, m) for at, m in enumerate(models)]) for n in range(4)
    }
    return figures.draw_trade_off(figures.compute_trade_off(tables), "exponent $x^{$", chosen=chosen)


def test_the_line_goes_through_the_points_and_its_ends_are_labelled(well_written):
    figure = well_written(drawn(chosen=2))
    (ax,) = figure.axes
    curve = next(line for line in ax.lines if len(line.get_xdata()) == 4)
    np.testing.assert_allclose(curve.get_xydata(), [[0.1 - 0.01 * n, 0.01 * n] for n in range(4)])
    assert {text.get_text(): tuple(np.round(text.xy, 3)) for text in ax.texts} == {"0": (0.1, 0), "3": (0.07, 0.03)}
    ring = next(line for line in ax.lines if line.get_markersize() == 14)
    np.testing.assert_allclose(ring.get_xydata(), [[0.08, 0.02]])
    assert "exponent $x^{$" in figure.legends[0].get_title().get_text()


def test_the_ends_of_close_curves_do_not_cover_one_another():
    figure = drawn([f"m{n}" for n in range(5)])
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    assert len(boxes) == 10
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_one_point_has_one_label():
    figure = figures.draw_trade_off(figures.compute_trade_off({0.5: table(0.1, 0.2)}))
    assert [text.get_text() for text in figure.axes[0].texts] == ["0.5"]
