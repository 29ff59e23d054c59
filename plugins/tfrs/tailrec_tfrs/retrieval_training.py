"""In-batch softmax over two towers, one compiled pass over the pairs at a time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tailrec_tfrs.item_tower import ItemTower
from tailrec_tfrs.objectives import Mean, Objective
from tailrec_tfrs.tensorflow_door import open_door
from tailrec_tfrs.training_pairs import Pairs
from tailrec_tfrs.truncated import draw_windows
from tailrec_tfrs.user_tower import UserTower

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec_tfrs.item_features import ItemFeatures

#: The most items of a history that are shown in training; what answers later is the whole history.
LONGEST = 100


class Epoch(NamedTuple):
    """What is known after a pass over the pairs."""

    loss: float
    user_vectors: NDArray[np.float32]
    item_vectors: NDArray[np.float32]
    shared_vector: NDArray[np.float32]
    history_vectors: NDArray[np.float32] | None


class Batch(NamedTuple):
    """Pairs that are told from each other: (n,) of everything; None where no tower and no objective reads it."""

    users: Any
    items: Any
    weights: Any
    starts: Any = None
    lengths: Any = None
    groups: Any = None
    uniform: Any = None


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


def pair_losses(users: Any, items: Any, item_codes: Any, probabilities: Any | None) -> Any:
    """Return (n,) the losses of a batch's pairs, not weighted: the terms of the sum of `in_batch_loss`."""
    _, tf_keras, tfrs = open_door()
    one_each = tf_keras.losses.CategoricalCrossentropy(from_logits=True, reduction=tf_keras.losses.Reduction.NONE)
    task = tfrs.tasks.Retrieval(loss=one_each, remove_accidental_hits=True)
    return task(
        users, items, candidate_sampling_probability=probabilities, candidate_ids=item_codes, compute_metrics=False
    )


def batch_loss(
    batch: Batch,
    user_tower: UserTower,
    item_tower: ItemTower,
    *,
    probabilities: Any | None,
    l2: float,
    objective: Objective,
    state: list[Any],
) -> Any:
    """Return what one step makes smaller: the objective of the pairs' losses, and the penalty of the towers' parts.

    Every part of a pair's two vectors but the shared one adds ``weight × l2 × |part|²``.

    Parameters
    ----------
    batch
        The pairs.
    user_tower, item_tower
        The towers, whose variables are trained.
    probabilities
        (n_items,) how often an item is sampled, for logQ; None for no correction.
    l2
        The strength of the penalty.
    objective, state
        What the losses of the pairs are added up to, and its variables.
    """
    tf = open_door().tf
    user_parts = user_tower.parts(batch.users, batch.items, batch.starts, batch.lengths)
    item_parts = item_tower.parts(batch.items)
    users, items = reduce(tf.add, user_parts, user_tower.shared), reduce(tf.add, item_parts)
    q = None if probabilities is None else tf.gather(probabilities, batch.items)
    if isinstance(objective, Mean):
        loss = in_batch_loss(users, items, batch.items, batch.weights, q)
    else:
        losses = pair_losses(users, items, batch.items, q)
        loss = objective(losses, batch.weights, batch.groups, batch.uniform, state)
    squares = reduce(tf.add, [tf.reduce_sum(part**2, axis=1) for part in (*user_parts, *item_parts)])
    return loss + l2 * tf.reduce_sum(batch.weights * squares)


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
    user: str = "id",
    item: str = "id",
    truncate: float = 0.0,
    shrinkage: float = 10.0,
    power: float = 0.75,
    features: ItemFeatures | None = None,
    objective: Objective | None = None,
) -> Iterator[Epoch]:
    """Train without end, and yield the vectors after every pass over the pairs in a new random order.

    The optimiser is Adagrad. The parameters are those of `TwoTower`; `features` are needed for content.
    """
    tf, tf_keras, _ = open_door()
    rng = np.random.default_rng(seed)
    # Streams of their own, so that a tower by id is the same bytes with and without them.
    cuts, chance = np.random.default_rng([seed, 1]), np.random.default_rng([seed, 2])
    objective = objective or Mean()
    histories, positions = pairs.histories(n_users)
    groups = objective.groups_of(histories.lengths())
    # Whatever is random comes from NumPy, so TensorFlow's seed does not matter.
    with tf.device("CPU:0"):
        user_tower = UserTower(
            user, n_users, n_items, dim, histories, shrinkage=shrinkage, power=power, longest=LONGEST
        )
        item_tower = ItemTower(item, n_items, dim, features, rng)
        state = objective.state(int(groups.max()) + 1)
        variables = [*user_tower.variables, *item_tower.variables]
        optimizer = tf_keras.optimizers.Adagrad(learning_rate)
        optimizer.build(variables)
        probabilities = tf.constant(pairs.sampling_probabilities(n_items)) if logq else None
        bounds = tf.constant(batch_bounds(len(pairs.users), batch_size))

    @tf.function  # type: ignore[untyped-decorator]
    def epoch(columns: Batch) -> Any:
        total = tf.constant(0.0)
        for number in tf.range(len(bounds) - 1):
            rows = slice(bounds[number], bounds[number + 1])
            batch = Batch(*(None if column is None else column[rows] for column in columns))
            with tf.GradientTape() as tape:
                loss = batch_loss(
                    batch,
                    user_tower,
                    item_tower,
                    probabilities=probabilities,
                    l2=l2,
                    objective=objective,
                    state=state,
                )
            optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
            total += loss
        return total

    while True:
        order = rng.permutation(len(pairs.users))
        columns = Batch(pairs.users, pairs.items, pairs.weights)
        if user != "id":
            shown = draw_windows(histories, pairs.users, positions, truncate=truncate, longest=LONGEST, rng=cuts)
            columns = columns._replace(starts=shown.starts, lengths=shown.lengths)
        if not isinstance(objective, Mean):
            uniform = chance.random(len(order), dtype=np.float32)
            columns = columns._replace(groups=groups[pairs.users], uniform=uniform)
        with tf.device("CPU:0"):
            loss = epoch(Batch(*(None if column is None else tf.constant(column[order]) for column in columns)))
        yield Epoch(
            float(loss) / len(order),
            user_tower.vectors(),
            item_tower.vectors(),
            user_tower.shared.numpy(),
            user_tower.history_vectors(),
        )
