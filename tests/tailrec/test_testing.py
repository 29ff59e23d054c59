"""For tests and docstrings: the tiny data, and the kit as a pytest decorator."""

import subprocess
import sys

import pytest

import tailrec
from tailrec.testing import parametrize_with_checks

_TESTS = """
from typing import ClassVar

import numpy as np, pytest, tailrec
from tailrec.testing import parametrize_with_checks

class Sound(tailrec.MetricPlugin):
    def per_user(self, ranking):
        return np.where(ranking.n_targets > 0, ranking.hits.any(axis=1), np.nan)

class NoNan(Sound):
    def per_user(self, ranking):
        return ranking.hits.any(axis=1).astype(float)

class Declared(NoNan):
    expected_failures: ClassVar[dict] = {"undefined-is-nan": "everybody is asked something"}

class Stale(Sound):
    expected_failures: ClassVar[dict] = {"undefined-is-nan": "it was so once"}

class Unfinished(tailrec.MetricPlugin):
    pass

@parametrize_with_checks([Sound, NoNan, Declared, Stale, Unfinished, Sound()])
def test_plugin(plugin, check):
    check(plugin)

@parametrize_with_checks([NoNan], expected_failures={"undefined-is-nan": "told beside the plugins"})
def test_told(plugin, check):
    check(plugin)
"""


def test_the_tiny_data_are_those_of_the_table():
    data = tailrec.testing.tiny()
    events = data.frame.assign(user=data.users[data.frame["user"]], item=data.items[data.frame["item"]])
    events["told"] = events["item"] + " " + events["rating"].astype(int).astype(str)
    told = events.groupby("user")["told"].apply(" ".join).to_dict()
    rows = [line.split(maxsplit=1) for line in (tailrec.testing.tiny.__doc__ or "").splitlines()]
    table = {row[0]: row[1].replace(",", "") for row in rows if len(row) == 2 and len(row[0]) == 1}
    assert told == table
    assert events.groupby("user")["timestamp"].apply(list).map(lambda days: days == list(range(1, len(days) + 1))).all()
    assert data.ordered and data.item_features.columns.tolist() == ["title", "genres"]


def test_every_call_gives_tiny_data_of_its_own():
    one = tailrec.testing.tiny()
    one.frame["item"] = 0
    assert tailrec.testing.tiny().frame["item"].max() == 5


def test_the_decorator_makes_a_test_of_every_plugin_and_check(tmp_path):
    (tmp_path / "test_mine.py").write_text(_TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-rxf", "-p", "no:cacheprovider", "--tb=line", str(tmp_path)]
    out = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path).stdout
    failed = {line.split("::")[1].split(" - ")[0] for line in out.splitlines() if line.startswith("FAILED")}
    xfailed = {line.split("::")[1].split(" - ")[0] for line in out.splitlines() if line.startswith("XFAIL")}
    assert failed == {
        "test_plugin[NoNan-undefined-is-nan]",
        "test_plugin[Stale-undefined-is-nan]",
        "test_plugin[Unfinished-loads]",
    }, out
    assert xfailed == {"test_plugin[Declared-undefined-is-nan]", "test_told[NoNan-undefined-is-nan]"}, out
    assert "return np.nan where `ranking.n_targets` is 0" in out and "Unfinished lacks `per_user`" in out


def test_the_ids_are_the_plugin_and_the_check():
    mark = parametrize_with_checks(["ndcg:k=3", tailrec.metric("ndcg", k=3)]).args[1]
    ids = [parameter.id for parameter in mark]
    assert "ndcg:k=3-undefined-is-nan" in ids and "ndcg:k=3-2-undefined-is-nan" in ids and len(set(ids)) == len(ids)


def test_an_expected_failure_of_no_check_is_refused_at_once():
    with pytest.raises(tailrec.InputError, match="did you mean `batches-agree`"):
        parametrize_with_checks(["ease"], expected_failures={"batches-agre": "a slip"})
