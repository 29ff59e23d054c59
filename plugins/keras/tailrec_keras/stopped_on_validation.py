"""What every model here shares: trained by epochs, and the weights kept that the validation likes best."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import pydantic

import tailrec

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec_keras.networks import Weights

    IntArray = NDArray[np.integer[Any]]

_K = 10
#: Ranking everybody after every epoch would take longer than the epoch.
_WATCHED = 300


class StoppedOnValidation(tailrec.ModelPlugin):
    """A network trained by epochs and stopped by the NDCG@10 of up to 300 of the validation's users.

    Parameters
    ----------
    epochs
        How many epochs to train at most.
    patience
        After how many epochs without a better NDCG@10 on the validation to stop.
    learning_rate
        Of Adam.
    seed
        Of everything that is drawn at random.
    """

    epochs: Annotated[int, pydantic.Field(ge=1)] = 20
    patience: Annotated[int, pydantic.Field(ge=1)] = 3
    learning_rate: Annotated[float, pydantic.Field(gt=0, allow_inf_nan=False)] = 0.003
    seed: Annotated[int, pydantic.Field(ge=0)] = 0

    def _keep_the_best(self, epochs: Iterator[Weights], validation: tailrec.Holdout | None) -> None:
        """Train until the validation is no longer served better; with nothing to validate on, all the epochs."""
        watched = self._watched(validation)
        self.validation_ndcg_: list[float] = []
        best: tuple[int, Weights] | None = None
        for number, learnt in enumerate(islice(epochs, self.epochs), start=1):
            self._take(number, learnt)
            if validation is None or watched is None:
                continue
            self.validation_ndcg_.append(_mean_ndcg(tailrec.rank(self, validation, _K, users=watched)))
            if best is None or self.validation_ndcg_[-1] > self.validation_ndcg_[best[0] - 1]:
                best = number, learnt
            elif number - best[0] >= self.patience:
                break
        if best is not None:
            self._take(*best)

    def _watched(self, validation: tailrec.Holdout | None) -> IntArray | None:
        if validation is None or not validation.targets.nnz:
            return None
        users = np.flatnonzero(np.diff(validation.targets.indptr))
        if len(users) <= _WATCHED:
            return users
        return np.sort(np.random.default_rng([self.seed, 2]).choice(users, _WATCHED, replace=False))

    def _take(self, number: int, weights: Weights) -> None:
        if not all(np.isfinite(array).all() for arrays in weights.values() for array in arrays):
            raise tailrec.InputError(
                f"{self.name}: training diverged in epoch {number}, the weights are no longer finite; "
                f"lower `learning_rate` ({self.learning_rate:g})"
            )
        self.n_epochs_, self.weights_ = number, weights

    def _fitted(self) -> Weights:
        if not hasattr(self, "weights_"):
            raise tailrec.InputError(f"{self.name}: expected a fitted model; call `fit` first")
        return self.weights_


def known_codes(name: str, codes: Any, n: int, what: str) -> IntArray:
    """Return codes as an array, having refused those that the model was not fitted on."""
    array = np.asarray(codes, dtype=np.int64)
    unknown = array[(array < 0) | (array >= n)]
    if len(unknown):
        raise tailrec.InputError(
            f"{name}: expected {what} codes from 0 to {n - 1}, those it was fitted on, received {unknown[0]}"
        )
    return array


def _mean_ndcg(ranking: tailrec.Ranking) -> float:
    """Return the mean over users of DCG@k by the best that their number of targets allows."""
    discounts = 1.0 / np.log2(np.arange(2, ranking.items.shape[1] + 2))
    ideal = np.cumsum(discounts)[np.minimum(ranking.n_targets, len(discounts)) - 1]
    return float(np.mean(ranking.hits @ discounts / ideal))
