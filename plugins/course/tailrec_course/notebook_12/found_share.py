"""12-1: a metric has one value a user, and none where nothing was asked."""

from __future__ import annotations

import numpy as np

from tailrec_course.arrays import gives_array, is_begun_on_arrays
from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import is_function

_HITS = np.array([[True, False, True, False], [False, False, False, False], [True, False, False, False]])
_ASKED = (_HITS, np.array([4, 2, 1]))
_NOBODY = (_HITS[[1, 2]], np.array([0, 2]))


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def found_share(hits, n_targets):\n    {body}\n", says)


FOUND_SHARE = Exercise(
    name="12-1",
    text="""\
`hits` is a table of True and False, a row a user and a column a place on the list: was the item there one that the
user went on to? `n_targets` holds how many such items each user has. Write `found_share(hits, n_targets)`: for
each user, the share of their items that the list found, and `np.nan` for a user who has none.
""",
    stub="""\
def found_share(hits, n_targets):
    return ...
""",
    answer="found_share",
    hint="`hits.sum(axis=1)` counts along each row. What would 0 say of somebody of whom nothing was asked, once a "
    "mean is taken over all? `np.where(n_targets > 0, n_targets, np.nan)` is something to divide by.",
    solution="""\
def found_share(hits, n_targets):
    return hits.sum(axis=1) / np.where(n_targets > 0, n_targets, np.nan)
""",
    rules=(
        is_function("found_share"),
        is_begun_on_arrays(_ASKED),
        gives_array(
            _ASKED,
            [0.5, 0.0, 1.0],
            "for users with 4, 2 and 1 items, of which the list found 2, none and 1",
            "expected 0.5, 0 and 1: what was found, divided by what there was to find",
            instead=[
                ([0.5, 0.0, 0.25], "you divided by the length of the list; that is the precision"),
                ([2, 0, 1], "these are numbers of hits; a share divides by the number of items of that user"),
                (3 / 7, "that is one number for everybody; a metric has one a user, so that segments can be cut"),
                (0.5, "that is the mean over the users; whoever measures takes it, for each segment"),
                ([0.5, 0.0, 0.25, 0.0], "you counted along the columns; a user is a row, so `axis=1`"),
                ([1, 0, 1], "you asked whether anything was found; that is the hit rate"),
            ],
            misfit="`hits.sum(axis=1)` has one number a user, `hits.sum(axis=0)` one a place",
        ),
        gives_array(
            _NOBODY,
            [np.nan, 0.5],
            "for a user with no items and one with 2, of which the list found 1",
            "expected nan and 0.5",
            instead=[
                ([0.0, 0.5], "0 says that the list failed; of somebody without items nothing was asked, so `np.nan`"),
                (
                    [1.0, 0.5],
                    "1 says that the list was perfect; of somebody without items nothing was asked, so `np.nan`",
                ),
                ([0.5], "a user was left out; keep the row, so that the values stay beside their users"),
            ],
        ),
    ),
    praise="a mean over the users who have a value leaves out those of whom nothing was asked",
    wrong={
        "print hands a value over": _wrong("print(hits.sum(axis=1))", "only `return` hands it over"),
        "the function is to be called": WrongAnswer("found_share = [0.5, 0.0, 1.0]\n", "without parentheses"),
        "precision": _wrong("return np.where(n_targets > 0, hits.mean(axis=1), np.nan)", "that is the precision"),
        "counts": _wrong("return hits.sum(axis=1)", "these are numbers of hits"),
        "everybody together": _wrong("return hits.sum() / n_targets.sum()", "so that segments can be cut"),
        "the mean": _wrong("return (hits.sum(axis=1) / np.maximum(n_targets, 1)).mean()", "whoever measures takes it"),
        "columns": _wrong("return hits.sum(axis=0) / 4", "a user is a row"),
        "shapes": _wrong("return hits.sum(axis=0) / n_targets", "one number a user"),
        "hit rate": _wrong("return hits.any(axis=1).astype(float)", "that is the hit rate"),
        "nothing asked is a failure": _wrong(
            "return hits.sum(axis=1) / np.maximum(n_targets, 1)", "0 says that the list failed"
        ),
        "nothing asked is perfect": _wrong(
            "return np.where(n_targets > 0, hits.sum(axis=1) / np.maximum(n_targets, 1), 1.0)",
            "1 says that the list was",
        ),
        "nothing asked is left out": _wrong(
            "return (hits.sum(axis=1) / np.maximum(n_targets, 1))[n_targets > 0]", "a user was left out"
        ),
        "the misses": _wrong(
            "return 1 - hits.sum(axis=1) / np.where(n_targets > 0, n_targets, np.nan)",
            "divided by what there was to find",
        ),
    },
)
