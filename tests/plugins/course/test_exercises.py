"""Every exercise: the stub fails, the solution passes, each likely wrong answer gets a sentence of its own."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tailrec_course import EXERCISES, Exercise, check, judge

ALL = list(EXERCISES.values())
WRONG = [(exercise, belief) for exercise in ALL for belief in exercise.wrong]


def answer_of(exercise: Exercise, source: str) -> object:
    """Run a cell as a notebook would, and evaluate what its check is handed."""
    cell: dict[str, object] = {"np": np}
    exec(source, cell)
    return eval(exercise.answer, cell)


@pytest.fixture(params=ALL, ids=lambda exercise: exercise.name)
def exercise(request):
    return request.param


def test_the_untouched_stub_fails(exercise):
    assert "three dots" in judge(exercise, answer_of(exercise, exercise.stub))


def test_the_solution_passes(exercise):
    assert judge(exercise, answer_of(exercise, exercise.solution)) is None


@pytest.mark.parametrize(("exercise", "belief"), WRONG, ids=[f"{one.name}: {belief}" for one, belief in WRONG])
def test_a_wrong_answer_is_told_what_is_wrong(exercise, belief):
    wrong = exercise.wrong[belief]
    assert wrong.says in judge(exercise, answer_of(exercise, wrong.source))


def test_no_two_wrong_answers_share_a_sentence(exercise):
    sources = [exercise.stub, *(wrong.source for wrong in exercise.wrong.values())]
    sentences = [judge(exercise, answer_of(exercise, source)) for source in sources]
    assert len(set(sentences)) == len(sources)


def test_a_sentence_says_what_is_wrong_on_one_line_and_ends_without_a_stop(exercise):
    for wrong in exercise.wrong.values():
        sentence = judge(exercise, answer_of(exercise, wrong.source))
        assert "\n" not in sentence
        assert not sentence.endswith(".")


def test_every_rule_is_needed(exercise):
    """Without a rule, one of the wrong answers passes or is told something else."""
    told = {belief: judge(exercise, answer_of(exercise, wrong.source)) for belief, wrong in exercise.wrong.items()}
    told["stub"] = judge(exercise, answer_of(exercise, exercise.stub))
    for position in range(len(exercise.rules)):
        rules = exercise.rules[:position] + exercise.rules[position + 1 :]
        fewer = Exercise(**{**vars(exercise), "rules": rules})
        sources = {belief: wrong.source for belief, wrong in exercise.wrong.items()} | {"stub": exercise.stub}
        told_now = {belief: judge(fewer, answer_of(exercise, source)) for belief, source in sources.items()}
        assert told_now != told, f"rule {position} of {exercise.name} changes nothing"


def test_the_exercise_is_named_by_its_notebook_and_hangs_together(exercise):
    assert re.fullmatch(r"\d\d-\d", exercise.name)
    assert EXERCISES[exercise.name] is exercise
    assert exercise.text.strip() and exercise.hint.strip()
    assert exercise.solution not in exercise.hint
    assert exercise.call.startswith(f'check("{exercise.name}", ')


anything = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.text(),
    st.binary(),
    st.lists(st.integers(), max_size=3),
    st.tuples(st.floats() | st.none() | st.text(), st.floats() | st.booleans()),
    st.dictionaries(st.text(), st.integers(), max_size=2),
    st.functions(like=lambda *values: ..., returns=st.none() | st.floats() | st.text() | st.lists(st.integers())),
    st.builds(np.array, st.lists(st.floats(), max_size=3)),
)


@given(name=st.sampled_from(sorted(EXERCISES)) | st.text() | st.integers() | st.none(), answer=anything)
def test_whatever_is_handed_over_one_line_is_printed_and_nothing_raised(name, answer):
    import contextlib
    import io

    with contextlib.redirect_stdout(io.StringIO()) as printed:
        assert check(name, answer) is None
    assert printed.getvalue().count("\n") >= 1


@given(low=st.floats(-1, 1), width=st.floats(0, 1))
def test_the_solution_of_00_1_agrees_with_what_an_interval_holds(low, width):
    exercise = EXERCISES["00-1"]
    verdict = answer_of(exercise, exercise.solution)
    holds_zero = low <= 0 <= low + width
    expected = "no difference shown" if holds_zero else "better" if low > 0 else "worse"
    assert verdict(low, low + width) == expected


@given(st.lists(st.integers(1, 12), min_size=1, max_size=8).map(lambda one: one * 5))
def test_the_solution_of_00_2_agrees_with_counting_by_hand(lengths):
    exercise = EXERCISES["00-2"]
    tail_size = answer_of(exercise, exercise.solution)
    in_tail = 0
    for length in sorted(set(lengths)):
        if in_tail >= len(lengths) * 4 // 5:
            break
        in_tail += lengths.count(length)
    assert tail_size(np.array(lengths)) == in_tail


def test_the_tail_of_00_2_is_the_tail_of_the_house():
    import tailrec

    lengths = np.array([8, 1, 8, 2, 40, 8, 3, 8, 1, 1])
    data = tailrec.Interactions.from_frame(_a_row_each(lengths))
    exercise = EXERCISES["00-2"]
    assert answer_of(exercise, exercise.solution)(lengths) == tailrec.segment_users(data)["tail"].sum()


def _a_row_each(lengths):
    import pandas as pd

    return pd.DataFrame([(user, item) for user, n in enumerate(lengths) for item in range(n)], columns=["user", "item"])
