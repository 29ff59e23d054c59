"""Bad input is a sentence that says what was expected, what came, where, and how to mend it; exit 2; no traceback."""

import re

import pytest

HEAD = "user,item,rating,timestamp\n"
ROWS = [
    f"u{user},i{(user * 7 + step * 3) % 11},{step % 5 + 1},{100 * user + step}\n"
    for user in range(8)
    for step in range(6)
]


def csv(*changes, head=HEAD, rows=ROWS):
    """Return a ratings file, some of its lines (the header is line 1) changed."""
    lines = [head, *rows]
    for line, text in changes:
        lines[line - 1] = text
    return "".join(lines)


#: A file, and what the sentence must say: the place, what was expected, what came, and a mend.
FILES = {
    "empty file": ("", ["ratings.csv: expected events, received an empty file", "mend `path`"]),
    "header alone": (HEAD, ["ratings.csv: expected events below the header in line 1, received none"]),
    "missing column": (
        csv(head="user,thing,rating,timestamp\n"),
        ["ratings.csv: expected a column for the item, received `user`, `thing`", "`item=thing`"],
    ),
    "text for a number": (
        csv((5, "u0,i9,good,103\n")),
        ["ratings.csv, line 5: expected a finite number in column `rating`, received 'good'; mend or remove the row"],
    ),
    "nan": (
        csv((6, "u0,i9,nan,103\n")),
        ["ratings.csv, line 6: expected a finite number in column `rating`, received nothing (or nan); mend or remove"],
    ),
    "infinity": (
        csv((7, "u0,i9,inf,103\n")),
        ["ratings.csv, line 7: expected a finite number in column `rating`, received inf; mend or remove the row"],
    ),
    "duplicate row": (
        csv((4, ROWS[0])),
        ["ratings.csv, line 4: expected every row once, received 1", "this one repeats line 2", "`duplicates=drop`"],
    ),
    "negative time": (
        csv((9, "u1,i3,4,-5\n")),
        ["ratings.csv, line 9: expected a time that is not negative in column `timestamp`, received -5; mend"],
    ),
    "mixed ids": (
        csv(rows=[row.removeprefix("u") for row in ROWS]).replace("\n3,", "\nx3,"),
        ["ratings.csv, line 20: expected an id in column `user` to be a whole number like most", "'x3'", "`ids=text`"],
    ),
    "a row too short": (
        csv((3, "u0,i9\n")),
        ["ratings.csv, line 3: expected 4 fields separated by ',' as in line 1, received 2: 'u0,i9'; mend the row"],
    ),
    "one user": (
        csv(rows=ROWS[:6]),
        ["scenario `csv`: expected at least two users", "found 1 of 1", "choose another split, or more data"],
    ),
    "one item": (
        csv(rows=[re.sub(",i.*?,", ",i0,", row) for row in ROWS]),
        ["scenario `csv`: expected at least two items to rank, received 1; choose more data, or prepare it less"],
    ),
    "an empty id": (csv((8, ",i3,4,5\n")), ["ratings.csv, line 8: expected an id in column `user`, received nothing"]),
}


def refused(run):
    """Return the one sentence of a refusal."""
    assert run.code == 2, (run.code, run.stdout, run.stderr)
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    assert run.stderr.startswith("tailrec: ") and run.stderr.count("\n") == 1, run.stderr
    return run.stderr


@pytest.mark.parametrize("name", FILES)
def test_a_file(tailrec_cli, tmp_path, name):
    content, wanted = FILES[name]
    (tmp_path / "ratings.csv").write_text(content)
    sentence = refused(tailrec_cli("compare", "--data", "csv:path=ratings.csv", "--model", "popularity"))
    for part in wanted:
        assert part in sentence, sentence


def test_a_missing_file_and_the_nearest_name(tailrec_cli, tmp_path):
    (tmp_path / "ratings.csv").write_text(csv())
    sentence = refused(tailrec_cli("compare", "--data", "csv:path=rating.csv", "--model", "popularity"))
    assert "rating.csv: expected a file, found none of that name" in sentence and "ratings.csv" in sentence


def test_a_path_that_is_a_folder(tailrec_cli, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/ratings.csv").write_text(csv())
    sentence = refused(tailrec_cli("compare", "--data", "csv:path=folder", "--model", "popularity"))
    assert "folder: expected a file, received a folder" in sentence and "ratings.csv" in sentence


def test_another_encoding(tailrec_cli, tmp_path):
    (tmp_path / "ratings.csv").write_text(csv((5, "Zoë,i9,3,103\n")), encoding="latin-1")
    sentence = refused(tailrec_cli("compare", "--data", "csv:path=ratings.csv", "--model", "popularity"))
    for part in ("ratings.csv, line 5: expected utf-8 text, received the byte 0xeb", "say `encoding=latin-1`"):
        assert part in sentence
    mended = tailrec_cli("compare", "--data", "csv:path=ratings.csv,encoding=latin-1", "--model", "popularity")
    assert mended.code == 0, mended.stderr


def test_a_line_of_200_megabytes(tailrec_cli, tmp_path):
    with open(tmp_path / "ratings.csv", "w") as file:
        file.write(HEAD + ROWS[0] + "u" * 200_000_000 + ",i1,3,5\n")
    sentence = refused(tailrec_cli("compare", "--data", "csv:path=ratings.csv", "--model", "popularity"))
    (tmp_path / "ratings.csv").unlink()
    assert re.search(
        r"ratings.csv, line 3: expected lines of at most \d+ MB, received a longer one; end every", sentence
    )
    assert len(sentence) < 500


#: Arguments beside a good file, and what the sentence must say.
ARGUMENTS = {
    "nobody in a segment": (
        "--segments length:cuts=[1000]",
        ["scenario `csv`: length: expected somebody in every segment, nobody has a history of 1001+ items", "cuts"],
    ),
    "k above the catalogue": (
        "--metric ndcg:k=12",
        ["csv", "ndcg:k=12: expected `k` to be at most the number of items, 11, received 12", "`ndcg:k=10`"],
    ),
    "unknown model": ("--model populaty", ["no model is named `populaty`; did you mean `popularity`?"]),
    "unknown metric": ("--metric ndgc", ["no metric is named `ndgc`; did you mean `ndcg`?"]),
    "unknown data": ("--data csvv:path=ratings.csv", ["named `csvv`; did you mean `csv`"]),
    "unknown scenario": ("--scenario flims", ["no scenario", "named `flims`; did you mean `films`?"]),
    "unknown split": ("--split randm", ["no split is named `randm`; did you mean `random`?"]),
    "unknown preparation": ("--prepare drop-rare-item", ["named `drop-rare-item`; did you mean `drop-rare-items`?"]),
    "unknown segments": ("--segments activty", ["no segment rule is named `activty`; did you mean `activity`?"]),
    "unknown weights": ("--weights inverse", ["no weighting scheme is named `inverse`", "`inverse-activity`"]),
    "unknown baseline": ("--baseline popularty", ["no model is named `popularty`; did you mean `popularity`"]),
    "unknown parameter": ("--model ease:l3=1", ["ease: unknown parameter `l3`; known: l2"]),
    "out of range": ("--model item-knn:k=0", ["item-knn: expected `k` to be greater than or equal to 1, received"]),
    "text for a parameter": ("--metric ndcg:k=ten", ["ndcg: expected `k` to be a valid integer, received 'ten'"]),
    "bad spelling": ("--model ease:l2", ["expected `key=value` after `ease:`, received 'l2'"]),
    "no seeds": ("--seeds 0", ["expected `seeds` to be an integer of at least 1, received 0"]),
    "no jobs": ("--jobs 0", ["expected `jobs` to be a positive integer, received 0"]),
    "no given test": ("--split given", ["given: expected data that came with a test, as in `csv:path=train.csv,test="]),
    "too late a window": (
        "--split temporal:start=9,train=1,validation=1,test=1,unit=day",
        ["temporal: expected events in the train window, found none between day 9 and 10"],
    ),
    "rare items out": ("--prepare drop-rare-items:min_users=99", ["drop-rare-items:min_users=99", "lower `min_users`"]),
    "a model twice": ("--model ease --model ease", ["expected every model once, received `ease` twice"]),
    "a specification that is not there": ("no.toml", ["no.toml: expected an experiment file, there is none"]),
}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_an_argument(tailrec_cli, tmp_path, name):
    given, wanted = ARGUMENTS[name]
    (tmp_path / "ratings.csv").write_text(csv())
    defaults = {"--data": "csv:path=ratings.csv", "--model": "popularity"}
    others = [part for pair in defaults.items() if pair[0] not in given for part in pair]
    sentence = refused(tailrec_cli("compare", *given.split(), *others))
    for part in wanted:
        assert part in sentence, sentence


def test_a_split_without_data(tailrec_cli):
    assert "expected `--data` beside `--split`" in refused(tailrec_cli("compare", "--split", "random"))


SCENARIO = '[[scenario]]\ndata = "csv:path=ratings.csv"\n'
MODEL = '[[model]]\nname = "popularity"\n'

#: An experiment file, and what the sentence must say.
EXPERIMENTS = {
    "empty": ("", ["spec.toml: expected at least one scenario or data set"]),
    "syntax": (SCENARIO + "[[model]\n", ["spec.toml: not valid TOML", "line 3"]),
    "unknown key": ("sedes = 3\n" + SCENARIO + MODEL, ["spec.toml: unknown key `sedes`; did you mean `seeds`"]),
    "unknown key in a table": (
        SCENARIO + 'splt = "random"\n' + MODEL,
        ["spec.toml, [[scenario]] 1: unknown key `splt`; did you mean `split`?"],
    ),
    "a scenario without data": (
        '[[scenario]]\nname = "mine"\n' + MODEL,
        ["spec.toml, [[scenario]] 1: expected `data`, the name of a data set, received only `name`"],
    ),
    "a model without a name": (SCENARIO + "[[model]]\nl2 = 3\n", ["spec.toml, [[model]] 1: expected `name`"]),
    "an unknown model": (
        SCENARIO + MODEL + '[[model]]\nname = "eese"\n',
        ["spec.toml, [[model]] 2: no model is named `eese`; did you mean `ease`?"],
    ),
    "a parameter of another type": (
        SCENARIO + MODEL + '[[model]]\nname = "ease"\nl2 = "much"\n',
        ["spec.toml, [[model]] 2: ease: expected `l2` to be a valid number, received 'much'"],
    ),
    "a table that is no table": ("model = 3\n" + SCENARIO, ["spec.toml: expected `model` as tables written [[model]]"]),
    "text for a number": ('seeds = "3"\n' + SCENARIO + MODEL, ["spec.toml: expected `seeds` to be an integer", "'3'"]),
    "windows without a temporal split": (SCENARIO + "windows = [0]\n" + MODEL, ["expected a `temporal` split beside"]),
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_file(tailrec_cli, tmp_path, name):
    content, wanted = EXPERIMENTS[name]
    (tmp_path / "ratings.csv").write_text(csv())
    (tmp_path / "spec.toml").write_text(content)
    sentence = refused(tailrec_cli("compare", "spec.toml"))
    for part in wanted:
        assert part in sentence, sentence


def test_an_experiment_file_that_is_a_folder_or_binary(tailrec_cli, tmp_path):
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    assert "expected an experiment file, received a folder" in refused(tailrec_cli("compare", "folder.toml"))
    assert "binary.toml: expected text in UTF-8" in refused(tailrec_cli("compare", "binary.toml"))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--seeds", "many"], "--seeds"),
        (["--no-such-option"], "--no-such-option"),
        (["--jobs"], "--jobs"),
        (["one.toml", "two.toml"], "two.toml"),
    ],
)
def test_a_usage_error_names_the_option(tailrec_cli, arguments, named):
    run = tailrec_cli("compare", *arguments)
    assert (run.code, run.stdout) == (2, "")
    assert named in run.stderr and "Error: " in run.stderr and "Traceback" not in run.stderr


def test_the_data_command(tailrec_cli, tmp_path):
    assert "did you mean `synthetic`?" in refused(tailrec_cli("data", "synthetc"))
    assert "expected a file, found none" in refused(tailrec_cli("data", "csv:path=none.csv"))
    assert "expected a value for `path`" in refused(tailrec_cli("data", "csv"))
