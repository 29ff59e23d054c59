"""A data set, its split and its preparation under one name."""

import numpy as np
import pandas as pd
import pytest

import tailrec
from tailrec import InputError, PluginError, Scenario, registry
from tailrec.preparing import ThinHistories
from tailrec.scenarios import default_document, default_scenarios, read_scenario, scenario
from tailrec.splitting import LeaveLastOut, Temporal

DAY = 86_400


class Tiny(tailrec.DataPlugin):
    """Three users on ten days, one event a day each."""

    n_items: int = 10

    def load(self):
        frame = pd.DataFrame({"user": np.repeat(range(3), 10), "item": np.arange(30) % self.n_items})
        frame["timestamp"] = np.tile(np.arange(10) * DAY, 3)
        return tailrec.Interactions.from_frame(frame, timestamp="timestamp", duplicates="keep")


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    monkeypatch.setattr(registry, "_registered", {})
    monkeypatch.setattr(Tiny, "name", "")
    tailrec.register.data("tiny")(Tiny)


def test_its_name_is_that_of_its_data_unless_it_has_one():
    data = Tiny().load()
    assert Scenario("tiny:n_items=5").name == "tiny"
    assert Scenario(Tiny()).name == "tiny"
    assert Scenario(data).name == "data"
    assert Scenario(tailrec.Interactions.from_frame(data.frame, title="Ten days", duplicates="keep")).name == "Ten days"
    assert Scenario("tiny", name="mine").name == "mine"


def test_data_come_by_name_by_plugin_or_as_they_are_and_are_loaded_once():
    data = Tiny().load()
    assert Scenario(data).interactions is data
    for one in ("tiny:n_items=5", Tiny(n_items=5)):
        made = Scenario(one)
        assert made.interactions.n_items == 5 and made.interactions is made.interactions


def test_a_scenario_gives_its_prepared_split():
    made = Scenario("tiny", split="leave-last-out", prepare=["thin-histories:keep=0,longest=1"])
    ((name, parts),) = made.splits()
    assert name == "all" and parts.train.history_lengths().tolist() == [1, 1, 1]
    assert parts.removed[0].step == "thin-histories:keep=0.0,longest=1"
    same = Scenario(Tiny(), split=LeaveLastOut(), prepare=ThinHistories(keep=0.0, longest=1))
    assert next(same.splits())[1].train.frame.equals(parts.train.frame)


def test_without_a_split_it_takes_the_one_that_fits():
    ((_, parts),) = Scenario("tiny").splits()
    # Of ten events the last two are the test and the one before them the validation.
    assert parts.train.history_lengths().tolist() == [7, 7, 7]


def test_every_window_is_a_split_of_its_own():
    how = "temporal:train=3,validation=1,test=1,unit=day"
    made = Scenario("tiny", split=how, windows=[0, 2.5, np.int64(5)])
    found = dict(made.splits())
    assert list(found) == ["0", "2.5", "5"]
    for start, parts in found.items():
        days = parts.train.frame["timestamp"].unique() // DAY
        assert days.tolist() == [day for day in range(10) if float(start) <= day < float(start) + 3]
    assert made.windows == [0, 2.5, 5] and type(made.windows[2]) is int


def test_it_is_written_as_it_was_given():
    made = Scenario(Tiny(n_items=5), split=Temporal(unit="day"), prepare=[ThinHistories(seed=3), "drop-rare-items"])
    assert repr(made) == "Scenario(tiny: tiny:n_items=5, temporal:unit=day, thin-histories:seed=3 + drop-rare-items)"
    assert repr(Scenario(Tiny().load(), name="mine")) == "Scenario(mine: interactions)"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"data": 3}, "expected the name of a data set, a data plugin or interactions, received 3"),
        ({"data": "tiny:"}, "expected parameters after the colon"),
        ({"data": "tiny", "split": "tempral"}, "scenario `tiny`: no split is named `tempral`; did you mean `temporal`"),
        ({"data": "tiny", "split": "random:test=2"}, "scenario `tiny`: random: expected `test` to be less than 1"),
        ({"data": "tiny", "prepare": ["thin"]}, "scenario `tiny`: no preparation step is named `thin`"),
        ({"data": "tiny", "prepare": "thin-histories:keep=2"}, "expected `keep` to be less than 1"),
        (
            {"data": "tiny", "split": "random", "windows": [0]},
            "expected a `temporal` split beside `windows`, rec",
        ),
        ({"data": "tiny", "windows": [0]}, "expected a `temporal` split beside `windows`, received None"),
        ({"windows": []}, r"expected `windows` to be one or more different starts, received \[\]"),
        ({"windows": [1, 1.0]}, "one or more different starts"),
        ({"windows": ["a"]}, "one or more different starts"),
        ({"windows": [-1]}, "expected `start` to be greater than or equal to 0, received -1.0"),
        ({"split": "temporal", "windows": [3]}, "expected `train`, `validation` and `test` together"),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_made(values, said):
    whole = {"data": "tiny", "split": "temporal:train=3,validation=1,test=1,unit=day"}
    with pytest.raises(InputError, match=said):
        Scenario(**(values if "data" in values else whole | values))


def test_a_window_without_events_names_itself():
    made = Scenario("tiny", split="temporal:train=3,validation=1,test=1,unit=day", windows=[0, 40])
    with pytest.raises(InputError, match="found none between day 40 and 43; the data spans 9 days"):
        list(made.splits())


def test_a_data_set_must_return_interactions():
    class Wrong(tailrec.DataPlugin):
        def load(self):
            return pd.DataFrame()

    with pytest.raises(InputError, match="data set `Wrong`: expected `load` to return Interactions, rec"):
        list(Scenario(Wrong()).splits())


def test_the_default_scenarios_are_those_of_the_data_file():
    known = default_scenarios()
    assert list(known) == [table["name"] for table in default_document()["scenario"]]
    assert known["groceries"].windows == [0, 8, 16, 24, 32, 40]
    assert known["films"].spelled()["prepare"] == "thin-histories:seed=0"


def test_a_scenario_by_name_is_a_default_one_or_a_data_set():
    assert scenario("films").spelled() == default_scenarios()["films"].spelled()
    assert default_scenarios()["groceries"].models and scenario("groceries").models is None
    assert scenario("tiny:n_items=5").interactions.n_items == 5
    made = Scenario("tiny")
    assert scenario(made) is made and scenario(Tiny()).name == "tiny"
    with pytest.raises(InputError, match=r"no scenario and no data set is named `film`; did you mean `films`"):
        scenario("film")
    with pytest.raises(InputError, match=r"no scenario and no data set is named `tny`; did you mean `tiny`"):
        scenario("tny:n_items=5")


def test_a_parameter_of_the_data_is_checked_when_it_is_loaded():
    with pytest.raises(InputError, match="tiny: unknown parameter `items`; did you mean `n_items`"):
        list(Scenario("tiny:items=5").splits())
    with pytest.raises(PluginError, match="no data is named `tny`"):
        list(Scenario("tny").splits())


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"name": "x"}, "here: expected `data`, the name of a data set, received only `name`"),
        ({}, "here: expected `data`, the name of a data set, received only nothing"),
        ({"data": "tiny", "splt": "random"}, "here: unknown key `splt`; did you mean `split`"),
        ({"data": 3}, "here: expected `data` to be text, received 3"),
        (
            {"data": "tiny", "prepare": "thin-histories"},
            "here: expected `prepare` to be a list of texts, rec",
        ),
        ({"data": "tiny", "prepare": [3]}, r"here: expected `prepare` to be a list of texts, received \[3\]"),
        ({"data": "tiny", "models": [3]}, r"here: expected `models` to be a list of texts, received \[3\]"),
        ({"data": "tiny", "windows": 3}, "here: expected `windows` to be a list of numbers, received 3"),
        ({"data": "tiny", "split": "radom"}, "here: scenario `tiny`: no split is named `radom`"),
    ],
)
def test_a_table_of_a_file_that_cannot_be_is_refused_with_its_place(table, said):
    with pytest.raises(InputError, match=said):
        read_scenario(table, "here")
