"""`mlp`: a multi-layer perceptron on what is known of a user and of an item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import tailrec
from tailrec_keras.content import multi_hot
from tailrec_keras.trained_on_pairs import TrainedOnPairs

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Mlp(TrainedOnPairs):
    r"""Score by the log-odds of a 64-64-1 network over the embeddings of user and item and their labels.

    .. math:: h_0 = [p_u, c_u, q_i, d_i], \qquad h_l = \max(0,\, h_{l-1} W_l + b_l), \qquad s(u, i) = h_L w + b

    p and q are learnt, c and d are the labels that the source gives (genres, a category), 0 or 1 each; where it gives
    none, they are left out. The output is σ(s), trained by binary cross-entropy on the pairs that happened
    against `negatives` others, drawn anew in every epoch from what the user has not.

    Parameters
    ----------
    dim, hidden, negatives, epochs, patience, batch_size, learning_rate, seed
        As in `TrainedOnPairs`.
    item_columns, user_columns
        The columns of the features to read as labels; by default those whose labels describe at least ten items
        (users) each on average, so neither titles nor texts. An empty list reads none.

    Attributes
    ----------
    weights_
        The arrays of every layer by its name.
    n_epochs_
        How many epochs the weights were trained.
    losses_
        The mean loss of an example in each epoch.
    validation_ndcg_
        NDCG@10 on the validation after each epoch; empty where there was nothing to validate on.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({"user": [0, 0, 1, 1, 2], "item": [7, 8, 7, 8, 9]})
    >>> data = tailrec.Interactions.from_frame(events)
    >>> model = tailrec.model("mlp", dim=4, hidden=[8], epochs=2).fit(data)
    >>> model.score(np.array([0, 1])).shape
    (2, 3)
    """

    item_columns: list[str] | None = None
    user_columns: list[str] | None = None

    def _contents(self, train: tailrec.Interactions) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        of_users, _ = multi_hot(train.user_features, self.user_columns, "user")
        of_items, _ = multi_hot(train.item_features, self.item_columns, "item")
        return of_users, of_items

    def _network(self, n_users: int, n_items: int, contents: tuple[Any, Any]) -> Any:
        from tailrec_keras.networks import build_mlp

        of_users, of_items = contents
        return build_mlp(
            n_users,
            n_items,
            dim=self.dim,
            hidden=self.hidden,
            user_content=of_users,
            item_content=of_items,
            seed=self.seed,
        )
