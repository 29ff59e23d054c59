"""07-3: the logQ correction of in-batch scores."""

from __future__ import annotations

import numpy as np

from tailrec_course.arrays import gives_array, is_begun_on_arrays
from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import is_function

_S = np.array([[1.0, 1.0], [0.5, 2.0]])
_ITEMS, _COUNTS = np.array([2, 0]), np.array([10.0, 60.0, 30.0])
_LOGQ = np.log(_COUNTS / 100)
_RIGHT = _S - _LOGQ[_ITEMS]
_SQUARE = np.zeros((3, 3)), np.arange(3), np.array([10.0, 60.0, 30.0])


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def corrected(S, items, counts):\n    {body}\n", says)


LOGQ = Exercise(
    name="07-3",
    text="""\
`S` is the (B, B) array of the scores of a batch, `items` the (B,) codes of its items, and `counts` (n_items,)
says in how many of all pairs each item stands. Write `corrected(S, items, counts)`: s_bc − log Q of column c's
item, where Q is the probability that a pair drawn at random is of that item.
""",
    stub="""\
def corrected(S, items, counts):
    return ...
""",
    answer="corrected",
    hint="`counts / counts.sum()` is Q of every item, `[items]` picks those of the batch. A (B,) array that is "
    "subtracted from a (B, B) one goes to every row alike, so to the columns.",
    solution="""\
def corrected(S, items, counts):
    Q = counts / counts.sum()
    return S - np.log(Q[items])
""",
    rules=(
        is_function("corrected"),
        is_begun_on_arrays((_S, _ITEMS, _COUNTS)),
        gives_array(
            (_S, _ITEMS, _COUNTS),
            _RIGHT,
            "for items with 30 and 10 of 100 pairs",
            f"expected {_RIGHT.round(4).tolist()}",
            instead=[
                (_S + _LOGQ[_ITEMS], "the sign is turned round: so popular items would be pushed down twice"),
                (_S - _LOGQ[_ITEMS][:, None], "the correction belongs to the column's item, not to the row's"),
                (_S - np.log(_COUNTS)[_ITEMS], "`counts` has to become a probability first: divide by its sum"),
                (_S - (_COUNTS / 100)[_ITEMS], "subtract the logarithm of Q, not Q"),
                (_S - _LOGQ[:2], "`items` are codes: the item of the first column is item 2, not item 0"),
                (_S - np.log(_COUNTS[_ITEMS] / 40), "Q counts all pairs, not only those of the batch's items"),
                (_S / (_COUNTS / 100)[_ITEMS], "in the exponent a division becomes a subtraction of the logarithm"),
            ],
            misfit="`items` picks B of the n_items probabilities",
        ),
        gives_array(
            _SQUARE,
            np.tile(-np.log([0.1, 0.6, 0.3]), (3, 1)),
            "where all scores are 0",
            "the diagonal is corrected as every other score",
        ),
    ),
    praise="what is sampled often as a negative is pushed down less, and the softmax over the batch aims at the one "
    "over the catalogue",
    wrong={
        "print hands a value over": _wrong("print(S)", "only `return` hands it over"),
        "called": WrongAnswer("corrected = [[1.0]]\n", "without parentheses"),
        "the sign": _wrong("return S + np.log(counts / counts.sum())[items]", "pushed down twice"),
        "rows": _wrong("return S - np.log(counts / counts.sum())[items][:, None]", "not to the row's"),
        "counts": _wrong("return S - np.log(counts[items])", "become a probability"),
        "no logarithm": _wrong("return S - (counts / counts.sum())[items]", "not Q"),
        "no codes": _wrong("return S - np.log(counts / counts.sum())[: len(S)]", "`items` are codes"),
        "all items at once": _wrong("return S - np.log(counts / counts.sum())", "picks B of the"),
        "only the batch": _wrong("return S - np.log(counts[items] / counts[items].sum())", "Q counts all pairs"),
        "division": _wrong("return S / (counts / counts.sum())[items]", "subtraction of the logarithm"),
        "not the diagonal": _wrong(
            "out = S - np.log(counts / counts.sum())[items]\n    if len(S) == 3:\n        np.fill_diagonal(out, 0)\n"
            "    return out",
            "as every other score",
        ),
    },
)
