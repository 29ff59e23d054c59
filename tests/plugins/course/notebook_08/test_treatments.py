"""The stored treatments: what the benchmark left, row by row, as the figures and widgets of the house read it."""

import json

import pandas as pd
import pytest
from tailrec_course.notebook_08 import tail_treatments
from tailrec_course.notebook_08.store_treatments import store

import tailrec
from tailrec.figures import compute_gain_and_cost

CONTROL = "CVaR: its random control"
ROWS = [
    ("CVaR", "two-tower", "tail", 0.002, -0.003, 0.006, 0.5, 'two-tower:objective="cvar:share=0.7"'),
    ("CVaR", CONTROL, "tail", 0.003, 0.001, 0.007, 0.02, 'two-tower:objective="cvar:share=0.7"'),
    ("CVaR", "two-tower", "head", -0.007, -0.02, 0.008, 0.4, 'two-tower:objective="cvar:share=0.7"'),
    ("two-tower", "EASE", "tail", 0.01, 0.0, 0.02, 0.05, "two-tower"),
    ("by history", "two-tower", "tail", 0.0, -0.1, 0.1, 0.9, "two-tower:user=history"),
    ("with features", "two-tower", "tail", 0.0, -0.1, 0.1, 0.9, "two-tower:item=both"),
    ("EASE", "popularity", "tail", 0.0, -0.1, 0.1, 0.9, "ease"),
]
COLUMNS = ["method", "against", "segment", "difference", "low", "high", "p_value", "model"]


@pytest.fixture
def facts(tmp_path):
    table = pd.DataFrame(ROWS, columns=COLUMNS)
    elsewhere = table.assign(scenario="groceries", difference=9.0)
    pd.concat([table.assign(scenario="films"), elsewhere]).to_csv(tmp_path / "facts.csv", index=False)
    return tmp_path / "facts.csv"


def test_of_the_facts_the_films_rows_of_the_two_tower_by_id_are_written(facts, tmp_path):
    store(facts, tmp_path / "stored.json")
    stored = json.loads((tmp_path / "stored.json").read_text(encoding="utf-8"))
    assert [(row[0], row[2], row[3], row[4]) for row in stored["rows"]] == [row[:4] for row in ROWS[:3]]
    assert stored["n_users"] == {"tail": 537, "head": 134}


def test_the_controls_are_told_from_the_plain_model():
    against = {name: set(tail_treatments(name)["baseline"]) for name in ("two-tower", "popularity", "control")}
    assert against["two-tower"] == {"two-tower"} and against["popularity"] == {"popularity"}
    assert all(name.endswith("its random control") for name in against["control"])
    assert sum(len(tail_treatments(name)) for name in against) == len(tail_treatments())


def test_every_treatment_has_its_three_segments_once_and_its_own_adjustment():
    rows = tail_treatments("two-tower")
    assert (rows.groupby("model")["segment"].agg(sorted).map(tuple) == ("all", "head", "tail")).all()
    assert not rows.duplicated(["model", "segment"]).any()
    assert rows["p_adjusted"].tolist() == tailrec.holm(rows["p_value"].to_numpy()).tolist()
    assert ((rows["low"] <= rows["difference"]) & (rows["difference"] <= rows["high"])).all()


def test_the_figures_read_them():
    points = compute_gain_and_cost(tail_treatments("two-tower"))
    assert set(points["gain_users"]) == {537} and set(points["cost_users"]) == {134}
    assert {"CVaR", "group DRO", "streaming DRO", "focal", "effective number"} <= set(points["model"])


def test_every_robust_objective_is_compared_with_its_control():
    assert set(tail_treatments("control")["model"]) == {"CVaR", "group DRO", "streaming DRO", "focal"}
