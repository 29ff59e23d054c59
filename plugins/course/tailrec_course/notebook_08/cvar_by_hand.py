"""08-2: the conditional value at risk of a batch, with the loss at the cut counted in part."""

from __future__ import annotations

import numpy as np

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import gives, is_begun, is_function

_EVEN = (np.array([1.0, 7.0, 2.0, 4.0]), 0.5)
_CUT = (np.array([3.0, 0.0, 9.0, 4.0, 1.0]), 0.5)


def _wrong(body: str, says: str) -> WrongAnswer:
    start = "worst, n = np.sort(losses)[::-1], len(losses)"
    return WrongAnswer(f"def cvar(losses, share):\n    {start}\n    {body}\n", says)


CVAR_BY_HAND = Exercise(
    name="08-2",
    text="""\
`losses` is an (n,) array, and `share` a number in (0, 1]. Write `cvar(losses, share)`: the mean of the worst
`share` of the losses. Where share × n is not whole, the loss at the cut counts by the part of it that belongs to
the share: of five losses and one half, the two largest and half of the third, divided by 2.5.
""",
    stub="""\
def cvar(losses, share):
    return ...
""",
    answer="cvar",
    hint="Sort the losses, largest first. Number i, from 0, counts by min(1, max(0, share × n − i)): "
    "`np.clip(share * n - np.arange(n), 0, 1)` has that for all of them.",
    solution="""\
def cvar(losses, share):
    worst, n = np.sort(losses)[::-1], len(losses)
    kept = np.clip(share * n - np.arange(n), 0, 1)
    return (kept * worst).sum() / (share * n)
""",
    rules=(
        is_function("cvar"),
        is_begun(_EVEN),
        gives(
            _EVEN,
            5.5,
            "expected 5.5, the mean of 7 and 4",
            instead=[
                (11.0, "that is the sum of the worst half; the mean is asked for"),
                (2.75, "divide by the number of losses that are kept, share × n, not by n"),
                (22.0, "that is n times the mean; it is what a batch's plain sum is compared with, here the mean"),
                (1.5, "that is the mean of the smallest losses; the worst are the largest"),
                (3.5, "that is the mean of all of them"),
                (4.5, "the losses stand in no order; sort them before you take the first ones"),
                (4.0, "that is where the cut is, the value at risk; the mean of what lies beyond it is asked for"),
                (3.0, "that is the median, near where the cut is; the mean of what lies beyond it is asked for"),
                (7.0, "that is the largest loss alone"),
            ],
        ),
        gives(
            _CUT,
            (9 + 4 + 0.5 * 3) / 2.5,
            "expected 5.8: 9, 4 and half of 3, divided by 2.5",
            instead=[
                (6.5, "that keeps two of five losses, which is not one half; half of the third belongs to it"),
                (
                    16 / 3,
                    "that keeps three of five losses, which is not one half; only half of the third belongs to it",
                ),
                (16 / 2.5, "the third loss counts by one half only, since 2.5 of five losses are kept"),
                (13 / 2.5, "half of the third loss, 1.5, is missing in the sum"),
            ],
        ),
    ),
    praise="with share = 1 it is the mean, and as the share goes to zero it becomes the largest loss",
    wrong={
        "print hands a value over": _wrong("print(worst.mean())", "only `return` hands it over"),
        "called": WrongAnswer("cvar = 5.5\n", "without parentheses"),
        "the sum": _wrong("return worst[:int(share * n)].sum()", "the mean is asked for"),
        "divided by n": _wrong("return worst[:int(share * n)].sum() / n", "not by n"),
        "n times": _wrong("return worst[:int(share * n)].sum() / share", "n times the mean"),
        "the smallest": _wrong("return worst[::-1][:int(share * n)].mean()", "the worst are the largest"),
        "all": _wrong("return losses.mean()", "the mean of all of them"),
        "not sorted": _wrong("return losses[1:3].mean()", "sort them before"),
        "the value at risk": _wrong("return worst[int(share * n) - 1]", "the value at risk"),
        "the quantile": _wrong("return np.quantile(losses, 1 - share)", "that is the median"),
        "the largest": _wrong("return worst[0]", "the largest loss alone"),
        "something else": _wrong("return (losses**2).mean() / losses.mean()", "the mean of 7 and 4"),
        "rounded down": _wrong("return worst[:int(share * n)].mean()", "half of the third belongs to it"),
        "rounded up": _wrong("return worst[:int(np.ceil(share * n))].mean()", "only half of the third belongs"),
        "the whole of the third": _wrong(
            "return worst[:int(np.ceil(share * n))].sum() / (share * n)", "counts by one half only"
        ),
        "none of the third": _wrong("return worst[:int(share * n)].sum() / (share * n)", "is missing in the sum"),
    },
)
