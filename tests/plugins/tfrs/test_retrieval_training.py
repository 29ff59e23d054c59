"""The loss and the training step, against TFRS itself and against plain loops in NumPy."""

import math
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tailrec_tfrs.retrieval_training import batch_bounds, in_batch_loss, train_epochs
from tailrec_tfrs.tensorflow_door import open_door
from tailrec_tfrs.training_pairs import Pairs


def loss_by_hand(users, items, codes, weights, probabilities):
    """Sum the weighted in-batch softmax pair by pair, accidental hits left out of the sum."""
    total = 0.0
    for b in range(len(codes)):
        logits = {}
        for c in range(len(codes)):
            if c == b or codes[c] != codes[b]:
                correction = 0.0 if probabilities is None else math.log(max(probabilities[c], 1e-6))
                logits[c] = float(np.dot(users[b], items[c])) - correction
        largest = max(logits.values())
        total += weights[b] * (largest + math.log(sum(math.exp(z - largest) for z in logits.values())) - logits[b])
    return total


def batch(n, n_items, dim, seed):
    rng = np.random.default_rng(seed)
    users = rng.normal(size=(n, dim)).astype(np.float32)
    table = rng.normal(size=(n_items, dim)).astype(np.float32)
    codes = rng.integers(n_items, size=n).astype(np.int32)
    probabilities = rng.uniform(1e-7, 0.3, n_items).astype(np.float32)
    weights = rng.uniform(0, 3, n).astype(np.float32)
    return users, table[codes], codes, weights, probabilities[codes]


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("logq", [False, True])
def test_the_loss_is_that_of_tfrs(weighted, logq):
    users, items, codes, weights, probabilities = batch(200, 40, 8, seed=1)
    given_weights = weights if weighted else np.ones(200, dtype=np.float32)
    ours = in_batch_loss(users, items, codes, given_weights, probabilities if logq else None)
    task = open_door().tfrs.tasks.Retrieval(remove_accidental_hits=True)
    extra = {"sample_weight": weights} if weighted else {}
    extra |= {"candidate_sampling_probability": probabilities} if logq else {}
    theirs = task(users, items, candidate_ids=codes, **extra)
    assert float(ours) == pytest.approx(float(theirs), rel=1e-5)


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 12), st.integers(1, 6), st.booleans(), st.booleans(), st.integers(0, 1000))
def test_the_loss_is_the_softmax_worked_out_pair_by_pair(n, n_items, weighted, logq, seed):
    users, items, codes, weights, probabilities = batch(n, n_items, 3, seed)
    weights = weights if weighted else np.ones(n, dtype=np.float32)
    probabilities = probabilities if logq else None
    ours = float(in_batch_loss(users, items, codes, weights, probabilities))
    assert ours == pytest.approx(loss_by_hand(users, items, codes, weights, probabilities), rel=1e-5, abs=1e-5)


def train_by_hand(pairs, n_users, n_items, *, dim, learning_rate, l2, logq, seed, epochs):
    """Train with whole-data batches: the gradients written out, and Adagrad from an accumulator of 0.1."""
    items = np.random.default_rng(seed).normal(0, 0.05, (n_items, dim))
    shared, own = np.full(dim, 0.05), np.zeros((n_users, dim))
    sums = [np.full_like(x, 0.1) for x in (shared, own, items)]
    n = len(pairs.users)
    q = np.bincount(pairs.items, minlength=n_items) / n
    for _ in range(epochs):
        gradients = [np.zeros_like(x) for x in (shared, own, items)]
        for b in range(n):
            user, item, weight = pairs.users[b], pairs.items[b], float(pairs.weights[b])
            vector = shared + own[user]
            rivals = [c for c in range(n) if c == b or pairs.items[c] != item]
            logits = np.array([vector @ items[pairs.items[c]] - logq * math.log(q[pairs.items[c]]) for c in rivals])
            shares = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
            for c, share in zip(rivals, shares, strict=True):
                slope = weight * (share - (c == b))
                gradients[0] += slope * items[pairs.items[c]]
                gradients[1][user] += slope * items[pairs.items[c]]
                gradients[2][pairs.items[c]] += slope * vector
            gradients[1][user] += 2 * l2 * weight * own[user]
            gradients[2][item] += 2 * l2 * weight * items[item]
        for x, squares, gradient in zip((shared, own, items), sums, gradients, strict=True):
            squares += gradient**2
            x -= learning_rate * gradient / np.sqrt(squares + 1e-7)
    return shared + own, items


@pytest.mark.parametrize(("logq", "weighted"), [(True, False), (True, True), (False, True)])
def test_training_is_adagrad_on_the_gradients_written_out(logq, weighted):
    rng = np.random.default_rng(3)
    keys = rng.choice(6 * 5, size=14, replace=False)
    weights = rng.uniform(0, 2, 14).astype(np.float32) if weighted else np.ones(14, dtype=np.float32)
    pairs = Pairs((keys // 5).astype(np.int32), (keys % 5).astype(np.int32), weights)
    options = {"dim": 3, "learning_rate": 0.1, "l2": 0.2, "logq": logq, "seed": 7}
    *_, last = islice(train_epochs(pairs, 6, 5, batch_size=14, **options), 4)
    users, items = train_by_hand(pairs, 6, 5, epochs=4, **options)
    np.testing.assert_allclose(last.user_vectors, users, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(last.item_vectors, items, rtol=1e-4, atol=1e-5)


def test_the_reported_loss_is_the_mean_of_the_pairs_with_the_penalty():
    pairs = Pairs(np.array([0, 1], "i4"), np.array([0, 1], "i4"), np.array([1.0, 3.0], "f4"))
    options = {"dim": 2, "learning_rate": 0.1, "l2": 0.5, "logq": True, "seed": 0}
    first = next(train_epochs(pairs, 2, 2, batch_size=2, **options))
    items = np.random.default_rng(0).normal(0, 0.05, (2, 2)).astype(np.float32)
    users = np.full((2, 2), 0.05, dtype=np.float32)
    loss = loss_by_hand(users, items, pairs.items, pairs.weights, [0.5, 0.5])
    penalty = 0.5 * sum(weight * np.sum(item**2) for weight, item in zip(pairs.weights, items, strict=True))
    assert first.loss == pytest.approx((loss + penalty) / 2, rel=1e-5)


@given(st.integers(1, 500), st.integers(2, 200))
def test_batches_cover_every_pair_once_and_differ_by_at_most_one(n, batch_size):
    lengths = np.diff(batch_bounds(n, batch_size))
    assert lengths.sum() == n
    assert lengths.max() <= batch_size
    assert lengths.max() - lengths.min() <= 1
    assert len(lengths) == math.ceil(n / batch_size)


def test_an_epoch_visits_every_pair_in_an_order_that_the_seed_decides():
    rng = np.random.default_rng(0)
    pairs = Pairs(np.arange(30, dtype=np.int32), rng.integers(10, size=30).astype(np.int32), np.ones(30, "f4"))
    options = {"dim": 4, "batch_size": 8, "learning_rate": 0.1, "l2": 0.0, "logq": True}
    first, again, other = (next(train_epochs(pairs, 31, 10, seed=seed, **options)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.user_vectors, again.user_vectors)
    assert not np.array_equal(first.user_vectors, other.user_vectors)
    # The last user has no pair, and so the vector that all start from.
    assert (np.abs(first.user_vectors[:30] - first.user_vectors[30]).max(axis=1) > 0).all()


def test_pairs_are_shuffled_before_they_are_cut_into_batches():
    # In this order every batch would hold one item only, so nothing to tell it from, and nothing would move.
    users, items = np.arange(32, dtype=np.int32), np.repeat(np.arange(8, dtype=np.int32), 4)
    options = {"dim": 4, "batch_size": 4, "learning_rate": 0.1, "l2": 0.0, "logq": True, "seed": 0}
    epoch = next(train_epochs(Pairs(users, items, np.ones(32, dtype=np.float32)), 33, 8, **options))
    assert (np.abs(epoch.user_vectors[:32] - epoch.user_vectors[32]).max(axis=1) > 0).mean() > 0.9
