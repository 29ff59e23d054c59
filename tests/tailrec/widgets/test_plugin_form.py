"""The form of a plugin: every first-party one, one from a cell, and whatever somebody types."""

import os
import subprocess
import sys
from dataclasses import MISSING
from typing import Annotated, Literal

import numpy as np
import pytest
from pydantic import Field

import tailrec
from tailrec import registry
from tailrec.names import parse, spelling
from tailrec.widgets import PluginForm

FOUND = [(one.kind, one.name) for one in registry.listing() if one.status == "ok"]


class Cut(tailrec.MetricPlugin):
    """Counts.

    Parameters
    ----------
    k
        The depth, ``1`` or more; <b>not markup</b>.
    """

    k: Annotated[int, Field(ge=1)] = 10
    how: Literal["mean", "sum"] = "mean"
    share: Annotated[float, Field(ge=0, le=1)] = 0.5
    sizes: list[int] = [64, 32]
    on: bool = True

    def __post_init__(self):
        if self.how == "sum" and self.share > 0.9:
            raise tailrec.InputError(f"cut: expected `share` of at most 0.9 beside `how=sum`, received {self.share}")

    def per_user(self, ranking):
        return np.zeros(len(ranking.items))


@pytest.fixture
def form():
    return PluginForm(Cut)


@pytest.mark.parametrize(("kind", "name"), FOUND, ids=[f"{kind} {name}" for kind, name in FOUND])
def test_every_plugin_has_its_form(kind, name):
    form = PluginForm(name, kind)
    needed = [key for key, value in form.start.items() if value is MISSING]
    assert list(form.filled.wrong) == needed[:1]
    if needed and needed != ["path"]:
        return
    for key in needed:
        form.fields[key].value = "somewhere.csv"
    made, expected = form.plugin, registry.find(kind, name)
    assert type(made) is expected
    assert spelling(tailrec.make(kind, form.spelling)) == form.spelling
    if not needed:
        assert form.spelling == name and made.parameters() == expected().parameters()


def test_no_form_imports_what_trains():
    code = """
import sys
from tailrec import registry
from tailrec.widgets import PluginForm
for one in registry.listing():
    if one.status == "ok":
        PluginForm(one.name, one.kind).filled
print({"tensorflow", "keras", "tf_keras", "torch"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ))
    assert (done.stdout.strip(), done.stderr) == ("set()", "")


def test_the_controls_are_followed(form, capfd):
    assert form.spelling == "Cut" and "<code>Cut</code>" in form.text.value
    form.fields["k"].value = "20"
    form.fields["how"].value = "sum"
    form.fields["share"].value = 0.25
    form.fields["sizes"].value = "[8]"
    form.fields["on"].value = False
    assert form.plugin.parameters() == {"k": 20, "how": "sum", "share": 0.25, "sizes": [8], "on": False}
    assert form.spelling == "Cut:k=20,how=sum,share=0.25,sizes=[8],on=false"
    assert "sizes=[8]" in form.text.value and repr(form) == f"PluginForm({form.spelling})"
    assert parse(form.spelling)[1] == {"k": "20", "how": "sum", "share": "0.25", "sizes": ["8"], "on": "false"}
    form.fields["k"].value = ""
    assert form.plugin.k == 10  # an emptied field is the default
    assert capfd.readouterr() == ("", "")


def test_every_object_is_its_own(form):
    assert form.plugin is not form.plugin and form.plugin.sizes is not form.plugin.sizes


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("k", "0", "expected `k` to be greater than or equal to 1, received &#x27;0&#x27;"),
        ("k", "many", "expected `k` to be a valid integer, received &#x27;many&#x27;"),
        ("k", "none", "expected `k` to be a valid integer"),
        ("sizes", "[8", "expected a value as on the command line"),
        ("sizes", "[8,<b>]", "received &#x27;&lt;b&gt;&#x27;"),
    ],
)
def test_a_bad_value_gets_its_sentence_beside_its_field(form, name, text, says):
    form.fields[name].value = text
    assert says in form._said[name].value
    assert [said.value for key, said in form._said.items() if key != name] == [""] * 4
    assert "see the fields that are marked" in form.text.value
    assert repr(form) == f"PluginForm(Cut: `{name}` is not filled in rightly)"
    with pytest.raises(tailrec.InputError, match=f"^Cut: .*{'command line' if text == '[8' else name}"):
        _ = form.plugin
    form.fields[name].value = ""
    assert form._said[name].value == "" and form.spelling == "Cut"


def test_what_is_wrong_together_is_said_once(form):
    form.fields["how"].value = "sum"
    form.fields["share"].value = 1.0
    assert "beside `how=sum`" in form._said["share"].value
    form.fields["k"].value = "0"
    assert form._said["share"].value == "" and "greater than" in form._said["k"].value


def test_the_docs_stand_beside_the_fields(form):
    assert form.fields["k"].tooltip == "The depth, ``1`` or more; <b>not markup</b>."
    row = form.children[1].children[0].children[1]
    assert "The depth, <code>1</code> or more; &lt;b&gt;not markup&lt;/b&gt;." in row.value
    assert "Counts." in form.children[0].value


def test_a_form_begins_at_a_spelling_or_an_object():
    assert PluginForm("recall:k=20,denominator=min").plugin.parameters() == {"k": 20, "denominator": "min"}
    form = PluginForm(Cut(k=3, sizes=[1]))
    assert form.spelling == "Cut:k=3,sizes=[1]" and form.fields["sizes"].value == "[1]"


def test_what_cannot_be_written_is_kept_until_it_is_touched(train):
    inner = [tailrec.model("popularity"), tailrec.model("ease", l2=5.0)]
    form = PluginForm(tailrec.model("blend", models=inner))
    assert form.fields["models"].value == "[popularity,ease:l2=5.0]"
    form.fields["k"].value = "7"
    assert form.plugin.models[1].l2 == 5.0 and form.plugin.k == 7
    form.fields["models"].value = "[popularity,item-knn]"
    assert form.spelling == "blend:models=[popularity,item-knn],k=7"


@pytest.fixture
def registered(monkeypatch):
    monkeypatch.setattr(registry, "_registered", dict(registry._registered))


def test_a_plugin_of_this_cell_is_found_by_its_name(registered, monkeypatch):
    monkeypatch.setattr(Cut, "name", "")
    tailrec.register.metric("cut-of-a-cell")(Cut)
    assert PluginForm("cut-of-a-cell:k=3").spelling == "cut-of-a-cell:k=3"


@pytest.mark.parametrize(
    ("plugin", "kind", "says"),
    [
        ("eas", None, "no plugin is named `eas`; did you mean `ease`"),
        ("ease", "metric", "no metric is named `ease`"),
        ("ease:l3=1", None, "ease: unknown parameter `l3`; known: l2"),
        (7, None, "expected the name of a plugin, or a class or object of parameters, received 7"),
        (int, None, "received <class 'int'>"),
    ],
)
def test_what_is_no_plugin_is_refused(plugin, kind, says):
    with pytest.raises(tailrec.TailrecError, match=says):
        PluginForm(plugin, kind)


def test_a_name_of_two_kinds_asks_for_the_kind(registered):
    @tailrec.register.data("ndcg")
    class Same(tailrec.DataPlugin):
        def load(self):
            raise NotImplementedError

    with pytest.raises(tailrec.InputError, match="`kind` beside `ndcg`, which names several plugins: data, metric"):
        PluginForm("ndcg")
    assert PluginForm("ndcg", "metric").spelling == "ndcg"
    assert isinstance(PluginForm("ndcg", "data").plugin, Same)
