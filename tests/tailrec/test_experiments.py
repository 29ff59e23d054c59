"""Experiments read from TOML, with a place for every mistake, and written so that they are read back."""

import tomllib
from typing import ClassVar, Literal

import numpy as np
import pandas as pd
import pytest

import tailrec
from tailrec import InputError, PluginError, Scenario, names, registry
from tailrec.experiments import default_experiment, experiment, from_mapping, read_experiment, to_toml
from tailrec.scenarios import default_document
from tailrec.segments import ByLength
from tailrec.weighting import InverseActivity


class Toy(tailrec.ModelPlugin):
    k: int = 3
    kind: Literal["a", "b"] = "a"
    seed: int = 0
    text: str | None = None

    def fit(self, train, *, weights=None, validation=None):
        return self

    def score(self, users):
        return np.zeros((len(users), 1))


class Other(Toy):
    uses_weights: ClassVar[bool] = True


class ToyData(tailrec.DataPlugin):
    n: int = 3

    def load(self):
        return tailrec.Interactions.from_frame(pd.DataFrame({"user": range(self.n), "item": range(self.n)}))


class Share(tailrec.MetricPlugin):
    k: int = 10

    def per_user(self, ranking):
        return np.zeros(len(ranking.items))


@pytest.fixture(autouse=True)
def toys(monkeypatch):
    monkeypatch.setattr(registry, "_registered", {})
    for cls in (Toy, Other, ToyData, Share):
        monkeypatch.setattr(cls, "name", "")
    tailrec.register.model("toy")(Toy)
    tailrec.register.model("other")(Other)
    tailrec.register.data("toy-data")(ToyData)
    tailrec.register.metric("share")(Share)


def spelled(things):
    return [names.spelling(one) for one in things]


def describe(what):
    scenarios = [(one.name, one.spelled(), one.windows, one.models) for one in what.scenarios]
    rest = (what.baseline, what.seeds, names.spelling(what.segments), what.weights, what.threads, what.resamples)
    return scenarios, spelled(what.models), spelled(what.metrics), rest


WHOLE = """
baseline = "toy"
seeds = 2
segments = "activity:newest=3"
weights = "inverse-activity:exponent=0.5"
threads = 2
resamples = 500

[[scenario]]
name = "first"
data = "toy-data:n=5"
split = "temporal:train=4,validation=1,test=4,unit=week"
prepare = ["drop-rare-items:min_users=2", "thin-histories"]
windows = [0, 8.5]
models = ["other"]

[[scenario]]
data = "toy-data"

[[model]]
name = "toy"

[[model]]
name = "other:kind=b"
k = 5
text = "a,b"

[[metric]]
name = "share"
k = 20
"""


def written(folder, text):
    path = folder / "run.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_says_everything(tmp_path):
    what = read_experiment(written(tmp_path, WHOLE))
    first, second = what.scenarios
    assert (first.name, second.name, first.windows, list(first.models)) == ("first", "toy-data", [0, 8.5], ["other"])
    assert spelled(what.models) == ["toy", 'other:k=5,kind=b,text="a,b"']
    assert spelled(what.metrics) == ["share:k=20"]
    assert (what.baseline, what.seeds, what.segments, what.threads, what.resamples) == (
        "toy", 2, "activity:newest=3", 2, 500,
    )  # fmt: skip
    assert what.weights == "inverse-activity:exponent=0.5"


@pytest.mark.parametrize(
    "make",
    [
        lambda: from_mapping(tomllib.loads(WHOLE), "here"),
        lambda: experiment("toy-data", ["toy", Toy(k=5, text='a "b" \\ ,[c]')], [Share(k=3)], baseline="toy"),
        lambda: experiment(
            Scenario(ToyData(n=4), split=tailrec.splitting.LeaveLastOut(), prepare="drop-rare-items"),
            "other", "share", segments=ByLength(cuts=[2, 5]), weights=InverseActivity(exponent=2.0), baseline="other",
        ),
        default_experiment,
    ],
)  # fmt: skip
def test_what_is_written_is_read_back(make, tmp_path):
    what = make()
    again = read_experiment(written(tmp_path, to_toml(what)))
    wanted, found = describe(what), describe(again)
    assert found[:3] == wanted[:3]
    assert [str(part) for part in found[3][:3]] == [str(part) for part in wanted[3][:3]]
    assert names.spelling(what.weights or "") == (again.weights or "") and found[3][4:] == wanted[3][4:]
    assert to_toml(again) == to_toml(what)


def test_changes_stand_above_the_file_which_is_then_not_read_for_them(tmp_path):
    path = written(tmp_path, WHOLE.replace('name = "other:kind=b"', 'name = "not-installed-here"'))
    what = read_experiment(path, models=["toy", "other"], seeds=5, metrics=None, weights=None)
    assert spelled(what.models) == ["toy", "other"] and what.seeds == 5 and spelled(what.metrics) == ["share:k=20"]
    assert what.weights == "inverse-activity:exponent=0.5"
    what = read_experiment(written(tmp_path, WHOLE), scenarios=["toy-data"])
    assert [one.name for one in what.scenarios] == ["toy-data"] and what.scenarios[0].models is None
    with pytest.raises(InputError, match="^expected `seeds` to be an integer of at least 1, received 0"):
        read_experiment(path, models=["toy", "other"], seeds=0)


def test_a_metric_and_empty_texts_may_be_left_out(tmp_path):
    text = 'baseline = ""\nweights = ""\n[[scenario]]\ndata = "toy-data"\n[[model]]\nname = "toy"\n'
    what = read_experiment(written(tmp_path, text))
    assert (
        spelled(what.metrics) == ["ndcg"] and what.weights is None and what.baseline == default_document()["baseline"]
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("seeds = 2", "seds = 2", "run.toml: unknown key `seds`; did you mean `seeds`"),
        ("[[model]]", "[[models]]", "run.toml: unknown key `models`; did you mean `model`"),
        ("split = ", "splt = ", r"run.toml, \[\[scenario\]\] 1: unknown key `splt`; did you mean `split`"),
        ('data = "toy-data"\n', "", r"run.toml, \[\[scenario\]\] 2: expected `data`, .* received only nothing"),
        ('data = "toy-data"\n', 'data = ["toy-data"]\n', r"\[\[scenario\]\] 2: expected `data` to be text, rec"),
        ("windows = [0, 8.5]", 'windows = "0"', r"\[\[scenario\]\] 1: expected `windows` to be a list of numbers"),
        ("windows = [0, 8.5]", "windows = []", r"\[\[scenario\]\] 1: scenario `first`: expected `windows` to be"),
        ('prepare = ["drop', 'prepare = ["drp', r"\[\[scenario\]\] 1: scenario `first`: no preparation step is named"),
        ("train=4", "tain=4", r"\[\[scenario\]\] 1: scenario `first`: temporal: unknown parameter `tain`; did you"),
        ("seeds = 2", 'seeds = "2"', "run.toml: expected `seeds` to be an integer of at least 1, received '2'"),
        ("threads = 2", "threads = 1.5", "run.toml: expected `threads` to be an integer of at least 1, received 1.5"),
        ("resamples = 500", "resamples = true", "run.toml: expected `resamples` to be an integer of at least 100"),
        ('baseline = "toy"', "baseline = 3", "run.toml: expected the name of a model, .* received 3"),
        ('segments = "activity', 'segments = "activty', "run.toml: no segment rule is named `activty`; did you mean"),
        ('"inverse-activity', '"inverse-actvity', "run.toml: no weighting scheme is named `inverse-actvity`"),
        ("newest=3", "newest=0", "run.toml: activity: expected `newest` to be greater than or equal to 1, rec"),
        ("k = 5", 'k = "five"', r"run.toml, \[\[model\]\] 2: other: expected `k` to be a valid integer, received 'f"),
        ("k = 5", "kk = 5", r"run.toml, \[\[model\]\] 2: other: unknown parameter `kk`; did you mean `k`"),
        ('name = "toy"', 'nme = "toy"', r"run.toml, \[\[model\]\] 1: expected `name`, the name of a model, received"),
        ('"other:kind=b"', '"other:kind"', r"\[\[model\]\] 2: expected `key=value` after `other:`, received 'kind'"),
        ('models = ["other"]', 'models = ["ohter"]', "run.toml: scenario `first`: no model of the comparison is named"),
        ('data = "toy-data"\n', 'data = "toy-data"\nname = "first"\n', "a name of its own, received `first` twice"),
        ('"other:kind=b"\nk = 5\ntext = "a,b"', '"toy:k=3"', "run.toml: expected every model once, received `toy`"),
    ],
)
def test_a_mistake_in_a_file_is_said_with_its_place(tmp_path, old, new, said):
    assert old in WHOLE
    path = written(tmp_path, WHOLE.replace(old, new, 1))
    with pytest.raises(InputError, match=said):
        read_experiment(path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"other:kind=b"', '"ohter"', r"run.toml, \[\[model\]\] 2: no model is named `ohter`; did you mean `other`"),
        ('"share"', '"shar"', r"run.toml, \[\[metric\]\] 1: no metric is named `shar`; did you mean `share`"),
        ('baseline = "toy"', 'baseline = "tooy"', "run.toml: no model is named `tooy`; did you mean `toy`"),
    ],
)
def test_an_unknown_plugin_in_a_file_is_said_with_its_place(tmp_path, old, new, said):
    with pytest.raises(PluginError, match=said):
        read_experiment(written(tmp_path, WHOLE.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"seeds = 2\nbaseline = toy\n", r"run.toml: not valid TOML: Invalid value \(at line 2, column 12\)"),
        (b"seeds = 2\nseeds = 3\n", r"not valid TOML: Cannot overwrite a value \(at line 2"),
        (b"seeds 2\n", r"not valid TOML: .*line 1"),
        ("baseline = 'é'\n".encode("latin-1"), r"expected text in UTF-8, received another encoding \(byte 12\)"),
        (b"scenario = 3\n", r"run.toml: expected `scenario` as tables written \[\[scenario\]\], received 3"),
        (b"[scenario]\ndata = 'x'\n", r"expected `scenario` as tables written \[\[scenario\]\], received \{'data'"),
        (b"", "run.toml: expected at least one scenario or data set"),
    ],
)
def test_a_file_that_is_no_experiment_is_said(tmp_path, content, said):
    path = tmp_path / "run.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_experiment(path)


def test_a_file_that_cannot_be_read_is_said(tmp_path):
    written(tmp_path, WHOLE)
    with pytest.raises(
        InputError, match="rnu.toml: expected an experiment file, there is none of that name; did you mean `ru"
    ):
        read_experiment(tmp_path / "rnu.toml")
    with pytest.raises(InputError, match="there is none of that name; its folder does not exist"):
        read_experiment(tmp_path / "nowhere" / "run.toml")
    with pytest.raises(InputError, match="expected .*, received a folder; name a file such as .*run.toml"):
        read_experiment(tmp_path)
    with pytest.raises(InputError, match="run.toml/x: the experiment file cannot be read: Not a directory"):
        read_experiment(tmp_path / "run.toml" / "x")


def test_the_default_experiment_is_that_of_the_data_file():
    document = default_document()
    what = default_experiment()
    assert [one.name for one in what.scenarios] == [table["name"] for table in document["scenario"]]
    left_out = {note.partition(" ")[0] for note in what.notes if "is left out" in note}
    assert {one.name for one in what.models} == {table["name"] for table in document["model"]} - left_out
    assert what.seeds == document["seeds"] and what.baseline == document["baseline"]
    assert any(note.startswith("on groceries only") for note in what.notes)


def test_a_default_model_that_is_not_installed_is_left_out_and_that_is_said(monkeypatch):
    found = tuple(one for one in registry.installed() if one.name not in ("ease", "blend"))
    monkeypatch.setattr(registry, "installed", lambda: found)
    what = default_experiment()
    assert {"ease", "blend"}.isdisjoint(spelled(what.models))
    assert {"ease is left out: it is not installed", "blend is left out: it is not installed"} <= set(what.notes)
    groceries = next(one for one in what.scenarios if one.name == "groceries")
    assert spelled(what.models_for(groceries)) == ["popularity"]


def test_a_default_model_that_is_broken_is_left_out_with_its_reason(monkeypatch):
    load = registry.find

    def find(kind, name):
        if name == "ials":
            raise PluginError("the model `ials` could not be loaded: ImportError: no BLAS")
        return load(kind, name)

    monkeypatch.setattr(registry, "find", find)
    what = default_experiment()
    assert "ials" not in spelled(what.models)
    reason = "default.toml: the model `ials` could not be loaded: ImportError: no BLAS"
    # The blend is made of it, and cannot be used either.
    assert {f"ials is left out: {reason}", f"blend is left out: {reason}"} <= set(what.notes)


def test_changes_to_the_default_experiment():
    what = default_experiment(scenarios=["toy-data"], metrics=["share"], seeds=1)
    assert (
        [one.name for one in what.scenarios] == ["toy-data"] and what.seeds == 1 and spelled(what.metrics) == ["share"]
    )
    # The default models keep to the list of the scenario; models of one's own run everywhere.
    (groceries,) = default_experiment(scenarios="groceries").scenarios
    assert list(groceries.models) == ["popularity", "ease", "blend"]
    for what in (
        default_experiment(models=["toy"]),
        default_experiment(scenarios=["films", "groceries"], models="toy"),
    ):
        for place in what.scenarios:
            assert spelled(what.models_for(place)) == ["popularity", "toy"]
    with pytest.raises(InputError, match="^expected `seeds`"):
        default_experiment(seeds=0)
