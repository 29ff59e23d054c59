"""09-2: the share of a blend for every range of history lengths, chosen on validation."""

from __future__ import annotations

import numpy as np

from tailrec_course.arrays import gives_array, is_begun_on_arrays
from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import is_function

#: Means by range: .2 .05 .05, then .1 .2 .175, then .1 .1 .3; over everybody the last is best.
_VALUES = np.array(
    [[0.30, 0.00, 0.10], [0.10, 0.10, 0.00], [0.00, 0.30, 0.00], [0.20, 0.10, 0.35], [0.1, 0.1, 0.3], [0.1, 0.1, 0.3]]
)
_RANGES = np.array([0, 0, 1, 1, 2, 2])
_SHARES = np.array([0.0, 0.5, 1.0])
_TIED = np.array([[0.2, 0.2, 0.1], [0.1, 0.4, 0.4]])
_UNEQUAL = np.array([[0.5, 0.0], [0.0, 0.2], [0.0, 0.2], [0.3, 0.0]])


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def gate(values, ranges, shares):\n    {body}\n", says)


_MEANS = "means = np.array([values[ranges == r].mean(axis=0) for r in range(ranges.max() + 1)])\n    "
GATE = Exercise(
    name="09-2",
    text="""\
`values` is (n_users, n_shares): what each validation user gets under each share of the personalised model. `ranges`
(n_users,) is the range of each user's history length, 0, 1, 2, ..., none of them empty, and `shares` (n_shares,) are
the shares that were tried. Write `gate(values, ranges, shares)`: for every range the share with the best mean. Ties go
to the share that stands first.
""",
    stub="""\
def gate(values, ranges, shares):
    return ...
""",
    answer="gate",
    hint="`values[ranges == 0]` are the rows of the first range. Their mean has to keep one number a share; `argmax` "
    "gives the place of the best, the first where several are equal, and `shares` turns a place into a share.",
    solution="""\
def gate(values, ranges, shares):
    best = []
    for r in range(ranges.max() + 1):
        means = values[ranges == r].mean(axis=0)
        best.append(shares[means.argmax()])
    return np.array(best)
""",
    rules=(
        is_function("gate"),
        is_begun_on_arrays((_VALUES, _RANGES, _SHARES)),
        gives_array(
            (_VALUES, _RANGES, _SHARES),
            [0.0, 0.5, 1.0],
            "for three ranges of two users each",
            "their best means are in columns 0, 1 and 2, so the shares are 0, 0.5 and 1",
            instead=[
                (1.0, "that is one share for everybody: the gate is missing"),
                ([1.0, 1.0, 1.0], "that is the best share over everybody, three times: take each range's rows alone"),
                ([0.0, 1.0, 2.0], "these are columns; `shares` says which share stands in a column"),
                ([0.5, 0.0, 0.0], "these are the shares with the lowest means; higher is better"),
                ([0.2, 0.2, 0.3], "these are the best means; asked for are the shares that reach them"),
                ([0.0, 0.0, 0.5, 1.0, 1.0, 1.0], "that is one share a user, which fits to noise; one a range is asked"),
                ([0.0, 1.0, 1.0], "that picks by the largest single value; a range is judged by its mean"),
            ],
        ),
        gives_array(
            (_UNEQUAL, np.array([0, 1, 1, 1]), np.array([0.0, 1.0])),
            [0.0, 1.0],
            "for one user, and three",
            "in the second range the means are 0.1 and 0.133; who is in which range is what `ranges` says",
        ),
        gives_array(
            (_TIED, np.array([0, 1]), _SHARES), [0.0, 0.5], "for equal means", "ties go to the share that stands first"
        ),
    ),
    praise="chosen from validation users alone; the fewer users in a range, the more of its choice is chance",
    wrong={
        "print hands a value over": _wrong("print(shares)", "only `return` hands it over"),
        "called": WrongAnswer("gate = [0.0]\n", "without parentheses"),
        "no gate": _wrong("return shares[values.mean(axis=0).argmax()]", "the gate is missing"),
        "everybody's": _wrong(
            "return np.full(ranges.max() + 1, shares[values.mean(axis=0).argmax()])", "take each range's rows alone"
        ),
        "columns": _wrong(_MEANS + "return means.argmax(axis=1)", "which share stands in a column"),
        "worst": _wrong(_MEANS + "return shares[means.argmin(axis=1)]", "higher is better"),
        "means": _wrong(_MEANS + "return means.max(axis=1)", "the shares that reach them"),
        "one a user": _wrong("return shares[values.argmax(axis=1)]", "one share a user"),
        "largest": _wrong(
            "means = np.array([values[ranges == r].max(axis=0) for r in range(ranges.max() + 1)])\n    "
            "return shares[means.argmax(axis=1)]",
            "largest single value",
        ),
        "equal ranges": _wrong(
            "means = np.array([part.mean(axis=0) for part in np.array_split(values, ranges.max() + 1)])\n    "
            "return shares[means.argmax(axis=1)]",
            "who is in which range",
        ),
        "the last": _wrong(
            _MEANS + "return shares[::-1][means[:, ::-1].argmax(axis=1)]", "ties go to the share that stands first"
        ),
    },
)
