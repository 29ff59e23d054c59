"""Names to classes: real packages on a path of their own, and classes registered in a cell."""

import sys
from typing import ClassVar

import numpy as np
import pytest

import tailrec
from tailrec import InputError, PluginError, interfaces, registry

pytestmark = pytest.mark.usefixtures("nothing_left_behind")


def a_metric():
    class TailShare(tailrec.MetricPlugin):
        k: int = 10

        def per_user(self, ranking):
            return np.zeros(len(ranking.items))

    return TailShare


def statuses():
    return {(found.kind, found.name): found.status for found in registry.listing()}


def test_an_installed_package_is_listed_and_made_by_name(install, a_model):
    install("apack", {"first-one": "apack:First", "second": "apack:Second"}, a_model("First"))
    row = next(found for found in registry.listing() if found.name == "first-one")
    assert (row.kind, row.version, row.source, row.status) == ("model", "1.2", "apack", "ok")
    assert "apack" not in sys.modules
    made = tailrec.model("first-one", k=5)
    assert made.k == 5 and made.name == "first-one" and type(made) is registry.find("model", "first-one")


def test_the_table_has_a_row_a_plugin(install, a_model):
    install("apack", {"first": "apack:First"}, a_model("First"))
    tailrec.register.metric("tail-share")(a_metric())
    table = tailrec.plugins().set_index(["kind", "name"])
    assert table.loc[("model", "first")].tolist() == ["1.2", "apack", "ok"]
    assert "registered here" in table.loc[("metric", "tail-share"), "source"]
    assert list(table.index) == sorted(table.index)


def test_an_unknown_name_is_offered_the_nearest_or_all(install, a_model):
    install("apack", {"first": "apack:First"}, a_model("First"))
    tailrec.register.metric("tail-share")(a_metric())
    with pytest.raises(PluginError, match=r"no model is named `frist`; did you mean `first`\?"):
        tailrec.model("frist")
    with pytest.raises(PluginError, match=r"no metric is named `tailshare`; did you mean `tail-share`\?"):
        tailrec.metric("tailshare")
    with pytest.raises(PluginError, match="no metric is named `first`"):
        tailrec.metric("first")


def test_a_class_registered_in_a_cell_is_found_and_replaced_when_the_cell_runs_again():
    first, again = a_metric(), a_metric()
    assert tailrec.register.metric("tail-share")(first) is first
    assert type(tailrec.metric("tail-share:k=20")) is first and tailrec.metric("tail-share:k=20").k == 20
    tailrec.register.metric("tail-share")(again)
    assert type(tailrec.metric("tail-share")) is again
    assert [name for kind, name in statuses()].count("tail-share") == 1


def test_a_model_and_a_metric_may_have_one_name(install, a_model):
    install("apack", {"both": "apack:First"}, a_model("First"))
    tailrec.register.metric("both")(a_metric())
    assert isinstance(tailrec.metric("both"), tailrec.MetricPlugin)
    assert isinstance(tailrec.model("both"), tailrec.ModelPlugin)


def test_the_name_of_an_installed_plugin_is_not_taken_over(install, a_model):
    install("apack", {"first": "apack:First"}, a_model("First"), group="tailrec.metrics")
    with pytest.raises(PluginError, match="the metric `first` belongs to the package apack; choose another name"):
        tailrec.register.metric("first")(a_metric())


@pytest.mark.parametrize(
    "name",
    ["", "a b", "a:k=3", " a", "a=b", "[a]", "MyData", "my_data", "a/b", "-x", "a--b", "*", "all", "none", "a\n"],
)
def test_only_a_plain_name_can_be_registered(name):
    with pytest.raises(InputError, match="expected a"):
        tailrec.register.metric(name)(a_metric())


def test_only_a_whole_class_of_the_right_kind_can_be_registered():
    class Half(tailrec.ModelPlugin):
        def fit(self, train, *, weights=None, validation=None):
            return self

    with pytest.raises(PluginError, match="the model `half`: Half lacks `score`"):
        tailrec.register.model("half")(Half)
    with pytest.raises(PluginError, match=r"the data `x`: expected a class that derives from tailrec\.DataPlugin"):
        tailrec.register.data("x")(a_metric())
    with pytest.raises(PluginError, match="derives from tailrec.MetricPlugin, received <function"):
        tailrec.register.metric("x")(lambda ranking: 0)


def test_a_plugin_for_a_later_contract_is_refused(install, a_model):
    class Later(a_metric()):
        api_version: ClassVar[int] = 99

    with pytest.raises(PluginError, match="written for version 99 of the contract.*update tailrec"):
        tailrec.register.metric("later")(Later)
    install("apack", {"first": "apack:First"}, a_model("First") + "\nFirst.api_version = 2\n")
    with pytest.raises(PluginError, match="`first` was written for version 2 of the contract"):
        tailrec.model("first")
    assert statuses()["model", "first"].startswith("broken: the model `first` was written for version 2")


def test_two_packages_that_claim_one_name_are_an_error_that_names_both(install, a_model):
    install("apack", {"first": "apack:First", "own": "apack:First"}, a_model())
    install("bpack", {"first": "bpack:Other"}, a_model("Other"))
    with pytest.raises(PluginError, match="the model `first` of apack and bpack cannot be used.*apack and by bpack"):
        tailrec.model("first")
    assert tailrec.model("own").k == 3
    assert statuses()["model", "first"].startswith("broken: claimed by apack and by bpack; uninstall one of them, or")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import no_such_thing", "it needs the module no_such_thing, which is not installed"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("def (", "SyntaxError: invalid syntax"),
        ("x = 3", "AttributeError: module 'apack' has no attribute 'First'"),
        ("First = 3", "expected a class that derives from tailrec.ModelPlugin, received 3"),
        ("import sys; sys.exit('no licence')", "SystemExit: no licence"),
        ("class Halt(BaseException): ...\nraise Halt('now')", "Halt: now"),
        ("def score(", "First lacks `score`"),
        ("k = 3", "InputError: First: `k = 3` has no annotation"),
        ("def score(self)", "First.score(self) cannot be called as the contract calls it; write `def score(self, use"),
    ],
)
def test_a_broken_plugin_raises_only_when_it_is_used_and_hurts_no_other(install, a_model, text, reason):
    # What names a part of a model takes its place in one; the rest is all there is.
    part = {"def score(": "def score(self, users)", "k = 3": "k: int = 3", "def score(self)": "def score(self, users)"}
    spoilt = "def scores(self, users)" if text == "def score(" else text
    install("apack", {"first": "apack:First"}, a_model().replace(part[text], spoilt) if text in part else text)
    install("bpack", {"other": "bpack:Other"}, a_model("Other"))
    assert statuses()["model", "first"] == "ok"
    with pytest.raises(PluginError) as caught:
        tailrec.model("first")
    assert "`first`" in str(caught.value) and reason in str(caught.value)
    assert statuses()["model", "first"].startswith("broken: ") and reason in statuses()["model", "first"]
    assert tailrec.model("other").k == 3 and statuses()["model", "other"] == "ok"


def test_the_traceback_of_a_broken_plugin_is_kept(install):
    install("apack", {"first": "apack:First"}, "1 / 0")
    with pytest.raises(PluginError) as caught:
        tailrec.model("first")
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_ctrl_c_during_an_import_is_the_users(install):
    install("apack", {"first": "apack:First"}, "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        tailrec.model("first")


def test_a_missing_dependency_comes_with_the_command_that_installs_it(install, a_model):
    install("apack", {"first": "apack:First"}, "import surprize", requires=["scikit-surprize>=1", "numpy"])
    install("bpack", {"other": "bpack:Other"}, "import surprize", requires=["numpy"])
    with pytest.raises(PluginError, match="it needs the module surprize, .*: pip install 'scikit-surprize>=1'$"):
        tailrec.model("first")
    with pytest.raises(PluginError, match="pip install surprize; bpack should declare it$"):
        tailrec.model("other")


def test_a_plugin_for_an_older_contract_that_is_served_is_used_and_listed_so(install, a_model, monkeypatch):
    for module in (registry, interfaces):
        monkeypatch.setattr(module, "API_VERSION", 3)
    install("apack", {"first": "apack:First"}, a_model() + "\nFirst.api_version = 2\n")
    assert tailrec.model("first").k == 3
    assert statuses()["model", "first"] == "ok, for version 2 of the contract; the newest is 3"


def test_a_slow_import_is_said_and_used(install, a_model, monkeypatch):
    monkeypatch.setattr(registry, "SLOW_SECONDS", 0.05)
    install("apack", {"first": "apack:First"}, "import time\ntime.sleep(0.1)\n" + a_model())
    for _ in range(2):  # the second time it is there already, and was slow all the same
        assert tailrec.model("first").k == 3
        assert statuses()["model", "first"] == "ok, slow: its import took 0 s"


def test_a_plugin_that_was_mended_is_no_longer_listed_as_broken(install, a_model):
    path = install("apack", {"first": "apack:First"}, "1 / 0")
    with pytest.raises(PluginError):
        tailrec.model("first")
    path.write_text(a_model("First") + "# another length than before\n")
    assert tailrec.model("first").k == 3
    assert statuses()["model", "first"] == "ok"


def test_a_known_plugin_that_is_not_installed_comes_with_the_command(monkeypatch):
    monkeypatch.setattr(registry, "installed", lambda: ())
    monkeypatch.setattr(registry, "not_installed", lambda: [tailrec_tfrs()])
    with pytest.raises(PluginError) as caught:
        tailrec.model("two-tower")
    assert str(caught.value) == "no model is named `two-tower`; it comes with tailrec-tfrs: pip install tailrec-tfrs"
    with pytest.raises(PluginError, match="no metric is named `two-tower`; known: none"):
        tailrec.metric("two-tower")


def tailrec_tfrs():
    return registry.Found("model", "two-tower", "", "tailrec-tfrs", "not installed: pip install tailrec-tfrs")


def test_what_is_switched_off_is_not_found_and_its_name_is_free(install, a_model, monkeypatch):
    install("apack", {"first": "apack:First"}, a_model())
    monkeypatch.setenv("TAILREC_DISABLE_PLUGINS", "first")
    with pytest.raises(PluginError, match="the model `first` of apack is switched off by TAILREC_DISABLE_PLUGINS"):
        tailrec.model("first")
    namespace = {}
    exec(a_model("Own"), namespace)
    tailrec.register.model("first")(namespace["Own"])
    assert type(tailrec.model("first")) is namespace["Own"]


def test_a_plugin_is_made_from_a_name_a_spelling_a_class_or_itself(install, a_model):
    install("apack", {"first": "apack:First"}, a_model("First").replace('path: str = "x"', "path: str"))
    cls = registry.find("model", "first")
    made = cls(path="y")
    assert tailrec.model(made) is made
    assert tailrec.model(cls, path="z").path == "z"
    assert tailrec.model("first:path=y,k=5").parameters() == {"path": "y", "k": 5}
    # A parameter without default may come by keyword while others are spelled; a keyword stands above the spelling.
    assert tailrec.model("first:k=5", path="y").parameters() == {"path": "y", "k": 5}
    assert tailrec.model("first:k=5,path=y", k=6).k == 6


def test_what_cannot_be_made_is_refused(install, a_model):
    install("apack", {"first": "apack:First"}, a_model("First"))
    made = tailrec.model("first")
    with pytest.raises(InputError, match="first: expected `k` to be a valid integer, received '5'"):
        tailrec.model("first", k="5")
    with pytest.raises(InputError, match="first: unknown parameter `kk`; did you mean `k`"):
        tailrec.model("first:kk=5")
    with pytest.raises(InputError, match="expected parameters beside a name"):
        tailrec.model(made, k=3)
    for thing in (3, None, a_metric(), a_metric()()):
        with pytest.raises(InputError, match="expected the name of a model, such as `ease`, or an object of one"):
            tailrec.model(thing)


@pytest.mark.parametrize("error", [ZeroDivisionError("by nothing"), SystemExit(3)])
def test_what_a_plugin_raises_as_it_is_made_is_told_with_its_name(error):
    @tailrec.register.metric("unmade")
    class Unmade(tailrec.MetricPlugin):
        def __post_init__(self):
            raise error

        def per_user(self, ranking): ...

    for thing in ("unmade", Unmade):
        with pytest.raises(PluginError, match=f"`unmade` could not be made: {type(error).__name__}: {error}") as told:
            tailrec.metric(thing)
        assert told.value.__cause__ is error


def test_load_refuses_what_is_no_interactions():
    @tailrec.register.data("a-dict")
    class Dict(tailrec.DataPlugin):
        load = dict

    with pytest.raises(InputError, match="data set `a-dict`: expected `load` to return Interactions, received dict"):
        tailrec.load("a-dict")


def test_load_returns_the_interactions_of_a_data_set():
    class Two(tailrec.DataPlugin):
        n: int = 2

        def load(self):
            import pandas as pd

            events = pd.DataFrame({"user": range(self.n), "item": range(self.n)})
            return tailrec.Interactions.from_frame(events)

    tailrec.register.data("two")(Two)
    assert tailrec.load("two:n=3").n_users == 3
    assert tailrec.load(Two, n=4).n_users == tailrec.load(Two(n=4)).n_users == 4


def test_a_decorator_without_a_name_says_how_it_is_written():
    with pytest.raises(InputError, match="as in `@tailrec.register.metric"):

        @tailrec.register.metric
        class Mine(tailrec.MetricPlugin):
            def per_user(self, ranking): ...
