"""07-1: the in-batch softmax loss of a few pairs."""

from __future__ import annotations

import numpy as np

from tailrec_course.arrays import gives_array, is_begun_on_arrays
from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import is_function

_S = np.array([[2.0, 0.0, 1.0], [0.5, 1.0, 0.0], [0.0, 3.0, 1.0]])
_OWN = np.diag(_S)
_LOSSES = np.log(np.exp(_S).sum(axis=1)) - _OWN
_LARGE = np.array([[1000.0, 999.0], [0.0, 1000.0]])


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def batch_losses(S):\n    {body}\n", says)


BATCH_LOSS = Exercise(
    name="07-1",
    text="""\
`S` is a (B, B) array of scores: row b is the user of pair b, column c the item of pair c, so each user's own
item stands on the diagonal. Write `batch_losses(S)`: the (B,) array of the losses
−s_bb + log Σ_c exp(s_bc). It must be right for scores of 1,000 as well.
""",
    stub="""\
def batch_losses(S):
    return ...
""",
    answer="batch_losses",
    hint="The largest score of each row can be subtracted from the row without changing the loss (notebook 04). "
    "`S.max(axis=1, keepdims=True)` keeps the column that NumPy needs, and `np.diag(S)` is the diagonal.",
    solution="""\
def batch_losses(S):
    S = S - S.max(axis=1, keepdims=True)
    return np.log(np.exp(S).sum(axis=1)) - np.diag(S)
""",
    rules=(
        is_function("batch_losses"),
        is_begun_on_arrays((_S,)),
        gives_array(
            (_S,),
            _LOSSES,
            "for three pairs",
            f"expected {_LOSSES.round(4).tolist()}",
            instead=[
                (_LOSSES.sum(), "that is their sum; each pair keeps its own loss here"),
                (_LOSSES.mean(), "that is their mean; each pair keeps its own loss here"),
                (-_LOSSES, "the sign is turned round: a loss is never negative here"),
                (
                    np.log(np.exp(_S).sum(axis=0)) - _OWN,
                    "the sum ran down the columns; the candidates stand in a row",
                ),
                (np.log(np.exp(_S).sum(axis=1)), "the pair's own score is missing: subtract the diagonal"),
                (np.exp(-_LOSSES), "these are the probabilities of the own items; the loss is minus their logarithm"),
                (
                    np.log(np.exp(_S).sum(axis=1) - np.exp(_OWN)) - _OWN,
                    "the own item belongs into the sum too, or the probabilities don't add up to one",
                ),
            ],
        ),
        gives_array(
            (_LARGE,), [np.log1p(np.exp(-1.0)), 0.0], "for scores of 1,000", "subtract the row's largest first"
        ),
    ),
    praise="one product of matrices, and every other pair of the batch has served as a negative, for nothing",
    wrong={
        "print hands a value over": _wrong("print(np.diag(S))", "only `return` hands it over"),
        "the sum": _wrong("return (np.log(np.exp(S).sum(axis=1)) - np.diag(S)).sum()", "that is their sum"),
        "the mean": _wrong("return (np.log(np.exp(S).sum(axis=1)) - np.diag(S)).mean()", "that is their mean"),
        "the sign": _wrong("return np.diag(S) - np.log(np.exp(S).sum(axis=1))", "sign is turned round"),
        "columns": _wrong("return np.log(np.exp(S).sum(axis=0)) - np.diag(S)", "down the columns"),
        "no own score": _wrong("return np.log(np.exp(S).sum(axis=1))", "own score is missing"),
        "probabilities": _wrong("return np.exp(np.diag(S)) / np.exp(S).sum(axis=1)", "minus their logarithm"),
        "only the others": _wrong(
            "e = np.exp(S)\n    return np.log(e.sum(axis=1) - np.diag(e)) - np.diag(S)", "belongs into the sum"
        ),
        "overflow": _wrong(
            "with np.errstate(all='ignore'):\n        return np.log(np.exp(S).sum(axis=1)) - np.diag(S)",
            "subtract the row's largest",
        ),
        "called": WrongAnswer("batch_losses = 0.5\n", "without parentheses"),
    },
)
