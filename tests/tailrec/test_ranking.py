"""The ranker against a plain loop: ties, masks, people without a history, catalogues smaller than k, bad models."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_matrix

import tailrec
from tailrec import InputError, PluginError, ranking
from tailrec.holdout import Holdout
from tailrec.ranking import rank

FREE, SEEN, VALIDATED, TARGET = 0, 1, 2, 3


class Given(tailrec.ModelPlugin):
    """Returns the scores that it was handed, and keeps who was asked for."""

    def fit(self, train, *, weights=None, validation=None):
        return self

    def score(self, users):
        self.asked_ = [*getattr(self, "asked_", []), *users.tolist()]
        self.calls_ = getattr(self, "calls_", 0) + 1
        return self.table_[users]


class OwnLists(Given):
    """Recommends by itself, in whatever way it was told to."""

    def recommend(self, users, k, exclude):
        self.asked_ = [*getattr(self, "asked_", []), *users.tolist()]
        return self.lists_(users, k, exclude)


def scoring(table, cls=Given, **state):
    model = cls()
    model.table_ = np.asarray(table)
    vars(model).update(state)
    return model


def holdout_of(roles):
    """Return the holdout in which user u has item i in the role ``roles[u, i]``."""
    roles = np.asarray(roles)
    users, items = np.nonzero(roles == SEEN)
    n_users, n_items = roles.shape
    train = tailrec.Interactions(
        pd.DataFrame({"user": users.astype(np.int32), "item": items.astype(np.int32)}),
        pd.RangeIndex(n_users),
        pd.RangeIndex(n_items),
        ordered=True,
    )
    masked = csr_matrix(((roles == SEEN) | (roles == VALIDATED)).astype(np.float32))
    return Holdout(csr_matrix((roles == TARGET).astype(np.float32)), masked, train)


def by_hand(table, roles, k, users):
    """Return lists and the ranks of the targets by sorting every user's candidates."""
    counts = (roles == SEEN).sum(axis=0)
    lists, ranks = [], []
    for user in users:
        scores = table[user] if (roles[user] == SEEN).any() else counts
        candidates = [item for item in range(len(scores)) if roles[user, item] not in (SEEN, VALIDATED)]
        candidates.sort(key=lambda item: (-scores[item], item))
        lists.append((candidates + [-1] * k)[:k])
        ranks.append([candidates.index(item) + 1 for item in np.flatnonzero(roles[user] == TARGET)])
    return lists, ranks


@st.composite
def cases(draw):
    shape = draw(st.tuples(st.integers(1, 7), st.integers(1, 12)))
    kind = draw(st.sampled_from([np.float64, np.float32, np.int64]))
    table = draw(arrays(kind, shape, elements=st.integers(-2, 2)))
    return table, draw(arrays(np.int64, shape, elements=st.sampled_from([FREE, SEEN, VALIDATED, TARGET])))


@given(cases(), st.integers(1, 15), st.booleans())
def test_lists_and_ranks_are_those_of_sorting_every_candidate(case, k, with_ranks):
    table, roles = case
    found = rank(scoring(table), holdout_of(roles), k, target_ranks=with_ranks)
    users = [user for user in range(len(table)) if (roles[user] == TARGET).any()]
    lists, ranks = by_hand(table, roles, k, users)
    assert found.users.tolist() == users
    assert found.items.tolist() == lists and found.items.dtype == np.int32
    assert found.items.shape == (len(users), k)
    assert (None if found.target_ranks is None else [row.tolist() for row in found.target_ranks]) == (
        ranks if with_ranks else None
    )
    roles = roles[users]
    assert found.n_candidates.tolist() == ((roles == FREE) | (roles == TARGET)).sum(axis=1).tolist()
    assert found.n_targets.tolist() == (roles == TARGET).sum(axis=1).tolist()
    assert (found.targets.toarray() == (roles == TARGET)).all()
    hits = [[item >= 0 and bool(role[item] == TARGET) for item in row] for row, role in zip(lists, roles, strict=True)]
    assert found.hits.tolist() == hits


@settings(max_examples=40)
@given(cases(), st.integers(1, 15), st.integers(1, 30), st.booleans())
def test_batches_give_the_same_as_one_call(case, k, cells, with_ranks):
    table, roles = case
    holdout = holdout_of(roles)
    whole = rank(scoring(table), holdout, k, target_ranks=with_ranks)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "_BATCH_CELLS", cells)
        model = scoring(table)
        pieces = rank(model, holdout, k, target_ranks=with_ranks)
    assert (whole.items == pieces.items).all()
    if with_ranks:
        for one, other in zip(whole.target_ranks, pieces.target_ranks, strict=True):
            assert one.tolist() == other.tolist()
    n_asked = len(getattr(model, "asked_", []))
    assert getattr(model, "calls_", 0) == min(n_asked, -(-n_asked * table.shape[1] // cells))


def test_people_without_a_history_get_the_popular_items_and_the_model_is_not_asked():
    roles = np.array([[SEEN, FREE, SEEN, TARGET], [SEEN, SEEN, TARGET, FREE], [FREE, TARGET, FREE, VALIDATED]])
    # The counts are 2, 1, 1, 0; the model would turn them round.
    for table, with_ranks in ((np.tile([0, 1, 2, 3], (3, 1)), False), (np.full((3, 4), np.nan), True)):
        table = table.astype(float)
        table[:2] = [0, 1, 2, 3]
        model = scoring(table)
        found = rank(model, holdout_of(roles), 4, target_ranks=with_ranks)
        assert found.items.tolist() == [[3, 1, -1, -1], [3, 2, -1, -1], [0, 1, 2, -1]]
        assert model.asked_ == [0, 1]
    assert [ranks.tolist() for ranks in found.target_ranks] == [[1], [2], [2]]


def test_nobody_known_never_calls_the_model():
    roles = np.array([[TARGET, FREE], [FREE, TARGET]])
    for cls in (Given, OwnLists):
        model = scoring(np.zeros((2, 2)), cls)
        assert rank(model, holdout_of(roles), 1).items.tolist() == [[0], [0]]
        assert not tailrec.is_fitted(model) or not hasattr(model, "asked_")


def test_users_are_ranked_in_the_order_in_which_they_are_named():
    roles = np.array([[SEEN, TARGET, FREE], [SEEN, FREE, FREE], [FREE, TARGET, FREE]])
    table = np.array([[0, 1, 2], [0, 2, 1], [0, 0, 0]])
    for users in ([2, 0, 1], np.array([2, 0, 1], dtype=np.int32)):
        found = rank(scoring(table), holdout_of(roles), 2, users=users, target_ranks=True)
        assert found.users.tolist() == [2, 0, 1]
        assert found.items.tolist() == [[0, 1], [2, 1], [1, 2]]
        assert [ranks.tolist() for ranks in found.target_ranks] == [[2], [2], []]
    assert rank(scoring(table), holdout_of(roles), 2, users=[]).items.shape == (0, 2)


def test_nothing_asked_is_an_empty_ranking():
    found = rank(scoring(np.zeros((2, 3))), holdout_of([[SEEN, FREE, FREE], [FREE, FREE, SEEN]]), 5, target_ranks=True)
    assert found.items.shape == (0, 5) and found.target_ranks == [] and found.hits.shape == (0, 5)


def test_a_list_is_longer_than_a_small_catalogue():
    found = rank(scoring([[3.0, 1.0, 2.0]]), holdout_of([[SEEN, TARGET, FREE]]), 20)
    assert found.items[0].tolist() == [2, 1] + [-1] * 18


def test_a_holdout_without_a_train_falls_back_on_what_is_masked():
    roles = np.array([[SEEN, SEEN, FREE, TARGET], [FREE, SEEN, FREE, TARGET], [FREE, TARGET, FREE, FREE]])
    known = holdout_of(roles)
    holdout = Holdout(known.targets, known.masked)
    assert rank(scoring(np.zeros((3, 4))), holdout, 4).items[2].tolist() == [1, 0, 2, 3]


def test_a_model_may_make_its_own_lists():
    roles = np.array([[SEEN, TARGET, FREE, FREE], [FREE, TARGET, SEEN, FREE], [TARGET, FREE, FREE, FREE]])
    seen = []

    def backwards(users, k, exclude):
        seen.append((users.tolist(), k, exclude.toarray().tolist()))
        return np.array([[3, 2], [3, 1]])

    model = scoring(np.zeros((3, 4)), OwnLists, lists_=backwards)
    assert rank(model, holdout_of(roles), 2).items.tolist() == [[3, 2], [3, 1], [0, 2]]
    assert seen == [([0, 1], 2, [[1, 0, 0, 0], [0, 0, 1, 0]])]
    # The rank of every target needs every score; the lists are the model's own all the same.
    model = scoring(np.tile([9, 1, 2, 3], (3, 1)), OwnLists, lists_=backwards)
    found = rank(model, holdout_of(roles), 2, target_ranks=True)
    assert found.items.tolist() == [[3, 2], [3, 1], [0, 2]] and len(seen) == 2 and model.calls_ == 1
    assert [ranks.tolist() for ranks in found.target_ranks] == [[3], [3], [1]]


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        ([[1, 2, 3]], r"expected item codes of shape \(1, 2\), received int64 of shape \(1, 3\)"),
        ([[1.0, 2.0]], r"expected item codes of shape \(1, 2\), received float64"),
        ([["a", "b"]], "expected item codes"),
        ([[1, 4]], "expected item codes below 4, or -1 for none, received 1 to 4"),
        ([[1, -2]], "expected item codes below 4, or -1 for none, received -2 to 1"),
        ([[1, 1]], "expected each item at most once in a list"),
        ([[0, 1]], "expected lists without the excluded items"),
    ],
)
def test_lists_that_cannot_be_are_refused(lists, said):
    model = scoring(np.zeros((1, 4)), OwnLists, lists_=lambda users, k, exclude: np.array(lists))
    with pytest.raises(PluginError, match=f"OwnLists.recommend: {said}"):
        rank(model, holdout_of([[SEEN, TARGET, FREE, FREE]]), 2)


def test_a_list_of_ones_own_may_end_early():
    model = scoring(np.zeros((1, 4)), OwnLists, lists_=lambda users, k, exclude: np.array([[1, -1, -1]]))
    assert rank(model, holdout_of([[SEEN, TARGET, FREE, FREE]]), 3).items.tolist() == [[1, -1, -1]]


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (lambda users: np.zeros((len(users), 3)), r"numbers of shape \(2, 4\), .* float64 of shape \(2, 3\)"),
        (lambda users: np.zeros(4), r"received float64 of shape \(4,\)"),
        (lambda users: None, "received object of shape"),
        (lambda users: np.full((len(users), 4), "a"), "received <U1"),
        (
            lambda users: np.array([[0, 1, np.nan, 2]] * 2),
            "score to be finite, received nan or infinity",
        ),
        (lambda users: np.array([[0, 1, -np.inf, 2]] * 2), "score to be finite"),
    ],
)
@pytest.mark.parametrize("with_ranks", [False, True])
def test_scores_that_cannot_be_are_refused(score, said, with_ranks):
    class Bad(Given):
        pass

    Bad.score = lambda self, users: score(users)
    roles = [[SEEN, TARGET, FREE, FREE], [FREE, TARGET, SEEN, FREE]]
    with pytest.raises(PluginError, match=f"Bad.score: expected .*{said}"):
        rank(Bad(), holdout_of(roles), 2, target_ranks=with_ranks)


@pytest.mark.parametrize("k", [0, -1, 2.5, "3", None, True])
def test_a_length_that_is_none_is_refused(k):
    with pytest.raises(InputError, match="expected `k` to be a positive integer, received"):
        rank(scoring(np.zeros((1, 3))), holdout_of([[SEEN, TARGET, FREE]]), k)


@pytest.mark.parametrize("users", [[1], [-1], [0.0], ["a"], 0, [[0]]])
def test_users_that_are_none_are_refused(users):
    with pytest.raises(InputError, match="expected `users` to be a list of codes from 0 to 0, received"):
        rank(scoring(np.zeros((1, 3))), holdout_of([[SEEN, TARGET, FREE]]), 1, users=users)


def test_a_ranking_is_cut_and_taken_apart():
    roles = np.array([[SEEN, TARGET, FREE], [FREE, SEEN, TARGET], [SEEN, FREE, TARGET]])
    whole = rank(scoring(np.tile([2, 1, 0], (3, 1))), holdout_of(roles), 3, target_ranks=True)
    assert whole.cut(1).items.tolist() == [[1], [0], [1]]
    assert whole.cut(1).hits.tolist() == [[True], [False], [False]]
    for which in ([2, 0], np.array([2, 0])):
        part = whole.rows(which)
        assert part.users.tolist() == [2, 0] and part.items.tolist() == whole.items[[2, 0]].tolist()
        assert [ranks.tolist() for ranks in part.target_ranks] == [[2], [1]]
        assert part.hits.tolist() == whole.hits[[2, 0]].tolist() and part.n_candidates.tolist() == [2, 2]
    assert whole.rows(np.array([False, True, False])).users.tolist() == [1]
