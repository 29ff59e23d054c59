"""The user's side while it is trained: a vector shared by all, and what is a user's own or their history's."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec_tfrs.tensorflow_door import open_door

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec_tfrs.histories import Histories

#: The value of every coordinate of the shared vector at the start.
START = 0.05
#: Above as many items a step touches only the rows that it needs; below, touching all of them is faster.
_MANY_ITEMS = 100_000
#: The ridge of the regression of the users' own vectors on their histories.
_RIDGE = 1.0


class UserTower:
    """A user's vector is the sum of its parts: the shared vector, their own, and the scaled sum of their history.

    Their own vectors and the history's item vectors start at zero, so everybody starts as everybody.

    Parameters
    ----------
    kind
        ``id`` (shared and own), ``history`` (shared and history) or ``both``.
    n_users, n_items, dim
        How many, and the length of a vector.
    histories
        Of the users.
    shrinkage, power
        How a history's sum is scaled (`Histories.pooled`).
    longest
        The most items of a history that are shown.
    """

    def __init__(
        self,
        kind: str,
        n_users: int,
        n_items: int,
        dim: int,
        histories: Histories,
        *,
        shrinkage: float,
        power: float,
        longest: int,
    ) -> None:
        tf = open_door().tf
        self.shared = tf.Variable(np.full(dim, START, dtype=np.float32))
        self.own = tf.Variable(np.zeros((n_users, dim), dtype=np.float32)) if kind != "history" else None
        self.history = tf.Variable(np.zeros((n_items, dim), dtype=np.float32)) if kind != "id" else None
        self.variables = [table for table in (self.shared, self.own, self.history) if table is not None]
        self._histories, self._shrinkage, self._power, self._longest = histories, shrinkage, power, longest
        if self.history is not None:
            self._shown = tf.constant(np.append(histories.items, 0).astype(np.int32))

    def parts(self, users: Any, answers: Any, starts: Any, lengths: Any) -> list[Any]:
        """Return what is added to the shared vector: one (n, dim) tensor a part.

        Parameters
        ----------
        users, answers
            (n,) the user of each pair, and the item that is asked for, which is left out of the history.
        starts, lengths
            (n,) the stretch of the histories that is shown (`Windows`).
        """
        tf = open_door().tf
        parts = []
        if self.own is not None:
            parts.append(tf.gather(self.own, users))
        if self.history is not None:
            places = tf.range(self._longest)
            inside = places < lengths[:, None]
            items = tf.gather(self._shown, tf.where(inside, starts[:, None] + places, 0))
            kept = inside & (items != answers[:, None])
            cells = tf.cast(tf.where(kept), tf.int32)
            summed = tf.sparse.segment_sum(
                self.history,
                tf.gather_nd(items, cells),
                cells[:, 0],
                num_segments=tf.shape(users)[0],
                sparse_gradient=self.history.shape[0] > _MANY_ITEMS,
            )
            n = tf.reduce_sum(tf.cast(kept, tf.float32), axis=1, keepdims=True)
            parts.append(summed / tf.maximum(n + self._shrinkage, 1e-9) ** self._power)
        return parts

    def vectors(self) -> NDArray[np.float32]:
        """Return (n_users, dim) what every user is after the training so far, by their whole history."""
        parts = [self.own.numpy()] if self.own is not None else []
        if self.history is not None:
            parts.append(self._histories.pooled(self.history.numpy(), self._shrinkage, self._power))
        return reduce(np.add, parts) + self.shared.numpy()

    def history_vectors(self) -> NDArray[np.float32] | None:
        """Return (n_items, dim) what an item in a stranger's history adds before the scaling; None by id.

        A stranger has no vector of their own, but that of people with such a history: P A, with P the users' histories
        pooled and A the ridge regression of their own vectors on P. As pooling is linear, A goes into the items'
        vectors, and an empty history stays at the shared vector.
        """
        if self.history is None:
            return None
        vectors = np.array(self.history.numpy())
        if self.own is None:
            return vectors
        pooled = self._histories.pooled(vectors, self._shrinkage, self._power).astype(np.float64)
        gram = pooled.T @ pooled + _RIDGE * np.eye(pooled.shape[1])
        return vectors + (vectors @ np.linalg.solve(gram, pooled.T @ self.own.numpy())).astype(np.float32)
