"""LightFM: factors of users and items that may be sums over their features, trained to rank."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

import lightfm
import lightfm.data
import numpy as np
import pydantic

import tailrec
from tailrec_peers.asked import require_fitted, users_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import coo_matrix, csr_matrix

#: So many pairs are scored in one call.
_PAIRS = 2_000_000


class LightFm(tailrec.ModelPlugin):
    """Score by x_u · y_i + b_u + b_i, where x, y and b are sums over the features of the user and of the item.

    Kula 2015, *Metadata Embeddings for User and Item Cold-start Recommendations*, as LightFM trains it. Without further
    features each user and item has one of its own, and it is a matrix factorisation. A pair counts once; its
    weight, the mean of its events', multiplies its loss. Users and items without events keep the factors that they were
    drawn with.

    Parameters
    ----------
    loss
        ``warp`` draws items that the user has not until one is scored too high; ``bpr`` takes the first;
        ``logistic`` draws none.
    factors
        The length of x and y.
    epochs
        How often it goes through the pairs.
    learning_rate
        The step that adagrad starts with.
    item_l2, user_l2
        The ridge on the features of items and of users.
    item_columns, user_columns
        Columns of the item and the user features that describe them, beside the feature of their own; a cell may
        hold several labels, with ``|`` between them.
    seed
        Of the first factors and of the draws. It trains on one thread, since several would overwrite each other's
        steps in another order every time.

    Examples
    --------
    >>> model = LightFm(factors=2, epochs=2, item_columns=["genres"]).fit(tailrec.testing.tiny())
    >>> model.score([0, 5]).shape
    (2, 6)
    """

    uses_weights: ClassVar = True

    loss: Literal["warp", "bpr", "logistic"] = "warp"
    factors: Annotated[int, pydantic.Field(ge=1)] = 32
    epochs: Annotated[int, pydantic.Field(ge=1)] = 30
    learning_rate: Annotated[float, pydantic.Field(gt=0)] = 0.05
    item_l2: Annotated[float, pydantic.Field(ge=0)] = 0.0
    user_l2: Annotated[float, pydantic.Field(ge=0)] = 0.0
    item_columns: list[str] = []
    user_columns: list[str] = []
    seed: Annotated[int, pydantic.Field(ge=0, lt=2**32)] = 0

    def fit(
        self,
        train: tailrec.Interactions,
        *,
        weights: NDArray[Any] | None = None,
        validation: tailrec.Holdout | None = None,
    ) -> Self:
        """Train, on one thread."""
        pairs = train.matrix().tocoo()
        self.shape_ = pairs.shape
        self.item_features_ = described(train.item_features, self.item_columns, train.n_items, "item")
        self.user_features_ = described(train.user_features, self.user_columns, train.n_users, "user")
        self.model_ = lightfm.LightFM(
            no_components=self.factors,
            loss=self.loss,
            learning_rate=self.learning_rate,
            item_alpha=self.item_l2,
            user_alpha=self.user_l2,
            random_state=self.seed,
        )
        self.model_.fit(
            pairs,
            user_features=self.user_features_,
            item_features=self.item_features_,
            sample_weight=None if weights is None else weighted(train, weights, pairs),
            epochs=self.epochs,
            num_threads=1,
        )
        return self

    def score(self, users: NDArray[Any]) -> NDArray[np.float32]:
        """Return (len(users), n_items) what LightFM predicts for every pair."""
        require_fitted(self)
        n_users, n_items = self.shape_
        users = users_of(self, users, n_users)
        scores = np.empty((len(users), n_items), dtype=np.float32)
        step = max(1, _PAIRS // n_items)
        for start in range(0, len(users), step):
            part = users[start : start + step]
            scores[start : start + step] = self.model_.predict(
                np.repeat(part, n_items).astype(np.int32),
                np.tile(np.arange(n_items, dtype=np.int32), len(part)),
                item_features=self.item_features_,
                user_features=self.user_features_,
            ).reshape(len(part), n_items)
        return scores


def described(features: pd.DataFrame | None, columns: list[str], n: int, what: str) -> csr_matrix | None:
    """Return (n, n_features) CSR, the features of each user or item with a sum of one; None without columns.

    Raises
    ------
    InputError
        Where there are no features, or a column is not among them.

    Examples
    --------
    >>> data = tailrec.testing.tiny()
    >>> described(data.item_features, ["genres"], data.n_items, "item").shape
    (6, 10)
    """
    if not columns:
        return None
    there = [] if features is None else list(features.columns)
    lacking = [column for column in columns if column not in there]
    if features is None or lacking:
        raise tailrec.InputError(
            f"lightfm: expected the column {(lacking or columns)[0]!r} in the {what} features, "
            f"there is {', '.join(map(repr, there)) if there else 'none'}"
        )
    labels = [
        [f"{column}:{label}" for column in columns for label in labels_of(row[column])]
        for _, row in features[columns].iterrows()
    ]
    data = lightfm.data.Dataset()
    data.fit(range(n), range(n), item_features=sorted({label for row in labels for label in row}))
    return data.build_item_features(enumerate(labels))


def labels_of(cell: Any) -> list[str]:
    """Return the labels in a cell, each once.

    Examples
    --------
    >>> labels_of("Comedy|Drama|Comedy"), labels_of(1995), labels_of(float("nan")), labels_of(["a", "b"])
    (['Comedy', 'Drama'], ['1995'], [], ['a', 'b'])
    """
    if isinstance(cell, (list, tuple, set, np.ndarray)):
        return list(dict.fromkeys(label for part in cell for label in labels_of(part)))
    if cell is None or cell != cell:
        return []
    return list(dict.fromkeys(part.strip() for part in re.split(r"\|", str(cell)) if part.strip()))


def weighted(train: tailrec.Interactions, weights: NDArray[Any], pairs: coo_matrix) -> coo_matrix:
    """Return the mean weight of the events of every pair, in the order of the pairs."""
    summed, counted = train.matrix(weights), train.matrix(np.ones(len(train)))
    means = pairs.copy()
    means.data = np.asarray(summed[pairs.row, pairs.col] / counted[pairs.row, pairs.col], dtype=np.float32).ravel()
    return means
