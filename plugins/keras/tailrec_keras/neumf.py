"""`neumf`: neural matrix factorisation, a product of embeddings beside a multi-layer perceptron."""

from __future__ import annotations

from typing import Annotated, Any

import pydantic

from tailrec_keras.trained_on_pairs import TrainedOnPairs


class NeuMf(TrainedOnPairs):
    r"""Score by the log-odds of NeuMF: w · [p_u ⊙ q_i, h_L(u, i)] + b.

    He et al., "Neural collaborative filtering", WWW 2017: a generalised matrix factorisation (GMF) and a tower (MLP)
    with embeddings of its own, joined before the last layer, trained by binary cross-entropy on the pairs that happened
    against `negatives` others. Without the pre-training of the paper, and with no features but the codes.

    Parameters
    ----------
    dim
        Length of the embeddings of the product.
    hidden
        Widths of the tower's layers; its embeddings are half as long as the first is wide.
    negatives, epochs, patience, batch_size, learning_rate, seed
        As in `TrainedOnPairs`.

    Attributes
    ----------
    weights_, n_epochs_, losses_, validation_ndcg_
        As in `Mlp`.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> import tailrec
    >>> events = pd.DataFrame({"user": [0, 0, 1, 1, 2], "item": [7, 8, 7, 8, 9]})
    >>> data = tailrec.Interactions.from_frame(events)
    >>> tailrec.model("neumf", dim=2, hidden=[4], epochs=2).fit(data).score(np.array([0, 1])).shape
    (2, 3)
    """

    hidden: Annotated[list[Annotated[int, pydantic.Field(ge=1)]], pydantic.Field(min_length=1)] = [64, 32, 16]

    def _network(self, n_users: int, n_items: int, contents: tuple[Any, Any]) -> Any:
        from tailrec_keras.networks import build_neumf

        return build_neumf(n_users, n_items, dim=self.dim, hidden=self.hidden, seed=self.seed)
