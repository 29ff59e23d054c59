"""In-batch softmax over two embedding tables, one compiled pass over the pairs at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tailrec_tfrs.tensorflow_door import open_door
from tailrec_tfrs.training_pairs import Pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The standard deviation of the item vectors at the start, and the value of every coordinate of the shared one.
START = 0.05


class Epoch(NamedTuple):
    """What is known after a pass over the pairs."""

    loss: float
    user_vectors: NDArray[np.float32]
    item_vectors: NDArray[np.float32]


def in_batch_loss(users: Any, items: Any, item_codes: Any, weights: Any, probabilities: Any | None) -> Any:
    r"""Return the loss of a batch: TFRS's retrieval task, summed over the batch's pairs and not divided.

    With s the products of the batch's user and item vectors, and Q the sampling probabilities of its items,

    .. math:: \sum_b w_b \Big( -z_{bb} + \log \sum_{c:\, c = b \text{ or } i_c \ne i_b} e^{z_{bc}} \Big),
              \qquad z_{bc} = s_{bc} - \log Q(i_c)

    so another pair of the same item is no negative (an accidental hit), and an item is not pushed down for being
    sampled often (logQ correction; Yi et al., "Sampling-bias-corrected neural modeling for large corpus item
    recommendations", RecSys 2019). TFRS takes a Q under 1e-6 as 1e-6.

    Parameters
    ----------
    users, items
        (n, dim) the vectors of the batch's users and of their items.
    item_codes
        (n,) the codes of the items.
    weights
        (n,) the weight of each pair.
    probabilities
        (n,) Q of each item, or None for no correction.
    """
    task = open_door().tfrs.tasks.Retrieval(remove_accidental_hits=True)
    return task(
        users,
        items,
        sample_weight=weights,
        candidate_sampling_probability=probabilities,
        candidate_ids=item_codes,
        compute_metrics=False,
    )


def batch_bounds(n: int, batch_size: int) -> NDArray[np.int32]:
    """Return where the batches begin and end; they are as few as can be, and differ in length by at most one.

    A short last batch would have few negatives to tell its items from.

    Examples
    --------
    >>> batch_bounds(10, 4).tolist()
    [0, 3, 6, 10]
    """
    n_batches = -(-n // batch_size)
    return (np.arange(n_batches + 1) * n // n_batches).astype(np.int32)


def train_epochs(
    pairs: Pairs,
    n_users: int,
    n_items: int,
    *,
    dim: int,
    batch_size: int,
    learning_rate: float,
    l2: float,
    logq: bool,
    seed: int,
) -> Iterator[Epoch]:
    """Train without end, and yield the vectors after every pass over the pairs in a new random order.

    A user's vector is a vector shared by all plus one of their own that starts at zero. Each pair adds
    ``weight × l2 × (|own vector|² + |item vector|²)`` to the loss, so little history means little deviation from
    what is shared. The optimiser is Adagrad.
    """
    tf, tf_keras, _ = open_door()
    rng = np.random.default_rng(seed)
    # Whatever is random comes from NumPy, so TensorFlow's seed does not matter.
    with tf.device("CPU:0"):
        shared = tf.Variable(np.full(dim, START, dtype=np.float32))
        own = tf.Variable(np.zeros((n_users, dim), dtype=np.float32))
        items = tf.Variable(rng.normal(0.0, START, (n_items, dim)).astype(np.float32))
        variables = [shared, own, items]
        optimizer = tf_keras.optimizers.Adagrad(learning_rate)
        optimizer.build(variables)
        probabilities = tf.constant(pairs.sampling_probabilities(n_items))
        bounds = tf.constant(batch_bounds(len(pairs.users), batch_size))

    @tf.function  # type: ignore[untyped-decorator]
    def epoch(user_codes: Any, item_codes: Any, weights: Any) -> Any:
        total = tf.constant(0.0)
        for batch in tf.range(len(bounds) - 1):
            rows = slice(bounds[batch], bounds[batch + 1])
            u, i, w = user_codes[rows], item_codes[rows], weights[rows]
            with tf.GradientTape() as tape:
                own_vectors, item_vectors = tf.gather(own, u), tf.gather(items, i)
                q = tf.gather(probabilities, i) if logq else None
                loss = in_batch_loss(shared + own_vectors, item_vectors, i, w, q)
                squares = tf.reduce_sum(own_vectors**2, axis=1) + tf.reduce_sum(item_vectors**2, axis=1)
                loss += l2 * tf.reduce_sum(w * squares)
            optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
            total += loss
        return total

    while True:
        order = rng.permutation(len(pairs.users))
        with tf.device("CPU:0"):
            loss = epoch(*(tf.constant(column[order]) for column in pairs))
        yield Epoch(float(loss) / len(order), own.numpy() + shared.numpy(), np.array(items.numpy()))
