"""Plugins tried in processes of their own: one that hangs or ends the process is blamed, and nothing else stops."""

import pytest

from tailrec import registry, trying

HANGS = "import time\ntime.sleep(60)\n"
ENDS = "import os\nos._exit(3)\n"


@pytest.fixture
def tried(install, monkeypatch, tmp_path):
    """Return the statuses, by name, of the plugins of two packages: theirs alone, not of the whole environment."""

    def of(seconds=30.0):
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
        mine = [one for one in registry.everything() if one.source in ("apack", "bpack", "apack and bpack")]
        return {one.name: one.status for one in trying.tried(mine, seconds)}

    return of


def test_what_can_be_loaded_and_what_cannot(install, a_model, tried):
    install("apack", {"first": "apack:First", "gone": "apack:Gone"}, a_model())
    install("bpack", {"short": "bpack:Short"}, a_model("Short").replace("(self, users)", "(self)"))
    found = tried()
    assert found["first"] == "ok" and "has no attribute 'Gone'" in found["gone"]
    assert "Short.score(self) cannot be called" in found["short"] and found["short"].startswith("broken: ")


def test_an_import_that_ends_the_process_is_blamed_and_the_next_is_tried(install, a_model, tried, tmp_path):
    install("apack", {"a-first": "apack:First", "b-ends": "bpack:Ends", "c-last": "apack:First"}, a_model())
    (tmp_path / "site/bpack.py").write_text(ENDS)
    assert tried() == {
        "a-first": "ok",
        "b-ends": "broken: its import ended the process with status 3",
        "c-last": "ok",
    }


def test_an_import_that_hangs_is_given_up(install, a_model, tried):
    install("apack", {"hangs": "apack:First"}, HANGS + a_model())
    assert tried(seconds=2) == {"hangs": "broken: its import took longer than 2 s"}


def test_what_cannot_be_tried_stays_as_it_was(install, a_model, tried, monkeypatch):
    install("apack", {"first": "apack:First", "no-class": "apack"}, a_model())
    monkeypatch.setenv("TAILREC_DISABLE_PLUGINS", "first")
    found = tried()
    assert found["first"].startswith("disabled") and found["no-class"].startswith("broken: its entry point")
