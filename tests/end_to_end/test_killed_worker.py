"""A worker process that dies, as for lack of memory, is one sentence, exit 2, and what was finished stays."""

DIES = """
import pathlib, signal, time
import numpy as np
import tailrec

@tailrec.register.model("dies")
class Dies(tailrec.ModelPlugin):
    def fit(self, train, *, weights=None, validation=None):
        if {die}:
            end = time.monotonic() + 60
            while not list(pathlib.Path({out!r}).glob("pieces/measure-*")) and time.monotonic() < end:
                time.sleep(0.01)
            os.kill(os.getpid(), signal.SIGKILL)
        self.n_items_ = train.n_items
        return self

    def score(self, users):
        return np.tile(np.arange(self.n_items_), (len(users), 1))
"""


def test_a_killed_worker(tailrec_cli, small, pieces, tmp_path):
    out = str(tmp_path / "out")
    command = [*small, "--model", "dies", "--jobs", 2, "--out", out]
    died = tailrec_cli(*command, before=DIES.format(die=True, out=out))
    assert died.code == 2
    assert died.stderr == (
        "tailrec: a worker process died, most likely for lack of memory; the finished pieces are kept: "
        "run again with --resume, and with fewer --jobs\n"
    )
    assert died.stdout == ""
    there = pieces(out)
    assert there
    resumed = tailrec_cli(*command, "--resume", before=DIES.format(die=False, out=out))
    assert (resumed.code, resumed.stderr) == (0, "")
    assert there.items() <= pieces(out).items()
