"""09-1: the scores of two models on one scale, and mixed."""

from __future__ import annotations

import numpy as np

from tailrec_course.arrays import gives_array, is_begun_on_arrays
from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import is_function

_A = np.array([[300.0, 100.0, 200.0], [10.0, 40.0, 40.0]])
_B = np.array([[0.1, 0.4, 0.1], [0.9, 0.3, 0.6]])
_SHARE = 0.25


def _z(scores: np.ndarray, axis: int | None = 1, ddof: int = 0) -> np.ndarray:
    kept = axis is not None
    return (scores - scores.mean(axis=axis, keepdims=kept)) / scores.std(axis=axis, ddof=ddof, keepdims=kept)


def _mixed(a: np.ndarray, b: np.ndarray, share: float) -> np.ndarray:
    return (1 - share) * a + share * b


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def mixed(A, B, share):\n    {body}\n", says)


_Z = "z = lambda S: (S - S.mean(axis=1, keepdims=True)) / S.std(axis=1, keepdims=True)\n    "
_RIGHT = _mixed(_z(_A), _z(_B), _SHARE)
MIXTURE = Exercise(
    name="09-1",
    text="""\
`A` and `B` are (n_users, n_items) scores of two models. Write `mixed(A, B, share)`: take each user's scores of each
model to mean 0 and standard deviation 1 over the items (`np.std` as it is, divided by n), and return
(1 − share) · A + share · B of the two standardised arrays.
""",
    stub="""\
def mixed(A, B, share):
    return ...
""",
    answer="mixed",
    hint="A user is a row: `axis=1` runs along it, and `keepdims=True` keeps the column, so that it can be subtracted "
    "from the row. A small function for one model, called twice, is shorter than both written out.",
    solution="""\
def mixed(A, B, share):
    def standardised(S):
        centred = S - S.mean(axis=1, keepdims=True)
        return centred / S.std(axis=1, keepdims=True)

    return (1 - share) * standardised(A) + share * standardised(B)
""",
    rules=(
        is_function("mixed"),
        is_begun_on_arrays((_A, _B, _SHARE)),
        gives_array(
            (_A, _B, _SHARE),
            _RIGHT,
            "for two users and three items",
            f"expected {_RIGHT.round(4).tolist()}",
            instead=[
                (
                    _mixed(_A, _B, _SHARE),
                    "the scores are still on two scales, and the model with the larger numbers decides alone",
                ),
                (_mixed(_z(_A), _z(_B), 1 - _SHARE), "the shares are the other way round: `share` is that of B"),
                (
                    _mixed(_z(_A, 0), _z(_B, 0), _SHARE),
                    "that is standardised down the columns, over the users of an item; a user is a row",
                ),
                (
                    _mixed(_z(_A, None), _z(_B, None), _SHARE),
                    "that is one mean over all users; each user has their own",
                ),
                (_z(_mixed(_A, _B, _SHARE)), "standardised after mixing: then it is too late, A has already drowned B"),
                (
                    _mixed(_A - _A.mean(axis=1, keepdims=True), _B - _B.mean(axis=1, keepdims=True), _SHARE),
                    "the mean is gone, the spread is still that of two scales: divide by the standard deviation",
                ),
                (
                    _mixed(_z(_A, 1, 1), _z(_B, 1, 1), _SHARE),
                    "that is divided by n − 1; `np.std` as it is divides by n",
                ),
                (_z(_A) + _SHARE * _z(_B), "A has to give up what B gets: its share is 1 − share"),
            ],
            misfit="`mean(axis=1, keepdims=True)` keeps a column that fits to the rows",
        ),
        gives_array((_A, _B, 1.0), _z(_B), "with a share of 1", "B alone should be left, standardised"),
    ),
    praise="now a share means the same for every pair of models, whatever their scores are counted in",
    wrong={
        "print hands a value over": _wrong("print(A)", "only `return` hands it over"),
        "called": WrongAnswer("mixed = [[1.0]]\n", "without parentheses"),
        "raw scores": _wrong("return (1 - share) * A + share * B", "still on two scales"),
        "the other share": _wrong(_Z + "return share * z(A) + (1 - share) * z(B)", "`share` is that of B"),
        "columns": _wrong(
            "z = lambda S: (S - S.mean(axis=0)) / S.std(axis=0)\n    return (1 - share) * z(A) + share * z(B)",
            "down the columns",
        ),
        "one mean": _wrong(
            "z = lambda S: (S - S.mean()) / S.std()\n    return (1 - share) * z(A) + share * z(B)",
            "each user has their own",
        ),
        "too late": _wrong(_Z + "return z((1 - share) * A + share * B)", "standardised after mixing"),
        "only centred": _wrong(
            "c = lambda S: S - S.mean(axis=1, keepdims=True)\n    return (1 - share) * c(A) + share * c(B)",
            "divide by the standard deviation",
        ),
        "n - 1": _wrong(
            "z = lambda S: (S - S.mean(axis=1, keepdims=True)) / S.std(axis=1, ddof=1, keepdims=True)\n"
            "    return (1 - share) * z(A) + share * z(B)",
            "divided by n − 1",
        ),
        "a sum": _wrong(_Z + "return z(A) + share * z(B)", "its share is 1 − share"),
        "no column kept": _wrong(
            "z = lambda S: (S - S.mean(axis=1)) / S.std(axis=1)\n    return (1 - share) * z(A) + share * z(B)",
            "fits to the rows",
        ),
        "a share by heart": _wrong(_Z + "return 0.75 * z(A) + 0.25 * z(B)", "B alone should be left"),
    },
)
