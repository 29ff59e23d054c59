"""`two-tower`: a vector a user and a vector an item, trained by TensorFlow Recommenders' retrieval task."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

import numpy as np
import pydantic

import tailrec
from tailrec_tfrs import objectives
from tailrec_tfrs.histories import Histories
from tailrec_tfrs.item_features import read_features

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from tailrec import Holdout, Interactions
    from tailrec_tfrs.retrieval_training import Epoch

    FloatArray = NDArray[np.floating[Any]]
    IntArray = NDArray[np.integer[Any]]

_K = 10


class TwoTower(tailrec.ModelPlugin):
    """Two towers trained by an in-batch softmax with logQ correction and accidental hits removed.

    The score of an item for a user is the product of their vectors. A user's vector is one shared by all, plus parts
    that start at zero and are held small by `l2`: their own vector (by id), and the scaled sum of the vectors of their
    items (by history, `Histories.pooled`). So somebody with little history is served nearly what everybody is, and
    somebody without any has exactly the shared vector. By history, people never seen are served as well. An item's
    vector is its own (by id), made of its features (by content), or the sum of both.

    An epoch visits every pair of user and item once, in batches; an item bought five times counts once. An item that is
    asked for is left out of the history that is shown. After every epoch the validation's users are ranked
    (`tailrec.rank`, mean NDCG@10), and the vectors of the best epoch are kept. Where there is nothing to validate on,
    all `epochs` are trained and the last is kept.

    Parameters
    ----------
    dim
        Length of the vectors.
    epochs
        How many epochs to train at most.
    patience
        After how many epochs without a better NDCG@10 on the validation to stop.
    batch_size
        Pairs a batch at most; each is told from the items of all others. Batches are of equal length.
    learning_rate
        Of Adagrad.
    l2
        Penalty on the squared length of every part of a pair's vectors but the shared one, beside the pair's loss.
    logq
        Whether to correct for popular items being sampled as negatives more often.
    user
        What a user's vector is made of: ``id``, ``history`` or ``both``.
    item
        What an item's vector is made of: ``id``, ``content`` or ``both``. By content alone, how popular an item is
        counts as one of its features.
    columns
        Which columns of the item features are content (`read_features`); by default all that can be.
    truncate
        The share of the pairs, drawn anew in each epoch, that show only how the history began (`draw_windows`).
    shrinkage, power
        The sum over a history of n items is divided by ``(n + shrinkage) ** power``.
    objective
        What the losses of a batch are added up to: ``mean`` for the plain sum, or ``cvar:share=0.5``, ``focal``,
        ``group-dro``, ``s-dro`` (`tailrec_tfrs.objectives`). In a spelling, one with several parameters stands in
        quotes: ``two-tower:objective="cvar:share=0.5,control=true"``.
    seed
        Of the first item vectors, the order of the pairs, and what is drawn in an epoch.

    Attributes
    ----------
    user_vectors_, item_vectors_
        (n_users, dim) and (n_items, dim) float32.
    shared_vector_, history_vectors_
        (dim,) what is shared by all, and (n_items, dim) what the items of a stranger's history add, None by id.
    n_epochs_
        How many epochs the vectors were trained.
    losses_
        The mean loss of a pair in each epoch.
    validation_ndcg_
        NDCG@10 on the validation after each epoch; empty where there was nothing to validate on.

    Examples
    --------
    >>> import pandas as pd
    >>> from scipy.sparse import csr_matrix
    >>> events = pd.DataFrame({"user": [0, 0, 1, 1, 2], "item": [7, 8, 7, 8, 9]})
    >>> data = tailrec.Interactions.from_frame(events)
    >>> model = tailrec.model("two-tower", dim=4, epochs=20).fit(data)
    >>> model.score(np.array([0, 1])).shape
    (2, 3)
    >>> nothing_seen = csr_matrix((1, 3))
    >>> model.recommend(np.array([2]), 1, nothing_seen).tolist()
    [[2]]
    >>> model = tailrec.model("two-tower:user=history", dim=4, epochs=20).fit(data)
    >>> model.score_histories([[0], [0, 1], []]).shape
    (3, 3)
    """

    uses_weights: ClassVar[bool] = True

    dim: Annotated[int, pydantic.Field(ge=1)] = 64
    epochs: Annotated[int, pydantic.Field(ge=1)] = 30
    patience: Annotated[int, pydantic.Field(ge=1)] = 5
    batch_size: Annotated[int, pydantic.Field(ge=2)] = 512
    learning_rate: Annotated[float, pydantic.Field(gt=0, allow_inf_nan=False)] = 0.05
    l2: Annotated[float, pydantic.Field(ge=0, allow_inf_nan=False)] = 0.1
    logq: bool = True
    user: Literal["id", "history", "both"] = "id"
    item: Literal["id", "content", "both"] = "id"
    columns: list[str] | None = None
    truncate: Annotated[float, pydantic.Field(ge=0, le=1)] = 0.0
    shrinkage: Annotated[float, pydantic.Field(ge=0, allow_inf_nan=False)] = 10.0
    power: Annotated[float, pydantic.Field(ge=0, le=1)] = 0.75
    objective: str = "mean"
    seed: Annotated[int, pydantic.Field(ge=0)] = 0

    def __post_init__(self) -> None:
        # What it can do depends on its towers: known when it is made, not when the class is.
        self.folds_in = {"id": None, "history": "exact", "both": "approximate"}[self.user]  # type: ignore[misc]
        self.requires = frozenset() if self.item == "id" else frozenset({"item-features"})  # type: ignore[misc]
        self._objective = objectives.build(self.objective)

    def fit(self, train: Interactions, *, weights: FloatArray | None = None, validation: Holdout | None = None) -> Self:
        """Learn the vectors; TensorFlow is imported here and nowhere else.

        Parameters
        ----------
        train
            The events to learn from.
        weights
            (n_events,) not negative; each multiplies the loss and the penalty of its pair (the mean, where a pair
            happened several times).
        validation
            What to stop on.

        Raises
        ------
        tailrec.InputError
            Where there is no event, the weights cannot be used, content is asked for and there is none, or training
            diverges.
        tailrec.PluginError
            Where TensorFlow Recommenders cannot be imported, or `tf.keras` was used as Keras 3 before.
        """
        from tailrec_tfrs.retrieval_training import train_epochs
        from tailrec_tfrs.training_pairs import distinct_pairs

        options = self.parameters()
        n_epochs, patience = options.pop("epochs"), options.pop("patience")
        columns = options.pop("columns")
        features = None if self.item == "id" else read_features(train.item_features, columns)
        if self.item == "content":
            features = features.with_popularity(train.item_counts())
        options |= {"objective": self._objective, "features": features}
        watched = validation if validation is not None and validation.targets.nnz else None
        self.losses_: list[float] = []
        self.validation_ndcg_: list[float] = []
        best = None
        epochs = train_epochs(distinct_pairs(train, weights), train.n_users, train.n_items, **options)
        for number, epoch in enumerate(islice(epochs, n_epochs), start=1):
            self._take(number, epoch)
            self.losses_.append(epoch.loss)
            if watched is None:
                continue
            self.validation_ndcg_.append(_mean_ndcg(tailrec.rank(self, watched, _K)))
            if best is None or self.validation_ndcg_[-1] > self.validation_ndcg_[best[0] - 1]:
                best = (number, epoch)
            elif number - best[0] >= patience:
                break
        if best is not None:
            self._take(*best)
        return self

    def _take(self, number: int, epoch: Epoch) -> None:
        if not (np.isfinite(epoch.user_vectors).all() and np.isfinite(epoch.item_vectors).all()):
            raise tailrec.InputError(
                f"two-tower: training diverged in epoch {number}, the vectors are no longer finite; "
                f"lower `learning_rate` ({self.learning_rate:g}) or `l2` ({self.l2:g})"
            )
        self.n_epochs_, self.user_vectors_, self.item_vectors_ = number, epoch.user_vectors, epoch.item_vectors
        self.shared_vector_, self.history_vectors_ = epoch.shared_vector, epoch.history_vectors

    def score(self, users: IntArray) -> FloatArray:
        """Return (len(users), n_items) the products of the users' vectors with every item's."""
        return self._vectors_of(users) @ self.item_vectors_.T

    def score_histories(self, histories: Sequence[IntArray]) -> FloatArray:
        """Return (len(histories), n_items) scores for people known only by their items, oldest first.

        An item that comes again counts once, and an empty history has the shared vector. By history these are the
        scores of `score`; with ``user=both``, a stranger's own vector is what people with such a history have.

        Raises
        ------
        tailrec.InputError
            Where the user tower is by id, or an item is unknown.
        """
        if self.folds_in is None:
            return super().score_histories(histories)
        self._require_fitted()
        known = Histories.of(histories, len(self.item_vectors_))
        vectors = known.pooled(self.history_vectors_, self.shrinkage, self.power) + self.shared_vector_
        return vectors @ self.item_vectors_.T

    def recommend(self, users: IntArray, k: int, exclude: csr_matrix) -> IntArray:
        """Return (len(users), k) the best items, best first, -1 where there are fewer."""
        return tailrec.top_k_of_factors(self._vectors_of(users), self.item_vectors_, k, exclude)

    def _vectors_of(self, users: IntArray) -> NDArray[np.float32]:
        self._require_fitted()
        users = np.asarray(users)
        unknown = users[(users < 0) | (users >= len(self.user_vectors_))]
        if len(unknown):
            raise tailrec.InputError(
                f"two-tower: expected user codes from 0 to {len(self.user_vectors_) - 1}, those it was fitted on, "
                f"received {unknown[0]}"
            )
        return self.user_vectors_[users]

    def _require_fitted(self) -> None:
        if not hasattr(self, "user_vectors_"):
            raise tailrec.InputError("two-tower: expected a fitted model; call `fit` first")


def _mean_ndcg(ranking: tailrec.Ranking) -> float:
    """Return the mean over users of DCG@k by the best that their number of targets allows."""
    discounts = 1.0 / np.log2(np.arange(2, ranking.items.shape[1] + 2))
    ideal = np.cumsum(discounts)[np.minimum(ranking.n_targets, len(discounts)) - 1]
    return float(np.mean(ranking.hits @ discounts / ideal))
