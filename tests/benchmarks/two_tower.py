"""Two towers on CiteULike-a, dimension 32, batches of 1,024: an epoch, evaluating all users, a new user's lists.

`tailrec`, `by hand` (a `tf.function` step without TensorFlow Recommenders) and `TFRS without metrics` take an epoch of
the in-batch softmax; `TFRS's tutorial, 10 batches` takes as many of it with `FactorizedTopK`. `lists` makes the top-100
of every user by `tailrec.rank`, `FactorizedTopK` looks for every held-out pair among the 100 best, as `evaluate`
does. `100 clicks` is a new user's top-20 after a click, 100 times, of 10,000 items. The data is found as in `ease.py`.
"""

from __future__ import annotations

from pathlib import Path

import ease
from peers import N_THREADS, Benchmark

DIM, BATCH, LEARNING_RATE, L2, START = 32, 1024, 0.05, 0.1, 0.05
N_TUTORIAL_BATCHES, N_CLICKS = 10, 100

benchmark = Benchmark(__doc__, __file__, ease.inputs)
benchmark.bar("tailrec", "by hand", 1.15)
benchmark.bar("lists", "FactorizedTopK", 0.1)
benchmark.bar("100 clicks", None, 0.02 * N_CLICKS)

PACKAGES = ["tensorflow", "tensorflow-recommenders"]
OURS = {"TAILREC_THREADS": str(N_THREADS)}
# Without the plugin's door, so that no peer is slowed down by being repeatable.
PLAIN = {"TF_USE_LEGACY_KERAS": "1", "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}


def tensorflow():
    import tensorflow as tf
    import tensorflow_recommenders as tfrs
    import tf_keras

    tf.config.threading.set_intra_op_parallelism_threads(N_THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(N_THREADS)
    return tf, tf_keras, tfrs


def pairs_of(folder: Path):
    from tailrec_tfrs.training_pairs import distinct_pairs

    import tailrec

    data = tailrec.Interactions.from_frame(ease.frame(folder, ["user", "item"]))
    return distinct_pairs(data), data


@benchmark.peer("tailrec", ["tailrec-tfrs", *PACKAGES], **OURS)
def ours(folder: Path):
    """Take an epoch, after one that traces the graph."""
    from tailrec_tfrs.retrieval_training import train_epochs

    pairs, data = pairs_of(folder)
    options = {"dim": DIM, "batch_size": BATCH, "learning_rate": LEARNING_RATE, "l2": L2, "logq": True, "seed": 0}
    epochs = train_epochs(pairs, data.n_users, data.n_items, **options)
    next(epochs)
    return lambda: next(epochs)


@benchmark.peer("by history", ["tailrec-tfrs", *PACKAGES], **OURS)
def by_history(folder: Path):
    """Take an epoch of the history tower, for the record."""
    from tailrec_tfrs.retrieval_training import train_epochs

    pairs, data = pairs_of(folder)
    options = {"dim": DIM, "batch_size": BATCH, "learning_rate": LEARNING_RATE, "l2": L2, "logq": True, "seed": 0}
    epochs = train_epochs(pairs, data.n_users, data.n_items, user="history", **options)
    next(epochs)
    return lambda: next(epochs)


@benchmark.peer("by hand", PACKAGES, **PLAIN)
def by_hand(folder: Path):
    """Take an epoch of the same loss, step by step."""
    import numpy as np

    tf, tf_keras, _ = tensorflow()
    pairs, data = pairs_of(folder)
    rng = np.random.default_rng(0)
    shared = tf.Variable(np.full(DIM, START, dtype=np.float32))
    own = tf.Variable(np.zeros((data.n_users, DIM), dtype=np.float32))
    items = tf.Variable(rng.normal(0, START, (data.n_items, DIM)).astype(np.float32))
    log_q = tf.math.log(tf.maximum(tf.constant(pairs.sampling_probabilities(data.n_items)), 1e-6))
    optimizer = tf_keras.optimizers.Adagrad(LEARNING_RATE)
    optimizer.build([shared, own, items])

    @tf.function(reduce_retracing=True)
    def step(u, i, w):
        with tf.GradientTape() as tape:
            p, q = tf.gather(own, u), tf.gather(items, i)
            logits = tf.matmul(shared + p, q, transpose_b=True) - tf.gather(log_q, i)
            n = tf.shape(i)[0]
            rival = (i[:, None] != i[None, :]) | tf.eye(n, dtype=tf.bool)
            logits = tf.where(rival, logits, logits.dtype.min)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.range(n), logits=logits)
            loss = tf.reduce_sum(w * losses)
            loss += L2 * tf.reduce_sum(w * (tf.reduce_sum(p**2, axis=1) + tf.reduce_sum(q**2, axis=1)))
        variables = [shared, own, items]
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        return loss

    def epoch():
        order = rng.permutation(len(pairs.users))
        columns = [tf.constant(column[order]) for column in pairs[:3]]
        total = 0.0
        for start in range(0, len(order), BATCH):
            total += step(*(column[start : start + BATCH] for column in columns))
        return float(total)

    epoch()
    return epoch


def tutorial_model(pairs, data, metrics: bool):
    """Return TFRS's tutorial model on integer codes."""
    import numpy as np

    tf, tf_keras, tfrs = tensorflow()
    users = tf_keras.layers.Embedding(data.n_users, DIM)
    items = tf_keras.layers.Embedding(data.n_items, DIM)
    candidates = tf.data.Dataset.from_tensor_slices(np.arange(data.n_items, dtype=np.int32)).batch(128).map(items)
    task = tfrs.tasks.Retrieval(metrics=tfrs.metrics.FactorizedTopK(candidates=candidates) if metrics else None)

    class Model(tfrs.Model):
        def compute_loss(self, features, training=False):
            return task(users(features["user"]), items(features["item"]), compute_metrics=metrics)

    model = Model()
    model.compile(optimizer=tf_keras.optimizers.Adagrad(LEARNING_RATE))
    rows = np.random.default_rng(0).permutation(len(pairs.users))
    return model, tf.data.Dataset.from_tensor_slices({"user": pairs.users[rows], "item": pairs.items[rows]}).batch(
        BATCH
    )


@benchmark.peer("TFRS without metrics", PACKAGES, **PLAIN)
def without_metrics(folder: Path):
    """Take an epoch of `fit`, after one batch that traces the graph."""
    model, batches = tutorial_model(*pairs_of(folder), metrics=False)
    model.fit(batches.take(1), verbose=0)
    return lambda: model.fit(batches.cache(), verbose=0)


@benchmark.peer("TFRS's tutorial, 10 batches", PACKAGES, **PLAIN)
def tutorial(folder: Path):
    """Take ten batches of `fit`, after one that traces the graph."""
    model, batches = tutorial_model(*pairs_of(folder), metrics=True)
    model.fit(batches.take(1), verbose=0)
    return lambda: model.fit(batches.take(N_TUTORIAL_BATCHES), verbose=0)


@benchmark.peer("FactorizedTopK", PACKAGES, **PLAIN)
def factorized_top_k(folder: Path):
    """Evaluate the pairs that `lists` evaluates."""
    pairs, data = pairs_of(folder)
    users, items = held_out(data).targets.nonzero()
    model, batches = tutorial_model(pairs._replace(users=users, items=items), data, metrics=True)
    model.evaluate(batches.take(1), verbose=0)
    return lambda: model.evaluate(batches, verbose=0)


@benchmark.peer("lists", ["tailrec-tfrs"])
def lists(folder: Path):
    """Rank every user, with what they have masked; nothing is trained, for the vectors' values do not matter."""
    import tailrec

    data = tailrec.Interactions.from_frame(ease.frame(folder, ["user", "item"]))
    model, holdout = untrained(data), held_out(data)
    return lambda: tailrec.rank(model, holdout, 100)


@benchmark.peer("100 clicks", ["tailrec-tfrs"])
def clicks(folder: Path):
    """Answer a new user, whose history grows from 1 item to 20, then another."""
    import numpy as np
    from scipy.sparse import csr_matrix

    import tailrec

    n_items, rng = 10_000, np.random.default_rng(0)
    histories = [rng.choice(n_items, 1 + click % 20, replace=False) for click in range(N_CLICKS)]
    data = tailrec.load("synthetic", n_users=2_000, n_items=n_items, tail_share=0.0, seed=0)
    model = untrained(data, user="history")

    def answer(history):
        seen = csr_matrix((np.ones(len(history)), history, [0, len(history)]), shape=(1, data.n_items))
        return tailrec.top_k(model.score_histories([history]), 20, seen)

    return lambda: [answer(history) for history in histories]


def held_out(data):
    import tailrec

    return tailrec.split(data, "random:seed=0").test


def untrained(data, **parameters):
    """Return a model with vectors drawn at random in the place of fitted ones."""
    import numpy as np

    import tailrec

    model, rng = tailrec.model("two-tower", dim=DIM, **parameters), np.random.default_rng(0)
    model.user_vectors_, model.item_vectors_, model.history_vectors_ = (
        rng.normal(size=(n, DIM)).astype(np.float32) for n in (data.n_users, data.n_items, data.n_items)
    )
    model.shared_vector_ = np.zeros(DIM, dtype=np.float32)
    return model


if __name__ == "__main__":
    benchmark.main()
