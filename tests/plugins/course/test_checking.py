"""`check`: one sentence, printed; raised only where that is asked for."""

import subprocess
import sys

import pytest
from tailrec_course import EXERCISES, check
from tailrec_course.exercise import judge
from tailrec_course.rules import equal, shown


def solved(low, high):
    return "better" if low > 0 else "worse" if high < 0 else "no difference shown"


def printed_by(capsys, name, answer):
    assert check(name, answer) is None
    return capsys.readouterr().out


def test_a_right_answer_is_said_to_be_right(capsys):
    assert printed_by(capsys, "00-1", solved).startswith("00-1 is right: ")


def test_a_wrong_answer_gets_the_first_failing_rule_only(capsys):
    out = printed_by(capsys, "00-1", lambda low, high: "better")
    assert out.startswith("00-1 is not there yet: ")
    assert out.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("00-9", "did you mean 00-1, 00-2 or 00-3?"),
        ("00-01", "did you mean 00-1"),
        ("gini", "there are 00-1, 00-2, 00-3"),
    ],
)
def test_an_unknown_exercise_is_answered_with_the_known_ones(capsys, name, expected):
    assert expected in printed_by(capsys, name, 1)


def test_the_name_and_the_answer_the_wrong_way_round(capsys):
    assert printed_by(capsys, solved, "00-2") == 'The name of the exercise comes first: check("00-2", ...).\n'
    assert "Expected the name of an exercise first" in printed_by(capsys, 3, 4)


def test_an_answer_that_raises_or_ends_the_program_is_told_so(capsys):
    assert "ZeroDivisionError: division by zero" in printed_by(capsys, "00-1", lambda low, high: 1 / 0)
    assert "SystemExit" in printed_by(capsys, "00-1", lambda low, high: sys.exit(3))
    assert "missing 1 required positional argument" in printed_by(capsys, "00-1", lambda low, high, more: "better")


def test_what_the_answer_prints_is_swallowed(capsys):
    def talkative(low, high):
        print("low is", low)
        return solved(low, high)

    assert printed_by(capsys, "00-1", talkative).count("\n") == 1


def test_an_answer_may_spoil_its_argument():
    def spoils(lengths):
        lengths.sort()
        size = int((lengths <= lengths[len(lengths) * 4 // 5 - 1]).sum())
        lengths[:] = 0
        return size

    assert judge(EXERCISES["00-2"], spoils) is None


def test_strict_raises_the_same_sentence(capsys, monkeypatch):
    sentence = printed_by(capsys, "00-3", (0.2, 0.44))
    unknown = printed_by(capsys, "nothing", 1)
    monkeypatch.setenv("TAILREC_STRICT", "1")
    with pytest.raises(AssertionError) as raised:
        check("00-3", (0.2, 0.44))
    assert str(raised.value) + "\n" == sentence
    with pytest.raises(AssertionError) as raised:
        check("nothing", 1)
    assert str(raised.value) + "\n" == unknown
    check("00-3", (0.44, 0.2))
    assert capsys.readouterr().out.startswith("00-3 is right")


@pytest.mark.parametrize(
    ("got", "expected", "same"),
    [
        (4, 4, True),
        (True, 1, False),
        ("4", 4, False),
        (None, 0, False),
        ("better", "better", True),
        (4.0, 4, True),
        ([4], 4, False),
    ],
)
def test_equal(got, expected, same):
    assert equal(got, expected) is same


def test_shown_cuts_what_is_long():
    assert len(shown(list(range(1000)))) == 60


def test_the_checks_load_neither_pandas_nor_the_core():
    heavy = ("pandas", "tailrec", "tensorflow")
    code = f"import sys, tailrec_course; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_check_works_from_any_folder_and_under_any_name(tmp_path):
    script = tmp_path / "my copy of it.py"
    script.write_text('from tailrec_course import check\n\ncheck("02-4", lambda a: 1 / a)\n', encoding="utf-8")
    done = subprocess.run([sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("02-4 is not there yet: ")
    assert done.stderr == ""
