"""05-4: filling what is missing without looking at the test."""

from __future__ import annotations

from typing import Any

import numpy as np

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import call, is_function, shown

_TRAIN = np.array([2.0, np.nan, 4.0, 6.0])
_TEST = np.array([np.nan, 9.0, np.nan])


def _parts(answer: Any) -> Any:
    got = call(answer, _TRAIN, _TEST)
    return got if isinstance(got, (tuple, list)) and len(got) == 2 else None


def _is_two_arrays(answer: Any) -> str | None:
    got = call(answer, _TRAIN, _TEST)
    if got is ...:
        return "the three dots are still there: put in their place what the function is to return"
    if got is None:
        return "the function returned nothing: `print` shows a value, only `return` hands it over"
    if _parts(answer) is None:
        return f"expected two arrays, the train and the test, received {shown(got)}"
    lengths = tuple(np.size(part) for part in got)
    if lengths != (4, 3):
        return (
            f"a train of 4 rows and a test of 3 came back with {lengths[0]} and {lengths[1]}: fill a row, "
            "do not drop it; somebody will be asked about it"
        )
    return None


def _nothing_is_missing(answer: Any) -> str | None:
    missing = [int(np.isnan(np.asarray(part, dtype=float)).sum()) for part in _parts(answer)]
    if not any(missing):
        return None
    return (
        f"{missing[0]} values of the train and {missing[1]} of the test are still missing: the mean of numbers among "
        "which one is missing is missing too, unless you use `np.nanmean`"
        if missing == [1, 2]
        else f"{missing[0]} values of the train and {missing[1]} of the test are still missing: fill both"
    )


def _with_the_train_s_mean(answer: Any) -> str | None:
    train, test = (np.asarray(part, dtype=float) for part in _parts(answer))
    if not np.allclose(train[[0, 2, 3]], [2, 4, 6]) or not np.isclose(test[1], 9):
        return "a value that was there has changed; only what is missing is to be filled"
    filled = float(train[1]), float(test[0])
    if np.allclose(filled, (4, 4)):
        return None
    beliefs = (
        ((0, 0), "0 invents a value that nobody gave; the mean of what is known invents the least"),
        ((4, 9), "the test was filled with its own mean; whoever serves one person at a time has no test to average"),
        ((5.25, 5.25), "the mean was taken over train and test together, so the test has leaked into the train"),
        ((9, 9), "both were filled with the mean of the test, which is not known when the model is trained"),
        ((6, 6), "both were filled with the largest value of the train; asked is its mean"),
    )
    for values, sentence in beliefs:
        if np.allclose(filled, values):
            return sentence
    return f"the train was filled with {filled[0]:g} and the test with {filled[1]:g}: expected 4, the mean of the train"


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def fill(train, test):\n    {body}\n", says)


def _with(train: str, test: str) -> str:
    return f"return np.where(np.isnan(train), {train}, train), np.where(np.isnan(test), {test}, test)"


FILLED = Exercise(
    name="05-4",
    text="""\
`train` and `test` are arrays of one feature, in which some values are missing (`np.nan`). Write `fill(train,
test)`: return both, in this order, with what is missing replaced by the mean of what is known. Nothing about
the test may be used that would not be known while training.
""",
    stub="""\
def fill(train, test):
    return ...
""",
    answer="fill",
    hint="`np.nanmean` leaves out what is missing, and `np.where(np.isnan(x), a, x)` fills. Of which of the two "
    "arrays may the mean be taken?",
    solution="""\
def fill(train, test):
    mean = np.nanmean(train)
    return np.where(np.isnan(train), mean, train), np.where(np.isnan(test), mean, test)
""",
    rules=(is_function("fill"), _is_two_arrays, _nothing_is_missing, _with_the_train_s_mean),
    praise="whatever is learnt from data, a mean or a vocabulary too, is learnt from the train alone",
    wrong={
        "print hands a value over": _wrong("print(train, test)", "only `return` hands it over"),
        "the function is to be called": WrongAnswer("fill = (4, 4)\n", "without parentheses"),
        "the mean is asked for": _wrong("return np.nanmean(train)", "expected two arrays"),
        "rows that miss something go": _wrong(
            "return train[~np.isnan(train)], test[~np.isnan(test)]", "do not drop it"
        ),
        "a mean leaves out what is missing": _wrong(_with("train.mean()", "train.mean()"), "use `np.nanmean`"),
        "only the train is filled": _wrong(
            "return np.where(np.isnan(train), np.nanmean(train), train), test", "fill both"
        ),
        "zero": _wrong("return np.nan_to_num(train), np.nan_to_num(test)", "0 invents a value"),
        "each its own mean": _wrong(_with("np.nanmean(train)", "np.nanmean(test)"), "its own mean"),
        "the mean of both": _wrong(
            "mean = np.nanmean(np.concatenate([train, test]))\n    " + _with("mean", "mean"), "leaked into the train"
        ),
        "the mean of the test": _wrong(_with("np.nanmean(test)", "np.nanmean(test)"), "the mean of the test"),
        "the largest": _wrong(_with("np.nanmax(train)", "np.nanmax(train)"), "the largest value"),
        "the mean of all rows": _wrong(
            _with("np.nansum(train) / len(train)", "np.nansum(train) / len(train)"), "expected 4, the mean of the train"
        ),
        "everybody gets the mean": _wrong(
            "return np.full(4, np.nanmean(train)), np.full(3, np.nanmean(train))", "has changed"
        ),
    },
)
