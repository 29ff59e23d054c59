"""09-3: the beginning of a history, without what came after the answer."""

from __future__ import annotations

import numpy as np

from tailrec_course.arrays import gives_array, is_begun_on_arrays
from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import is_function

_HISTORY = np.array([4, 9, 2, 7, 5])


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def shown(history, answer, m):\n    {body}\n", says)


TRUNCATION = Exercise(
    name="09-3",
    text="""\
`history` is the (n,) array of a person's items, oldest first, all different. `answer` is one of them: the item that the
model is to find. Write `shown(history, answer, m)`: the first m items of the history, as if the person had just begun,
but never the answer itself and nothing that came after it. Where fewer than m came before the answer, show those.
""",
    stub="""\
def shown(history, answer, m):
    return ...
""",
    answer="shown",
    hint="Where does the answer stand? `np.flatnonzero(history == answer)[0]` is its position, and that many items "
    "came before it.",
    solution="""\
def shown(history, answer, m):
    before = np.flatnonzero(history == answer)[0]
    return history[: min(m, before)]
""",
    rules=(
        is_function("shown"),
        is_begun_on_arrays((_HISTORY, 7, 2)),
        gives_array(
            (_HISTORY, 7, 2),
            [4, 9],
            "for the history 4, 9, 2, 7, 5 with answer 7 and m = 2",
            "the first two items, 4 and 9, are to be shown",
            instead=[
                ([9, 2], "these are the last two before the answer; as if just begun means the first"),
                ([7, 5], "these are the last two of all: the answer, and what came after it"),
                ([4, 9, 2], "these are all before the answer; at most m are to be shown"),
                ([2], "that skips the first m; they are what is to be shown"),
            ],
        ),
        gives_array(
            (_HISTORY, 9, 3),
            [4],
            "for the history 4, 9, 2, 7, 5 with answer 9 and m = 3",
            "only 4 came before the answer",
            instead=[
                ([4, 9, 2], "9 is the answer: a model that is shown it learns to copy, and 2 came after it"),
                ([4, 2], "the answer is gone, but 2 came after it: that is the future"),
                ([4, 2, 7], "the answer is gone, but 2 and 7 came after it: that is the future"),
                ([4, 9], "the answer itself is among what is shown: a model learns to copy it"),
            ],
        ),
        gives_array(
            (_HISTORY, 4, 3),
            np.empty(0),
            "for the history 4, 9, 2, 7, 5 with answer 4 and m = 3",
            "nothing came before 4, so nothing is to be shown: that is how somebody new looks",
            instead=[([4], "nothing came before 4, so nothing is to be shown, not even one item")],
        ),
    ),
    praise="from one long history come many short ones, each as it really was at the time",
    wrong={
        "print hands a value over": _wrong("print(history)", "only `return` hands it over"),
        "called": WrongAnswer("shown = [4, 9]\n", "without parentheses"),
        "the last before": _wrong(
            "before = np.flatnonzero(history == answer)[0]\n    return history[max(0, before - m) : before]",
            "as if just begun means the first",
        ),
        "the last of all": _wrong("return history[-m:]", "the last two of all"),
        "all before": _wrong("return history[: np.flatnonzero(history == answer)[0]]", "at most m"),
        "skipped": _wrong(
            "before = np.flatnonzero(history == answer)[0]\n    return history[m:before]", "skips the first m"
        ),
        "the answer too": _wrong("return history[:m]", "learns to copy, and 2 came after it"),
        "the future": _wrong("cut = history[:m]\n    return cut[cut != answer]", "but 2 came after it"),
        "the future, filled up": _wrong("return history[history != answer][:m]", "2 and 7 came after it"),
        "one too many": _wrong(
            "before = np.flatnonzero(history == answer)[0]\n    return history[: min(m, before + 1)]",
            "answer itself is among",
        ),
        "at least one": _wrong(
            "before = np.flatnonzero(history == answer)[0]\n    return history[: max(1, min(m, before))]",
            "not even one item",
        ),
    },
)
