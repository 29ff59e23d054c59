"""01-4: who is left in a k-core."""

from __future__ import annotations

from typing import Any

import numpy as np

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import gives, is_begun, is_function


def _case(rows: list[list[int]], k: int) -> tuple[Any, ...]:
    return (np.array(rows), k)


#: Three people with three items in common, one with a single item, and one with an item that nobody else has.
_PLAIN = _case([[1, 1, 1, 0], [1, 1, 1, 0], [1, 1, 1, 0], [1, 0, 0, 0], [0, 1, 0, 1]], 2)
_EXACT = _case([[1, 1, 1], [1, 1, 1], [1, 1, 1]], 3)
#: Each removal makes the next one necessary, until nobody is left.
_CHAIN = _case([[1, 1, 0, 0, 0, 0], [0, 1, 1, 0, 0, 0], [0, 0, 1, 1, 0, 0], [0, 0, 0, 1, 1, 0], [0, 0, 0, 0, 1, 1]], 2)
_ITEMS = _case([[1, 1, 1, 0, 0], [1, 1, 1, 0, 0]], 2)


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def who_is_left(X, k):\n    {body}\n", says)


#: The loop, with what it returns left open.
_LOOP = """\
n = len(X)
    while True:
        users, items = X.sum(axis=1) >= k, X.sum(axis=0) >= k
        if users.all() and items.all():
            return {}
        X = X[users][:, items]"""

CORE_OF_K = Exercise(
    name="01-4",
    text="""\
`X` is an array of zeros and ones, a row a user and a column an item. The **k-core** is what is left when every
user with fewer than `k` items and every item with fewer than `k` users has been removed, again and again, until each
one that is left has `k`. Write `who_is_left(X, k)`: how many users are in it?
""",
    stub="""\
def who_is_left(X, k):
    return ...
""",
    answer="who_is_left",
    hint="`X.sum(axis=1)` has the items of each user, and `X[users][:, items]` keeps some rows and columns. "
    "When are you done?",
    solution="""\
def who_is_left(X, k):
    while True:
        users, items = X.sum(axis=1) >= k, X.sum(axis=0) >= k
        if users.all() and items.all():
            return len(X)
        X = X[users][:, items]
""",
    rules=(
        is_function("who_is_left"),
        is_begun(_PLAIN),
        gives(
            _PLAIN,
            3,
            "expected the number 3, the first three users",
            instead=[
                (4, "the last user has two items, but nobody else has one of them; without that item, look again"),
                (5, "rare items were removed and no user was; count the items of each user that are left"),
                (2, "that is how many were removed; asked is how many are left"),
                (9, "these are the events that are left; asked are the users"),
            ],
        ),
        gives(
            _EXACT,
            3,
            "expected 3: everybody and everything has exactly three",
            instead=[(0, "whoever has exactly `k` stays: `>= k`")],
        ),
        gives(
            _CHAIN,
            0,
            "expected 0: the item at either end has one user, so that user goes, then the next, until nobody is left",
            instead=[
                (3, "after one round there are again items with too few users; go on until nothing changes"),
                (1, "after two rounds there are again items with too few users; go on until nothing changes"),
            ],
        ),
        gives(_ITEMS, 2, "expected 2: the users are asked for, of items there are three"),
    ),
    praise="a report on the core never mentions those who went; whoever filters first has no tail to worry about",
    wrong={
        "print hands a value over": _wrong("print(len(X))", "only `return` hands it over"),
        "the function is to be called": WrongAnswer("who_is_left = 3\n", "without parentheses"),
        "only users count": _wrong("return (X.sum(axis=1) >= k).sum()", "without that item, look again"),
        "only items count": _wrong("return len(X[:, X.sum(axis=0) >= k])", "no user was"),
        "how many went": _wrong(_LOOP.format("n - len(X)"), "how many were removed"),
        "events": _wrong(_LOOP.format("X.sum()"), "events that are left"),
        "who they are": _wrong(_LOOP.format("X"), "expected the number 3"),
        "more than k": _wrong(_LOOP.replace(">= k", "> k").format("len(X)"), "exactly `k` stays"),
        "once is enough": _wrong(
            "X = X[:, X.sum(axis=0) >= k]\n    return (X.sum(axis=1) >= k).sum()", "after one round"
        ),
        "twice is enough": _wrong(
            "for _ in range(2):\n        X = X[:, X.sum(axis=0) >= k]\n        X = X[X.sum(axis=1) >= k]\n"
            "    return len(X)",
            "after two rounds",
        ),
        "the items that are left": _wrong(_LOOP.format("X.shape[1]"), "the users are asked for"),
    },
)
