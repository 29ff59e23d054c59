"""Runs `tailrec` in processes of its own, forked from one that has imported everything: a tenth of a second each."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

SERVER = """
import json, os, signal, sys

if __name__ == "__main__":
    import PIL.JpegImagePlugin, joblib, matplotlib.backends.backend_agg, matplotlib.backends.backend_svg
    import matplotlib.figure, pyarrow.csv
    import pyarrow.parquet, rich.console, rich.table, scipy.special
    import optuna, optuna.samplers, tailrec.tuning
    import tailrec.cli, tailrec.comparison, tailrec.figures, tailrec.outputs, tailrec.report.page, tailrec.tables
    import tailrec_classics.bpr, tailrec_classics.ease, tailrec_classics.item_knn, tailrec_classics.popularity
    import tailrec_datasets.csv_file, tailrec_metrics.accuracy, tailrec_metrics.beyond

    for line in sys.stdin:
        jobs, processes = json.loads(line), []
        for job in jobs:
            process = os.fork()
            if process == 0:
                signal.alarm(120)
                os.chdir(job["folder"])
                for number, path in enumerate([os.devnull, job["stdout"], job["stderr"]]):
                    os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), number)
                sys.argv = ["tailrec", *job["arguments"]]
                exec(job["before"], globals())
                tailrec.cli.main()
                sys.exit(0)
            processes.append(process)
        codes = [os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) for process in processes]
        print(json.dumps(codes), flush=True)
"""


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    script = tmp_path_factory.mktemp("server") / "server.py"
    script.write_text(SERVER)
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": environment}
    with subprocess.Popen([sys.executable, script], **pipes) as process:
        yield process
        process.stdin.close()


@pytest.fixture
def tailrec_cli(server, tmp_path):
    """Run the command line once, or several times at once where several lists of arguments are given.

    `before` is code that is run in the process first, as a cell before the command would be.
    """
    count = Counter()

    def run(*arguments, before="", several=None):
        jobs = []
        for one in several or [arguments]:
            count["runs"] += 1
            files = {stream: str(tmp_path / f"{stream}-{count['runs']}") for stream in ("stdout", "stderr")}
            jobs.append({"arguments": [str(a) for a in one], "before": before, "folder": str(tmp_path), **files})
        server.stdin.write(json.dumps(jobs) + "\n")
        server.stdin.flush()
        codes = json.loads(server.stdout.readline())
        done = [
            SimpleNamespace(code=code, stdout=Path(job["stdout"]).read_text(), stderr=Path(job["stderr"]).read_text())
            for code, job in zip(codes, jobs, strict=True)
        ]
        return done if several else done[0]

    return run


@pytest.fixture(scope="session")
def ratings(tmp_path_factory):
    """A file of ratings: 40 users, 30 items, a few popular ones."""
    rng = np.random.default_rng(0)
    chances = 1 / np.arange(1, 31)
    lines = ["user,item,rating,timestamp"]
    for user in range(40):
        items = rng.choice(30, size=rng.integers(2, 14), replace=False, p=chances / chances.sum())
        lines += [f"u{user:02},i{item:02},{rng.integers(1, 6)},{1000 + t}" for t, item in enumerate(items)]
    path = tmp_path_factory.mktemp("data") / "ratings.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def small(ratings):
    """Arguments of a small comparison: three models, one of them with two seeds, two metrics."""
    models = ["popularity", "ease", "bpr:factors=4,iterations=2"]
    arguments = ["compare", "--data", f"csv:path={ratings}", "--metric", "ndcg", "--metric", "coverage", "--seeds", "2"]
    return arguments + [part for model in models for part in ("--model", model)]


@pytest.fixture
def pieces():
    """Return what identifies the pieces in a folder: a piece that is written again is another file."""

    def of(folder):
        found = [path for path in (Path(folder) / "pieces").glob("*-*") if not path.name.startswith(".")]
        return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}

    return of
