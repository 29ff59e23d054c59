"""The item's side while it is trained: a vector of its own, one made of its features, or their sum."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec_tfrs.tensorflow_door import open_door

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec_tfrs.item_features import ItemFeatures

#: The standard deviation of the vectors at the start.
START = 0.05


class ItemTower:
    """An item's vector is the sum of its parts: its own vector, and the vectors of its labels and numbers.

    Parameters
    ----------
    kind
        ``id`` (own), ``content`` (labels and numbers) or ``both``.
    n_items, dim
        How many, and the length of a vector.
    features
        Of the items; needed where `kind` is not ``id``.
    rng
        Where the vectors at the start are drawn from.
    """

    def __init__(
        self, kind: str, n_items: int, dim: int, features: ItemFeatures | None, rng: np.random.Generator
    ) -> None:
        tf = open_door().tf

        def table(n: int) -> Any:
            return tf.Variable(rng.normal(0.0, START, (n, dim)).astype(np.float32))

        self._n_items = n_items
        self.own = table(n_items) if kind != "content" else None
        self.labels = self.numbers = None
        if kind != "id":
            self._labels, self._shares = tf.constant(features.labels), tf.constant(features.shares)
            self._numbers = tf.constant(features.numbers)
            self.labels = table(len(features.names)) if features.names else None
            self.numbers = table(features.numbers.shape[1]) if features.numbers.shape[1] else None
        self.variables = [table for table in (self.own, self.labels, self.numbers) if table is not None]

    def parts(self, items: Any) -> list[Any]:
        """Return what makes up the vectors of (n,) items: one (n, dim) tensor a part."""
        tf = open_door().tf
        parts = [tf.gather(self.own, items)] if self.own is not None else []
        content = []
        if self.labels is not None:
            vectors = tf.gather(self.labels, tf.gather(self._labels, items))
            content.append(tf.einsum("nk,nkd->nd", tf.gather(self._shares, items), vectors))
        if self.numbers is not None:
            content.append(tf.matmul(tf.gather(self._numbers, items), self.numbers))
        return [*parts, reduce(tf.add, content)] if content else parts

    def vectors(self) -> NDArray[np.float32]:
        """Return (n_items, dim) what every item is after the training so far."""
        tf = open_door().tf
        if self.labels is None and self.numbers is None:
            return np.array(self.own.numpy())
        return np.array(reduce(tf.add, self.parts(tf.range(self._n_items))).numpy())
