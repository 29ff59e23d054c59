"""08-3: one step of group DRO's weights."""

from __future__ import annotations

import numpy as np

from tailrec_course.arrays import gives_array, is_begun_on_arrays
from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import is_function

_Q = np.array([0.5, 0.3, 0.2])
_L = np.array([1.0, 2.0, 4.0])
_STEP = 0.5
_RAISED = _Q * np.exp(_STEP * _L)
_NEW = _RAISED / _RAISED.sum()


def _share(values: np.ndarray) -> np.ndarray:
    return values / values.sum()


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def dro_step(q, losses, step):\n    {body}\n", says)


DRO_STEP = Exercise(
    name="08-3",
    text="""\
`q` is a (G,) array of the groups' weights, which add up to one, and `losses` a (G,) array of their mean losses. Write
`dro_step(q, losses, step)`: the new weights, proportional to q_g e^(step × L_g) and adding up to one. A loss of 2,000
must not break it.
""",
    stub="""\
def dro_step(q, losses, step):
    return ...
""",
    answer="dro_step",
    hint="Only ratios count: the same number may be subtracted from all exponents (notebook 04). Subtract the largest, "
    "multiply by `q`, divide by the sum.",
    solution="""\
def dro_step(q, losses, step):
    raised = q * np.exp(step * (losses - losses.max()))
    return raised / raised.sum()
""",
    rules=(
        is_function("dro_step"),
        is_begun_on_arrays((_Q, _L, _STEP)),
        gives_array(
            (_Q, _L, _STEP),
            _NEW,
            "for q = [0.5, 0.3, 0.2] and losses 1, 2 and 4 with step 0.5",
            f"expected {_NEW.round(4).tolist()}",
            instead=[
                (_RAISED, "they do not add up to one: divide by their sum"),
                (_RAISED / np.exp(_STEP * _L.max()), "they do not add up to one: divide them by their sum"),
                (_share(np.exp(_STEP * _L)), "what the groups weighed before is lost: multiply by `q`"),
                (
                    _share(_Q * np.exp(-_STEP * _L)),
                    "the worst served group weighs less: the exponent has the other sign",
                ),
                (_share(_Q * np.exp(_L)), "the step has no part in it"),
                (_share(_Q * _STEP * _L), "that multiplies by the losses, not by their exponential"),
                (_share(_Q + _STEP * _L), "that adds; the exponential multiplies, so that no weight becomes negative"),
                ((_NEW * _L).sum(), "that is the objective, one number; the new weights are asked for"),
                (_Q, "nothing has moved"),
            ],
        ),
        gives_array(
            (np.array([0.5, 0.5]), np.array([2000.0, 1990.0]), 1.0),
            [1 / (1 + np.exp(-10.0)), 1 / (1 + np.exp(10.0))],
            "for losses of 2,000 and 1,990",
            "the exponential has overflowed; subtract the largest loss first",
        ),
    ),
    praise="a group whose loss stays one above the others' is weighted up by the factor e^step in every batch",
    wrong={
        "print hands a value over": _wrong("print(q)", "only `return` hands it over"),
        "called": WrongAnswer("dro_step = 0.5\n", "without parentheses"),
        "not divided": _wrong("return q * np.exp(step * losses)", "add up to one: divide by"),
        "stable and not divided": _wrong("return q * np.exp(step * (losses - losses.max()))", "divide them by"),
        "without q": _wrong("e = np.exp(step * losses)\n    return e / e.sum()", "multiply by `q`"),
        "the sign": _wrong("e = q * np.exp(-step * losses)\n    return e / e.sum()", "the other sign"),
        "without the step": _wrong("e = q * np.exp(losses)\n    return e / e.sum()", "the step has no part"),
        "no exponential": _wrong("e = q * step * losses\n    return e / e.sum()", "not by their exponential"),
        "adds": _wrong("e = q + step * losses\n    return e / e.sum()", "that adds"),
        "the objective": _wrong("e = q * np.exp(step * losses)\n    return (e / e.sum() * losses).sum()", "one number"),
        "nothing": _wrong("return q", "nothing has moved"),
        "a softmax of the sum": _wrong("e = np.exp(q + step * losses)\n    return e / e.sum()", "expected [0."),
        "overflow": _wrong(
            "with np.errstate(all='ignore'):\n        e = q * np.exp(step * losses)\n        return e / e.sum()",
            "has overflowed",
        ),
    },
)
