"""12-3: which codes a model must refuse."""

from __future__ import annotations

from typing import Any

import numpy as np

from tailrec_course.arrays import gives_array, is_begun_on_arrays
from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import call, is_function

_MIXED = (np.array([0, 5, -1, 4, 9]), 5)
_FINE = (np.array([3, 0, 4]), 5)


def _is_codes(answer: Any) -> str | None:
    got = np.asarray(call(answer, *_MIXED))
    if got.dtype == bool:
        return "these are marks, True where a code is unknown; put them into `users[...]` and return the codes"
    return None


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def unknown(users, n_users):\n    {body}\n", says)


UNKNOWN_CODES = Exercise(
    name="12-3",
    text="""\
A model was fitted on `n_users` users; their codes are 0, 1, 2 and so on. `users` is an array of codes that it is asked
for. Write `unknown(users, n_users)`: an array of those that it has to refuse, in their order; empty where it knows all.
""",
    stub="""\
def unknown(users, n_users):
    return ...
""",
    answer="unknown",
    hint="With five users, which is the last code? And what does `table[-1]` give you, without a word?",
    solution="""\
def unknown(users, n_users):
    return users[(users < 0) | (users >= n_users)]
""",
    rules=(
        is_function("unknown"),
        is_begun_on_arrays(_MIXED),
        _is_codes,
        gives_array(
            _MIXED,
            [5, -1, 9],
            "of the codes 0, 5, -1, 4, 9 with five users",
            "expected 5, -1 and 9",
            instead=[
                (
                    [5, 9],
                    "-1 is no user's code, yet `table[-1]` is the last user: refuse it, or it is answered wrongly",
                ),
                ([-1, 9], "the codes begin with 0, so with five users the last is 4, and 5 is nobody's"),
                ([9], "the codes begin with 0, so 5 is nobody's; and `table[-1]` would silently be the last user"),
                ([-1], "5 and 9 are beyond the last user, whose code is 4"),
                ([0, 4], "these are the codes that it knows; asked are the others"),
                ([1, 2, 4], "these are the places where they stand; return the codes themselves: `users[...]`"),
                ([-1, 5, 9], "they are the right ones in another order; keep the order in which they came"),
                (3, "that is how many there are; a message names them, so return the codes"),
            ],
        ),
        gives_array(
            _FINE,
            np.empty(0),
            "of the codes 3, 0, 4 with five users",
            "expected an empty array: it knows them all",
        ),
    ),
    praise="a wrong code that is answered is worse than one that is refused: nobody notices",
    wrong={
        "print hands a value over": _wrong("print(users)", "only `return` hands it over"),
        "the function is to be called": WrongAnswer("unknown = 5\n", "without parentheses"),
        "minus one is fine": _wrong("return users[users >= n_users]", "-1 is no user's code"),
        "codes begin with one": _wrong(
            "return users[(users < 0) | (users > n_users)]", "with five users the last is 4"
        ),
        "both": _wrong("return users[users > n_users]", "so 5 is nobody's; and"),
        "only minus one": _wrong("return users[users < 0]", "5 and 9 are beyond"),
        "the known": _wrong("return users[(users >= 0) & (users < n_users)]", "asked are the others"),
        "marks": _wrong("return (users < 0) | (users >= n_users)", "these are marks, True where"),
        "places": _wrong("return np.flatnonzero((users < 0) | (users >= n_users))", "where they stand"),
        "sorted": _wrong("return np.setdiff1d(users, np.arange(n_users))", "the order in which they came"),
        "a number": _wrong("return ((users < 0) | (users >= n_users)).sum()", "a message names them"),
        "none is none": _wrong(
            "found = users[(users < 0) | (users >= n_users)]\n    return found if len(found) else 0.0",
            "of shape (0,)",
        ),
    },
)
