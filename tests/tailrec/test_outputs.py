import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tailrec
from tailrec.experiments import read_experiment
from tailrec.outputs import run_toml, summary_json, write_outputs


@pytest.fixture(scope="module")
def result():
    return tailrec.compare(
        "synthetic:n_users=30,n_items=20", ["popularity", "ease:l2=10.0"], ["ndcg", "coverage"], seeds=2,
        weights="inverse-activity:exponent=0.5", segments="length:cuts=[6]",
    )  # fmt: skip


def refuse(constant):
    raise ValueError(constant)


def test_the_summary_is_json_and_says_what_the_result_says(result):
    found = json.loads(summary_json(result), parse_constant=refuse)
    assert found.keys() == {"summary", "differences"}
    for name, table in (("summary", result.summary()), ("differences", result.differences())):
        assert [list(row) for row in found[name]] == [table.columns.tolist()] * len(table)
        for row, expected in zip(found[name], table.to_dict(orient="records"), strict=True):
            assert all(row[k] == v or (row[k] is None and math.isnan(v)) for k, v in expected.items()), row
    assert any(row["p_value"] is None for row in found["differences"])


def test_a_number_is_written_with_all_its_digits(result):
    value = result.summary()["value"][0]
    assert json.loads(summary_json(result))["summary"][0]["value"] == value != round(value, 10)


def test_the_four_files(result, tmp_path):
    paths = write_outputs(result, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*paths, "pieces"}
    assert list(paths) == ["summary.json", "results.parquet", "run.toml", "report.html"]
    assert paths["summary.json"].read_text() == summary_json(result)
    pd.testing.assert_frame_equal(pd.read_parquet(paths["results.parquet"]), result.per_user())
    assert paths["report.html"].read_text().startswith("<!doctype html>")


def test_ids_of_any_type_and_many_people_fit_into_the_table(tmp_path):
    events = pd.DataFrame({"user": np.repeat(np.arange(12), 4), "item": np.tile(np.arange(8), 6)})
    found = tailrec.compare(tailrec.Interactions.from_frame(events), "popularity", "ndcg:k=3")
    table = pd.read_parquet(write_outputs(found, tmp_path)["results.parquet"])
    assert set(table["user"]) <= {str(user) for user in range(12)}


def test_the_specification_reads_back_as_it_was(result, tmp_path):
    (tmp_path / "run.toml").write_text(run_toml(result))
    read = read_experiment(tmp_path / "run.toml")
    same = {"scenarios": [], "models": [], "metrics": [], "notes": ()}
    assert replace(read, **same) == replace(result.experiment, **same)
    assert run_toml(replace(result, experiment=read)) == run_toml(result)
    assert [repr(one) for one in (*read.models, *read.metrics, *read.scenarios)] == [
        repr(one) for one in (*result.experiment.models, *result.experiment.metrics, *result.experiment.scenarios)
    ]


def test_versions_stand_in_comments(result):
    comments = [line for line in run_toml(result).splitlines() if line.startswith("#")]
    assert f"# tailrec {tailrec.__version__}" in comments and f"# numpy {np.__version__}" in comments
