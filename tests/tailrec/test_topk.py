"""The kernels against sorting in plain Python, with every kind of tie."""

import math
import threading

import numpy as np
import pytest
import threadpoolctl
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_matrix, random_array

from tailrec import InputError, threads, topk
from tailrec.topk import hits_of, top_k, top_k_of_factors


def sorted_by_hand(scores, k, excluded):
    lists = []
    for row, values in enumerate(scores):
        candidates = [item for item, value in enumerate(values) if not excluded[row, item] and value != -np.inf]
        best = sorted(candidates, key=lambda item: (-values[item], item))[:k]
        lists.append(best + [-1] * (k - len(best)))
    return lists


# Few distinct values, so that most rows tie at the cut; both zeros, and minus infinity.
tied = st.sampled_from([-np.inf, -1.5, -0.0, 0.0, 0.25, 3.0])
shapes = hnp.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=70)


@st.composite
def cases(draw, elements):
    dtype, values = elements
    scores = draw(hnp.arrays(dtype, draw(shapes), elements=values))
    excluded = draw(hnp.arrays(bool, scores.shape, elements=st.booleans()))
    return scores, excluded, draw(st.integers(1, 80))


@pytest.mark.parametrize(
    "elements",
    [
        (np.float32, tied),
        (np.float64, tied),
        (np.float32, st.floats(width=32, allow_nan=False)),
        (np.int64, st.sampled_from([2**62, 2**62 + 1, -(2**63), 1 - 2**63, 0])),
        (np.uint8, st.integers(0, 3)),
        (np.bool_, st.booleans()),
    ],
    ids=["ties32", "ties64", "any32", "int64", "uint8", "bool"],
)
def test_it_is_what_sorting_gives(elements):
    @settings(max_examples=60, deadline=None)
    @given(cases(elements))
    def check(case):
        scores, excluded, k = case
        before = scores.copy()
        best = top_k(scores, k, csr_matrix(excluded))
        assert best.dtype == np.int32
        assert best.tolist() == sorted_by_hand(scores.tolist(), k, excluded)
        assert (scores == before).all()
        assert top_k(scores, k).tolist() == sorted_by_hand(scores.tolist(), k, np.zeros_like(excluded))

    check()


@pytest.mark.parametrize("levels", [1, 2, 5, 200, 100_000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32])
def test_long_rows_with_few_and_many_ties(levels, dtype):
    rng = np.random.default_rng(levels)
    scores = rng.integers(0, levels, (40, 5_003)).astype(dtype)
    scores[0] = scores[0, 0]
    excluded = rng.random(scores.shape) < 0.1
    excluded[1] = True
    excluded[2, 7:] = True
    for k in (1, 10, 300):
        assert top_k(scores, k, csr_matrix(excluded)).tolist() == sorted_by_hand(scores.tolist(), k, excluded)


def test_many_large_scores_in_one_block():
    scores = np.zeros((3, 4_000), np.float32)
    for row, stride in enumerate((1, 20, 200)):
        scores[row, ::stride] = np.arange(len(scores[row, ::stride])) % 17
    assert top_k(scores, 10).tolist() == sorted_by_hand(scores.tolist(), 10, np.zeros(scores.shape, bool))


def test_stored_entries_are_excluded_whatever_their_value_and_order():
    exclude = csr_matrix((np.array([0.0, 1.0]), np.array([2, 0]), np.array([0, 2])), shape=(1, 4))
    assert top_k(np.array([[9.0, 1.0, 8.0, 2.0]]), 3, exclude).tolist() == [[3, 1, -1]]
    assert top_k(np.array([[9.0, 1.0, 8.0, 2.0]]), 1, exclude.tocoo()).tolist() == [[3]]


@pytest.mark.parametrize("shape", [(0, 5), (3, 0), (0, 0)])
def test_nothing_to_rank(shape):
    expected = np.full((shape[0], 2), -1)
    np.testing.assert_array_equal(top_k(np.zeros(shape), 2), expected)
    np.testing.assert_array_equal(top_k_of_factors(np.zeros((shape[0], 3)), np.zeros((shape[1], 3)), 2), expected)
    assert hits_of(expected, csr_matrix(shape)).tolist() == [[False, False]] * shape[0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
@pytest.mark.parametrize("n_items", [1, 30, 6_000])
def test_factors_give_what_their_product_gives(dtype, n_items, monkeypatch):
    # Small integers multiply exactly, and tie often.
    monkeypatch.setattr(topk, "_CELLS", 100_000)
    rng = np.random.default_rng(0)
    users, items = (rng.integers(-2, 3, (n, 6)).astype(dtype) for n in (300, n_items))
    exclude = csr_matrix(random_array((300, n_items), density=0.1, rng=rng))
    best = top_k_of_factors(users, items, 8, exclude)
    assert best.tolist() == sorted_by_hand((users @ items.T).tolist(), 8, exclude.toarray() != 0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_items", [500, 12_345])
def test_a_user_gets_the_same_whoever_else_is_asked_for_and_on_any_number_of_threads(dtype, n_items, monkeypatch):
    monkeypatch.setattr(topk, "_CELLS", 12_345 * 64)
    rng = np.random.default_rng(1)
    users = rng.standard_normal((200, 37)).astype(dtype)
    # Items that differ by rounding alone: another order of summation would rank them otherwise.
    items = 1 + np.finfo(dtype).eps * rng.integers(-3, 4, (n_items, 37)).astype(dtype)
    monkeypatch.setattr(topk, "n_threads", lambda: 1)
    with threadpoolctl.threadpool_limits(1):
        alone = top_k_of_factors(users, items, 20)
    with threadpoolctl.threadpool_limits(2):
        np.testing.assert_array_equal(top_k_of_factors(users, items, 20), alone)
    order = rng.permutation(200)
    np.testing.assert_array_equal(top_k_of_factors(users[order], items, 20), alone[order])
    for some in (slice(3, 4), slice(190, 200), slice(7, 150)):
        np.testing.assert_array_equal(top_k_of_factors(users[some], items, 20), alone[some])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_equal_items_tie_wherever_they_stand(dtype):
    rng = np.random.default_rng(2)
    users, items = rng.standard_normal((150, 24)).astype(dtype), rng.standard_normal((61, 24)).astype(dtype)
    best = top_k_of_factors(users, np.tile(items, (13, 1)), 130)
    blocks = best.reshape(150, 10, 13)
    np.testing.assert_array_equal(blocks, blocks[:, :, :1] + 61 * np.arange(13))


def test_factors_rank_by_the_exact_product():
    rng = np.random.default_rng(3)
    users = rng.standard_normal((20, 9)).astype(np.float32)
    items = (1 + 1e-6 * rng.standard_normal((700, 9))).astype(np.float32)
    # The product of two float32 is exact in float64, and fsum rounds once.
    scores = [[math.fsum(u * v) for v in items.astype(float)] for u in users.astype(float)]
    best = top_k_of_factors(users, items, 15)
    for row, codes in enumerate(best.tolist()):
        expected = sorted(scores[row], reverse=True)[:15]
        np.testing.assert_allclose(np.take(scores[row], codes), expected, rtol=0, atol=1e-14)


def test_a_user_without_any_factor_gets_the_first_items():
    items = np.random.default_rng(4).standard_normal((5_000, 4))
    users = np.array([[0.0] * 4, [1e-200] * 4, [1.0] * 4])
    best = top_k_of_factors(users, items, 3, csr_matrix(([1], ([0], [1])), shape=(3, 5_000)))
    assert best[0].tolist() == [0, 2, 3]
    assert best[1].tolist() == best[2].tolist()


def test_it_uses_no_more_threads_than_the_blas_may(monkeypatch):
    seen = []
    real = threads.ThreadPoolExecutor

    def executor(n):
        seen.append(n)
        return real(n)

    monkeypatch.setattr(threads, "ThreadPoolExecutor", executor)
    monkeypatch.setattr(topk, "_CELLS", 10)
    factors = np.eye(300)
    with threadpoolctl.threadpool_limits(1):
        one = top_k_of_factors(factors, factors, 3), top_k(factors, 3)
        assert seen == []
    with threadpoolctl.threadpool_limits(2):
        if threads.n_threads() == 2:
            two = top_k_of_factors(factors, factors, 3), top_k(factors, 3)
            assert seen == [2, 2]
            np.testing.assert_array_equal(one, two)
        assert threads.n_threads() == min(2, threads.n_threads())


def test_low_integers_that_no_float_holds():
    assert top_k(np.array([[-(2**63), 1 - 2**63, 0]]), 3).tolist() == [[2, 1, 0]]


def test_a_product_keeps_to_one_thread(monkeypatch):
    seen = []
    real = topk.best_of_rows
    monkeypatch.setattr(topk, "best_of_rows", lambda *args: (seen.append(threads.n_threads()), real(*args))[1])
    with threadpoolctl.threadpool_limits(2):
        top_k_of_factors(np.eye(3), np.eye(3), 1)
    assert seen == [1]


def test_the_limit_on_the_blas_is_put_back_when_callers_run_side_by_side():
    before = threads.n_threads()
    factors = np.random.default_rng(0).standard_normal((400, 8))
    callers = [threading.Thread(target=top_k_of_factors, args=(factors, factors, 5)) for _ in range(6)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert threads.n_threads() == before


def test_an_error_in_a_thread_reaches_the_caller(monkeypatch):
    monkeypatch.setattr(topk, "_CELLS", 10)
    scores = np.zeros((50, 10))
    scores[33, 4] = np.nan
    with pytest.raises(InputError, match="received nan"):
        top_k(scores, 2)
    assert top_k(scores, 1, csr_matrix(np.isnan(scores)))[33, 0] == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: top_k(np.zeros((2, 3)), 0), "expected `k` to be a positive integer, received 0"),
        (lambda: top_k(np.zeros(3), 1), "expected scores as numbers"),
        (lambda: top_k(np.array([["a"]]), 1), "expected scores as numbers"),
        (lambda: top_k(np.zeros((2, 3)), 1, csr_matrix((3, 2))), r"shape of the scores, \(2, 3\), received \(3, 2\)"),
        (lambda: top_k_of_factors(np.zeros((2, 3)), np.zeros((2, 4)), 1), "factors of one length"),
        (lambda: top_k_of_factors(np.array([[np.nan]]), np.ones((2, 1)), 1), "factors with finite products"),
        (lambda: top_k_of_factors(np.zeros((1, 1)), np.array([[np.inf]]), 1), "factors with finite products"),
        (lambda: top_k_of_factors(np.float32([[1e30]]), np.float32([[1e30]]), 1), "factors with finite products"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
