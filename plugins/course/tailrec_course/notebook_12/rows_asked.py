"""12-2: scores are asked for by codes, in any order."""

from __future__ import annotations

import numpy as np

from tailrec_course.arrays import gives_array, is_begun_on_arrays
from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import is_function

_HISTORIES = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 1.0]])
_SIMILAR = np.array([[1.0, 0.2, 0.0], [0.2, 1.0, 0.5], [0.0, 0.5, 1.0]])
_LED = np.array([[1.0, 0.6, 0.0], [0.2, 1.0, 0.5], [0.0, 0.1, 1.0]])
_TWO = (_HISTORIES, _SIMILAR, np.array([2, 0]))
_TWICE = (_HISTORIES, _SIMILAR, np.array([1, 1, 0, 2]))
_ONE_WAY = (_HISTORIES, _LED, np.array([0]))


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def scores(histories, similar, users):\n    {body}\n", says)


ROWS_ASKED = Exercise(
    name="12-2",
    text="""\
`histories` has a row a user and a column an item, 1 where the user has the item. `similar` has a row and a column an
item: how much the item of the row speaks for the item of the column. An item's score for a user is the sum of what
the items of the history say for it. Write `scores(histories, similar, users)`: an array with a row for each of the
codes in `users`, in their order, and a column an item. A code may come twice.
""",
    stub="""\
def scores(histories, similar, users):
    return ...
""",
    answer="scores",
    hint="`histories[users]` is a table with the rows that were asked for. One product of matrices sums over the items "
    "of the history: which side of it does `similar` stand on?",
    solution="""\
def scores(histories, similar, users):
    return histories[users] @ similar
""",
    rules=(
        is_function("scores"),
        is_begun_on_arrays(_TWO),
        gives_array(
            _TWO,
            [[0.0, 0.5, 1.0], [1.0, 0.2, 0.0]],
            "asked for users 2 and 0",
            "expected [0, 0.5, 1] for user 2 and then [1, 0.2, 0] for user 0",
            instead=[
                (_HISTORIES @ _SIMILAR, "these are all three users; return the rows that were asked for"),
                (
                    [[1.0, 0.2, 0.0], [0.0, 0.5, 1.0]],
                    "the rows stand in the order of the codes; they were asked for as 2, 0",
                ),
                (
                    [[1.0, 0.2, 0.0], [0.2, 1.5, 1.5]],
                    "these are the first two users; read the rows by the codes in `users`",
                ),
                ([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]], "these are the histories; multiply them with `similar`"),
                (
                    [[0.0, 0.5, 0.0], [0.0, 0.2, 0.0]],
                    "what somebody has is left out by whoever ranks; leave its score as it is",
                ),
            ],
            misfit="`histories[users] @ similar` is (users, items) times (items, items)",
        ),
        gives_array(
            _TWICE,
            [[0.2, 1.5, 1.5], [0.2, 1.5, 1.5], [1.0, 0.2, 0.0], [0.0, 0.5, 1.0]],
            "asked for user 1 twice, then 0 and 2",
            "expected a row for each code, the first two alike",
            instead=[
                ([[0.2, 1.5, 1.5], [1.0, 0.2, 0.0], [0.0, 0.5, 1.0]], "a code that comes twice has two rows"),
            ],
        ),
        gives_array(
            _ONE_WAY,
            [[1.0, 0.6, 0.0]],
            "where item 0 speaks for item 1 with 0.6 and item 1 for item 0 with 0.2, asked for a user who has item 0",
            "expected 0.6 for item 1",
            instead=[
                (
                    [[1.0, 0.2, 0.0]],
                    "you read `similar` by its columns; the row is the item that speaks, so it stands on the right",
                ),
            ],
        ),
    ),
    praise="a row a code, in the order that was asked for: whoever ranks asks in batches, and nobody's row may depend "
    "on the batch",
    wrong={
        "print hands a value over": _wrong("print(histories @ similar)", "only `return` hands it over"),
        "the function is to be called": WrongAnswer("scores = 1.0\n", "without parentheses"),
        "everybody": _wrong("return histories @ similar", "these are all three users"),
        "sorted": _wrong("return histories[np.unique(users)] @ similar", "in the order of the codes"),
        "the first": _wrong("return (histories @ similar)[: len(users)]", "these are the first two users"),
        "histories": _wrong("return histories[users]", "these are the histories"),
        "what they have is left out": _wrong(
            "rows = histories[users]\n    return (rows @ similar) * (1 - rows)", "by whoever ranks"
        ),
        "shapes": _wrong("return similar @ histories[users]", "(users, items) times (items, items)"),
        "each once": _wrong(
            "order = list(dict.fromkeys(users.tolist()))\n    return histories[order] @ similar", "has two rows"
        ),
        "columns": _wrong("return histories[users] @ similar.T", "by its columns"),
        "a mean": _wrong("rows = histories[users]\n    return rows @ similar / 2", "[0, 0.5, 1] for user 2 and then"),
    },
)
