"""A fitted two-tower as a SavedModel that plain TensorFlow loads: ids in, the ids of the best items out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

import tailrec
from tailrec_tfrs.tensorflow_door import open_door

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from tailrec_tfrs.two_tower import TwoTower

    Ids = pd.Index[Any]


def export_index(
    model: TwoTower,
    data: tailrec.Interactions,
    folder: str | Path,
    *,
    k: int = 10,
    by: Literal["user", "history"] | None = None,
) -> Path:
    """Write an index over all items, `tfrs.layers.factorized_top_k.BruteForce`, as a SavedModel, and return the folder.

    It needs neither `tailrec` nor TensorFlow Recommenders to be loaded and asked::

        index = tf.saved_model.load(folder)
        scores, ids = index(tf.constant(["17"]))  # by user
        scores, ids = index(tf.constant([["tea", "jam", ""]]))  # by history, short ones filled up
        scores, ids = index.query_with_exclusions(queries, tf.constant([["tea", "jam"]]))

    Users and items go by their ids in the source, int64 where those are integers, text otherwise; histories and
    exclusions are filled up with -1 or ``""``, and so is a list where fewer than k items are left, with scores of minus
    infinity. A user that the model does not know and an empty history are served by the shared vector, and an item that
    it does not know is passed over. For TensorFlow Serving the signature ``serving_default`` takes ``queries`` and
    ``exclusions``, and gives ``scores`` and ``ids``.

    Parameters
    ----------
    model
        A fitted `two-tower`.
    data
        What it was fitted on, for the ids.
    folder
        Where to write; what lies there is replaced.
    k
        How many items to return, at most as many as there are.
    by
        Whether it is asked by user or by history; by default the way that the model's user tower goes, and by user
        where that goes both ways.

    Raises
    ------
    InputError
        Where the model is not fitted, or on other data, or has no history tower to be asked by; or k is out of range.

    Examples
    --------
    >>> import tempfile, pandas as pd
    >>> events = pd.DataFrame({"user": ["Ann", "Ann", "Bob"], "item": ["tea", "jam", "rye"]})
    >>> data = tailrec.Interactions.from_frame(events)
    >>> model = tailrec.model("two-tower", dim=4, epochs=1).fit(data)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     index = open_door().tf.saved_model.load(export_index(model, data, folder, k=1))
    >>> index.query_with_exclusions(["Bob"], [["rye", "tea"]])[1].numpy().tolist()
    [[b'jam']]
    """
    by = by or ("history" if getattr(model, "user", "id") == "history" else "user")
    _check(model, data, k, by)
    tf, tf_keras, tfrs = open_door()
    items = Coding(data.items)
    with tf.device("CPU:0"):
        if by == "user":
            query = by_user(Coding(data.users), model.user_vectors_, model.shared_vector_)
            queries = tf.TensorSpec([None], Coding(data.users).dtype, name="queries")
        else:
            query = by_history(items, model)
            queries = tf.TensorSpec([None, None], items.dtype, name="queries")
        layer = tfrs.layers.factorized_top_k.BruteForce(query, k=k)
        layer.index(tf.constant(model.item_vectors_), items.constant())
        served = _module(layer, items, queries, k)
        tf.saved_model.save(served, str(folder), signatures=served.serve)
    return Path(folder)


def _check(model: TwoTower, data: tailrec.Interactions, k: int, by: str) -> None:
    if not tailrec.is_fitted(model):
        raise tailrec.InputError("two-tower: expected a fitted model to export; call `fit` first")
    shapes = len(model.user_vectors_), len(model.item_vectors_)
    if shapes != (data.n_users, data.n_items):
        raise tailrec.InputError(
            f"two-tower: expected the data that the model was fitted on, with {shapes[0]} users and {shapes[1]} items, "
            f"received {data.n_users} and {data.n_items}"
        )
    if by not in ("user", "history"):
        raise tailrec.InputError(f"two-tower: expected `by` to be `user` or `history`, received {by!r}")
    if by == "history" and model.history_vectors_ is None:
        raise tailrec.InputError(
            "two-tower: expected a model with a history tower to be asked by history, received one by id; "
            "fit it with `user=history` or `user=both`"
        )
    if not 1 <= k <= data.n_items:
        raise tailrec.InputError(f"two-tower: expected `k` from 1 to the {data.n_items} items, received {k}")


class Coding:
    """The ids of users or items as TensorFlow knows them: int64 where they are integers, text otherwise."""

    def __init__(self, ids: Ids) -> None:
        tf = open_door().tf
        whole = ids.dtype.kind in "iu"
        self.dtype = tf.int64 if whole else tf.string
        #: What fills up short rows.
        self.nothing = -1 if whole else ""
        self.ids: NDArray[Any] = ids.to_numpy(np.int64) if whole else np.array([str(one) for one in ids], dtype=object)

    def constant(self) -> Any:
        """Return (n,) the ids."""
        return open_door().tf.constant(self.ids, self.dtype)

    def table(self) -> Any:
        """Return a table from id to 1 + code, and to 0 for an unknown id."""
        tf = open_door().tf
        codes = tf.range(1, len(self.ids) + 1, dtype=tf.int64)
        return tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(self.constant(), codes), 0)


def by_user(users: Coding, vectors: NDArray[np.float32], shared: NDArray[np.float32]) -> Any:
    """Return a Keras model from (n,) user ids to their vectors."""
    tf, tf_keras, _ = open_door()

    class ByUser(tf_keras.Model):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.table = users.table()
            self.vectors = tf.Variable(np.vstack([shared, vectors]), trainable=False)

        def call(self, ids: Any) -> Any:
            return tf.gather(self.vectors, self.table.lookup(ids))

    return ByUser()


def by_history(items: Coding, model: TwoTower) -> Any:
    """Return a Keras model from (n, length) item ids to the shared vector plus what `Histories.pooled` makes."""
    tf, tf_keras, _ = open_door()

    class ByHistory(tf_keras.Model):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.table = items.table()
            unknown = np.zeros_like(model.shared_vector_)
            self.vectors = tf.Variable(np.vstack([unknown, model.history_vectors_]), trainable=False)
            self.shared = tf.Variable(model.shared_vector_, trainable=False)

        def call(self, ids: Any) -> Any:
            codes = self.table.lookup(ids)
            places = tf.range(tf.shape(codes)[1])
            before = (places[:, None] > places) & (codes[:, :, None] == codes[:, None, :])
            counts = tf.cast((codes > 0) & ~tf.reduce_any(before, axis=2), tf.float32)
            summed = tf.einsum("nl,nld->nd", counts, tf.gather(self.vectors, codes))
            n = tf.reduce_sum(counts, axis=1, keepdims=True)
            return self.shared + summed / tf.maximum(n + model.shrinkage, 1e-9) ** model.power

    return ByHistory()


def _module(layer: Any, items: Coding, queries: Any, k: int) -> Any:
    """Return what is saved: the index, asked with and without exclusions."""
    tf = open_door().tf
    exclusions = tf.TensorSpec([None, None], items.dtype, name="exclusions")

    class Index(tf.Module):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.layer = layer

        @tf.function(input_signature=[queries])  # type: ignore[untyped-decorator]
        def __call__(self, queries: Any) -> Any:
            return self.layer(queries)

        @tf.function(input_signature=[queries, exclusions])  # type: ignore[untyped-decorator]
        def query_with_exclusions(self, queries: Any, exclusions: Any) -> Any:
            # TFRS's own needs the number of exclusions when it is traced, and fails where k and they are too many.
            scores, ids = self.layer(queries, k=tf.minimum(k + tf.shape(exclusions)[1], len(items.ids)))
            gone = tf.reduce_any(ids[:, :, None] == exclusions[:, None, :], axis=2)
            best, places = tf.math.top_k(tf.where(gone, -np.inf, scores), k=k)
            return best, tf.where(tf.math.is_finite(best), tf.gather(ids, places, batch_dims=1), items.nothing)

        @tf.function(input_signature=[queries, exclusions])  # type: ignore[untyped-decorator]
        def serve(self, queries: Any, exclusions: Any) -> Any:
            scores, ids = self.query_with_exclusions(queries, exclusions)
            return {"scores": scores, "ids": ids}

    return Index()
