"""One model trained by two processes: equal losses, those of one process; nothing is left behind when it fails."""

import json
import os
import socket
import subprocess
from pathlib import Path

import numpy as np
import pytest
import tailrec_tfrs
from tailrec_tfrs import two_workers
from tailrec_tfrs.retrieval_training import batch_bounds
from tailrec_tfrs.two_tower import TwoTower
from tailrec_tfrs.two_workers import free_ports, halves, train_on_two_workers

import tailrec
from tailrec import InputError, PluginError

RUN = Path(tailrec_tfrs.__file__).parent / "two_workers_run.json"


@pytest.fixture(scope="module")
def train():
    return tailrec.load("synthetic", n_users=60, n_items=40, seed=0)


def test_two_workers_have_the_losses_of_one_process_also_after_a_port_was_taken(monkeypatch, train):
    model = TwoTower(dim=8, epochs=3, batch_size=64, learning_rate=0.2, l2=0.05)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = iter([[*free_ports(1), taken.getsockname()[1]]])
        monkeypatch.setattr(two_workers, "free_ports", lambda n: next(ports, None) or free_ports(n))
        first, second = train_on_two_workers(model, train, limit=300)
    alone = model.fit(train)
    assert first.losses == second.losses
    np.testing.assert_array_equal(first.item_vectors, second.item_vectors)
    np.testing.assert_allclose(first.losses, alone.losses_, rtol=1e-5)
    np.testing.assert_allclose(first.item_vectors, alone.item_vectors_, atol=1e-4)
    np.testing.assert_allclose(first.user_vectors, alone.user_vectors_, atol=1e-4)
    assert alone.losses_[2] < alone.losses_[0]


def watched_workers(monkeypatch):
    started = []

    class Watched(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            started.append(self.pid)

    monkeypatch.setattr(two_workers.subprocess, "Popen", Watched)
    return started


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_when_the_time_is_up_the_workers_are_ended(monkeypatch, train):
    started = watched_workers(monkeypatch)
    with pytest.raises(PluginError, match="took longer than `limit`, and were ended"):
        train_on_two_workers(TwoTower(), train, limit=0.1)
    assert len(started) == 2 and all(gone(pid) for pid in started)


def test_what_a_worker_said_is_told_and_the_other_does_not_wait_for_it(monkeypatch, train):
    started = watched_workers(monkeypatch)
    monkeypatch.setenv("TAILREC_THREADS", "many")
    with pytest.raises(PluginError, match="(?s)worker [01] failed: .*TAILREC_THREADS. to be a positive integer"):
        train_on_two_workers(TwoTower(), train, limit=300)
    assert all(gone(pid) for pid in started)


@pytest.mark.parametrize(
    ("failures", "attempts"), [(["Could not start gRPC server"] * 5, 3), (["it rains", "Could not start"], 1)]
)
def test_only_a_taken_port_is_tried_again_and_not_for_ever(monkeypatch, train, failures, attempts):
    tried = []
    monkeypatch.setattr(two_workers, "_run", lambda folder, ends: tried.append(1) or failures[len(tried) - 1])
    with pytest.raises(PluginError, match=failures[0]):
        train_on_two_workers(TwoTower(), train)
    assert len(tried) == attempts


def test_every_pair_of_a_batch_is_one_workers():
    rows = np.arange(11)
    parts = [halves(rows, rank) for rank in (0, 1)]
    np.testing.assert_array_equal(np.concatenate([own for own, _ in parts]), rows)
    for own, others in parts:
        assert sorted([*own, *others]) == rows.tolist() and abs(len(own) - len(others)) <= 1
    assert batch_bounds(11, 4).tolist() == [0, 3, 7, 11]


@pytest.mark.parametrize("other", [{"user": "history"}, {"item": "content"}, {"objective": "cvar"}])
def test_other_towers_and_objectives_are_refused(train, other):
    with pytest.raises(InputError, match=r"`user=id`, `item=id` and `objective=mean`, received .+:\w+="):
        train_on_two_workers(TwoTower(**other), train)


def test_the_recorded_run_shows_what_it_is_recorded_for():
    run = json.loads(RUN.read_text())
    first, second = run["losses_of_workers"]
    assert first == second
    np.testing.assert_allclose(first, run["losses_of_one_process"], rtol=1e-5)
    assert run["command"].endswith(f"--record {RUN.name}")
