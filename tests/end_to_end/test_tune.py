"""`tailrec tune` as a user runs it: what it prints, what it refuses, what is left when it is killed."""

import json
import shlex
import signal

import pytest

#: Runs in the process: ends it at the given file that is moved into its place.
KILL_AT = """
import itertools, signal
moments, usual = itertools.count(), os.replace
def dying(*arguments):
    if next(moments) == {moment}:
        os.kill(os.getpid(), signal.SIGKILL)
    return usual(*arguments)
os.replace = dying
"""


@pytest.fixture
def search(ratings):
    """Arguments of a small search."""
    return ["tune", "ease", "--data", f"csv:path={ratings}", "--search", "l2=1..1000:log", "--trials", "6"]


def trials(folder):
    rows = json.loads((folder / "trials.json").read_text())["trials"]
    return [{key: value for key, value in row.items() if key != "seconds"} for row in rows]


def test_what_it_prints_and_leaves(tailrec_cli, search, tmp_path):
    run = tailrec_cli(*search, "--segment", "all")
    assert (run.code, run.stderr) == (0, "")
    lines = run.stdout.splitlines()
    assert lines[1] == "csv: ndcg on the validation, chosen for all, best trials first"
    assert lines[2].split()[:3] == ["trial", "l2", "all"] and len(lines[3:9]) == len(set(lines[3:9])) == 6
    assert "best of 6 trials on the validation that chose it, so it flatters" in run.stdout
    kept = json.loads((tmp_path / "tuning/trials.json").read_text())
    assert f"to paste:  --model {kept['best']['model']}\n" in run.stdout
    assert f"on the test:  {kept['best']['compare']}\n" in run.stdout
    assert not set(run.stdout) & set("─│╭╰\x1b")
    measured = tailrec_cli(*shlex.split(kept["best"]["compare"])[1:], "--jobs", 1)
    assert measured.code == 0, measured.stderr
    assert kept["best"]["model"] in measured.stdout
    if kept["best"]["number"]:
        assert "difference from ease" in measured.stdout


def test_a_search_that_was_killed_goes_on_as_if_it_had_not_been(tailrec_cli, search, tmp_path):
    assert tailrec_cli(*search, "--out", "undisturbed").code == 0
    undisturbed = trials(tmp_path / "undisturbed")
    # A trial moves three files: its piece, and the two tables of all the trials.
    for moment in (0, 4, 11):
        out = tmp_path / f"killed-{moment}"
        killed = tailrec_cli(*search, "--out", out, before=KILL_AT.format(moment=moment))
        assert killed.code == -signal.SIGKILL
        if moment > 2:
            assert trials(out) == undisturbed[: (moment + 1) // 3]
        pieces = {path.name: path.stat().st_mtime_ns for path in out.glob("pieces/trial-*")}
        assert len(pieces) == -(-moment // 3)
        resumed = tailrec_cli(*search, "--out", out, "--resume", "--json")
        assert resumed.code == 0, resumed.stderr
        assert trials(out) == undisturbed
        assert json.loads(resumed.stdout) == json.loads((out / "trials.json").read_text())
        after = {path.name: path.stat().st_mtime_ns for path in out.glob("pieces/trial-*")}
        assert pieces.items() <= after.items() and len(after) == 6


#: Arguments, and what the sentence must say.
REFUSED = {
    "nothing to search": ("ease --scenario films", ["ease: expected to be told what to search", "`l2=300..30000:log`"]),
    "an unknown model": ("eese --scenario films --search l2=1..2", ["no model is named `eese`; did you mean `ease`?"]),
    "an unknown parameter": ("ease --scenario films --search l3=1..2", ["ease: unknown parameter `l3`; known: l2"]),
    "a bad range": ("ease --scenario films --search l2=2..1", ["expected the range of `l2` to rise, received '2..1'"]),
    "no place": ("ease --search l2=1..2", ["expected either `--scenario` (films, groceries, groceries-one-window) or"]),
    "two places": ("ease --scenario films --data synthetic --search l2=1..2", ["`--data`, received both"]),
    "an unknown scenario": ("ease --scenario flims --search l2=1..2", ["named `flims`; did you mean `films`?"]),
    "a split without data": ("ease --scenario films --split random --search l2=1..2", ["expected `--data` beside"]),
    "windows without a temporal split": (
        "ease --data synthetic --window 3 --search l2=1..2",
        ["scenario `synthetic`: expected a `temporal` split beside `windows`"],
    ),
    "one trial": ("ease --scenario films --search l2=1..2 --trials 1", ["expected `trials` to be an integer of"]),
    "an unknown segment": ("ease --data synthetic --search l2=1..2 --segment tial", ["did you mean `tail`?"]),
    "a list longer than the items": (
        "ease --data synthetic:n_items=40 --search l2=1..2 --metric ndcg:k=100",
        ["ndcg:k=100: expected `k` to be at most the number of items, 40, received 100"],
    ),
    "no value a user": ("ease --data synthetic --search l2=1..2 --metric gini", ["gini has no value for a single"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_input(tailrec_cli, name):
    given, wanted = REFUSED[name]
    run = tailrec_cli("tune", *given.split())
    assert (run.code, run.stdout) == (2, "")
    assert run.stderr.startswith("tailrec: ") and run.stderr.count("\n") == 1 and "Traceback" not in run.stderr
    for part in wanted:
        assert part in run.stderr


FAILING = """
@tailrec.register.model("failing")
class Failing(tailrec.ModelPlugin):
    k: int = 1

    def fit(self, train, *, weights=None, validation=None):
        if self.k == {broken}:
            raise RuntimeError("no such k")
        self.scores_ = np.arange(train.n_items) * float(self.k)
        return self

    def score(self, users):
        return np.tile(self.scores_, (len(users), 1))
"""


def test_a_trial_that_fails_is_said_and_no_failure_of_the_search(tailrec_cli, ratings, tmp_path):
    arguments = ["tune", "failing", "--data", f"csv:path={ratings}", "--search", "k=[1,2,3]", "--trials", "9"]
    before = "import numpy as np, tailrec\n"
    run = tailrec_cli(*arguments, before=before + FAILING.format(broken=2))
    assert (run.code, run.stderr) == (0, "")
    assert "warning: 1 of 3 trials failed: failing:k=2 on csv, in `fit`: RuntimeError: no such k" in run.stdout
    assert "note: every combination was tried" in run.stdout
    assert [row["state"] for row in trials(tmp_path / "tuning")].count("failed") == 1
    run = tailrec_cli(*arguments, before=before + FAILING.format(broken="self.k"))
    assert (run.code, run.stdout) == (2, "")
    assert run.stderr.startswith("tailrec: failing: all 3 trials failed; most often failing on csv, in `fit`")
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize(("broken", "code"), [(2, 0), ("self.k", 2)])
def test_the_traceback_of_a_trial_that_failed_on_request(tailrec_cli, ratings, broken, code):
    arguments = ["tune", "failing", "--data", f"csv:path={ratings}", "--search", "k=[1,2]", "--trials", "2", "--trace"]
    run = tailrec_cli(*arguments, before="import numpy as np, tailrec\n" + FAILING.format(broken=broken))
    assert run.code == code
    assert "Traceback" in run.stderr and "RuntimeError: no such k" in run.stderr and "in fit" in run.stderr


def test_a_folder_that_cannot_be_written(tailrec_cli, search, tmp_path):
    (tmp_path / "tuning").write_text("in the way")
    run = tailrec_cli(*search)
    assert (run.code, run.stdout) == (2, "")
    assert "the output folder tuning cannot be used" in run.stderr and "--out" in run.stderr
