"""08-1: inverse activity weights with mean one."""

from __future__ import annotations

import numpy as np

from tailrec_course.arrays import gives_array, is_begun_on_arrays
from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import is_function

_USERS = np.array([0, 0, 0, 0, 1, 2, 2])
_N = np.array([4.0, 1.0, 2.0])
_HALF = _N**-0.5
_LATER = np.array([1, 1, 0])


def _of_events(of_users: np.ndarray) -> np.ndarray:
    return of_users[_USERS]


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def inverse_activity(users, a):\n    n = np.bincount(users)\n    {body}\n", says)


WEIGHTS_BY_HAND = Exercise(
    name="08-1",
    text="""\
`users` is an (E,) array: the code of the user of each training event, no pair twice. Write `inverse_activity(users,
a)`: an (E,) array of weights proportional to n^(−a), with n the number of events of the event's user, and with
mean one over the events. Every code from 0 to the largest has an event.
""",
    stub="""\
def inverse_activity(users, a):
    return ...
""",
    answer="inverse_activity",
    hint="`np.bincount(users)` counts the events of every user. Indexing that with `users` gives each event the count "
    "of its own user. Whatever the weights are, divided by their mean they have the mean one.",
    solution="""\
def inverse_activity(users, a):
    n = np.bincount(users)
    w = n[users] ** -a
    return w / w.mean()
""",
    rules=(
        is_function("inverse_activity"),
        is_begun_on_arrays((_USERS, 0.5)),
        gives_array(
            (_USERS, 0.5),
            _of_events(_HALF) / _of_events(_HALF).mean(),
            "for users with 4, 1 and 2 events and a = 0.5",
            "the event of the second user is to weigh twice one of the first",
            instead=[
                (_of_events(_HALF), "their mean is not one: divide them by it"),
                (_of_events(_HALF) / _of_events(_HALF).sum(), "they add up to one; their mean is to be one"),
                (
                    _of_events(_HALF / _HALF.mean()),
                    "the mean over users is one; over the events it is not, since the first user has four",
                ),
                (_HALF / _HALF.mean(), "that is one weight a user; index them with `users`"),
                (
                    _of_events(_N**0.5) / _of_events(_N**0.5).mean(),
                    "who has more events weighs more: the exponent is −a",
                ),
                (_of_events(1 / _N) / _of_events(1 / _N).mean(), "that is n to the power of −1, whatever a is"),
                (np.ones(len(_USERS)), "all weigh the same"),
            ],
        ),
        gives_array(
            (_LATER, 1.0),
            [0.75, 0.75, 1.5],
            "for users with 1 and 2 events and a = 1",
            "an event of the user with one event weighs twice an event of the other; n belongs to a user, not to a "
            "place in the array",
        ),
    ),
    praise="with a = 1 every person has the same share of the loss, and the learning rate need not change",
    wrong={
        "print hands a value over": _wrong("print(n)", "only `return` hands it over"),
        "called": WrongAnswer("inverse_activity = 1.0\n", "without parentheses"),
        "not normalised": _wrong("return n[users] ** -a", "divide them by it"),
        "adds up to one": _wrong("w = n[users] ** -a\n    return w / w.sum()", "they add up to one"),
        "mean over users": _wrong("w = n ** -a\n    return (w / w.mean())[users]", "the mean over users is one"),
        "one a user": _wrong("w = n ** -a\n    return w / w.mean()", "index them with `users`"),
        "more for more": _wrong("w = n[users] ** a\n    return w / w.mean()", "weighs more: the exponent"),
        "no exponent": _wrong("w = 1 / n[users]\n    return w / w.mean()", "whatever a is"),
        "all the same": _wrong("return np.ones(len(users))", "all weigh the same"),
        "a logarithm": _wrong("w = 1 / (1 + np.log(n[users]))\n    return w / w.mean()", "is to weigh twice one"),
        "counted in the order of appearance": WrongAnswer(
            "def inverse_activity(users, a):\n"
            "    n = np.array([(users == one).sum() for one in dict.fromkeys(users.tolist())], float)\n"
            "    w = n[users] ** -a\n    return w / w.mean()\n",
            "not to a place in the array",
        ),
    },
)
