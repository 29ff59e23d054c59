"""Checks of a model's own lists: `recommend` against `score`."""

# ruff: noqa: D401 (the docstring of a check says what holds)

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from tailrec.conformance.checks import Fault, check
from tailrec.conformance.comparing import shown
from tailrec.conformance.model_subject import ModelSubject
from tailrec.topk import hits_of, top_k


def lists_of(subject: ModelSubject, k: int, exclude: csr_matrix, said: str) -> NDArray[Any]:
    """Return the model's lists for everybody, of the right shape and type."""
    with subject.calling("recommend", said):
        items = np.asarray(subject.model.recommend(subject.users.copy(), k, exclude.copy()))
    if items.shape != (len(subject.users), k) or items.dtype.kind not in "iu":
        raise Fault(
            f"`recommend` {said} returned {items.dtype} of shape {items.shape}, expected integers of shape "
            f"{(len(subject.users), k)}",
            "return (len(users), k) item codes, -1 at the end where there are fewer",
        )
    return items


@check("model", mend="leave out every stored entry of `exclude`, row by row", after=("score-finite",))
def excludes_honoured(subject: ModelSubject) -> None:
    """`recommend` lists nothing that is excluded for that user."""
    seen = subject.train.matrix()
    items = lists_of(subject, 10, seen, "of ten items")
    wrong = np.argwhere(hits_of(items, seen))
    if len(wrong):
        row, position = wrong[0]
        raise Fault(f"`recommend` gave user {row} the item {items[row, position]}, which is excluded for them")


@check("model", mend="fill the end of a short list with -1", after=("score-finite",))
def short_lists_end_with_minus_one(subject: ModelSubject) -> None:
    """Where fewer than k items are left, a list ends with -1; no item comes twice."""
    seen, n_items = subject.train.matrix(), subject.train.n_items
    items = lists_of(subject, n_items + 3, seen, f"of {n_items + 3} items where there are {n_items}")
    for row, (listed, n_seen) in enumerate(zip(items, np.diff(seen.indptr), strict=True)):
        left = n_items - n_seen
        if (listed[:left] < 0).any() or (listed[left:] >= 0).any():
            raise Fault(f"`recommend` gave user {row} {(listed >= 0).sum()} items before -1, there are {left}")
        if len(np.unique(listed[:left])) < left or listed.max() >= n_items:
            raise Fault(f"`recommend` gave user {row} an item twice, or one that does not exist", "list each item once")


@check("model", mend="rank by `score`, with tailrec.top_k or tailrec.top_k_of_factors", after=("excludes-honoured",))
def lists_agree_with_scores(subject: ModelSubject) -> None:
    """`recommend` lists the items that `score` puts first, best first."""
    seen = subject.train.matrix()
    listed, expected = lists_of(subject, 10, seen, "of ten items"), top_k(subject.scores, 10, seen)
    own, best = (np.take_along_axis(subject.scores, np.maximum(items, 0), axis=1) for items in (listed, expected))
    near = 1e-5 * np.abs(subject.scores).max(initial=0.0)
    apart = np.argwhere((np.abs(own - best) > near) | ((listed < 0) != (expected < 0)))
    if len(apart):
        row, place = apart[0]
        first, second = shown(own[row, place], best[row, place])
        raise Fault(
            f"`recommend` gives user {row} at position {place + 1} item {listed[row, place]} with the score {first}, "
            f"by `score` it is item {expected[row, place]} with {second}"
        )
