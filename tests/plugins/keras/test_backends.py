"""The same training in a process of its own, whatever the backend."""

import subprocess

import pytest
from tailrec_keras import backends
from tailrec_keras.backends import installed_backends, losses_here, losses_on

from tailrec import InputError, PluginError


def test_a_process_of_its_own_gives_the_losses_of_this_one():
    here = losses_here()
    assert losses_on("tensorflow") == here
    assert here[-1] < 0.01 < 0.6 < here[0]


def test_what_is_installed_is_found():
    assert "tensorflow" in installed_backends()


def test_what_is_no_backend_is_refused():
    with pytest.raises(InputError, match="to be tensorflow, torch or jax, received 'theano'"):
        losses_on("theano")


def test_a_backend_that_does_not_run_says_why(monkeypatch):
    failed = subprocess.CompletedProcess([], 1, stdout="", stderr="Traceback\nImportError: no such thing\n")
    monkeypatch.setattr(backends.subprocess, "run", lambda *args, **kwargs: failed)
    with pytest.raises(PluginError, match="cannot train on torch here: ImportError: no such thing"):
        losses_on("torch")
