"""The three contracts that a plugin fulfils: `DataPlugin`, `ModelPlugin`, `MetricPlugin`."""

from __future__ import annotations

import pickle
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import numpy as np

from tailrec.errors import InputError
from tailrec.parameters import Parameters

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from tailrec.interactions import FloatArray, IntArray, Interactions
    from tailrec.ranking import Ranking
    from tailrec.splitting import Holdout

#: What a plugin states that it was written for; it grows when the contracts change.
API_VERSION = 1
#: The oldest version that is still served; how long, docs/plugins.md says.
OLDEST_API_VERSION = 1


class DataPlugin(Parameters, ABC):
    """A source of interactions."""

    api_version: ClassVar[int] = API_VERSION

    @abstractmethod
    def load(self) -> Interactions:
        """Return the interactions."""


class ModelPlugin(Parameters, ABC):
    """A recommender.

    A parameter named ``seed`` says that the model draws random numbers: a comparison over several seeds sets
    it, and fits a model without one only once. What `fit` learns is kept in attributes that end in an
    underscore.
    """

    api_version: ClassVar[int] = API_VERSION
    #: Whether `fit` makes use of `weights`.
    uses_weights: ClassVar[bool] = False
    #: Whether `score_histories` serves people the model never saw, and how near it comes to `score`.
    folds_in: ClassVar[Literal["exact", "approximate"] | None] = None
    #: What the data must carry (`Interactions.has`), and ``validation`` where there must be something to choose on.
    requires: ClassVar[frozenset[str]] = frozenset()
    #: What `tune` tries where it is not told, by parameter: ``{"l2": "10..10000:log", "dim": [16, 32]}``.
    search: ClassVar[Mapping[str, Any]] = {}

    @abstractmethod
    def fit(self, train: Interactions, *, weights: FloatArray | None = None, validation: Holdout | None = None) -> Self:
        """Learn from `train` and return the model itself.

        Parameters
        ----------
        train
            The events to learn from.
        weights
            (n_events,) one a row of ``train.frame``, mean one; given only to a model that declares
            `uses_weights`.
        validation
            What the model may choose on (early stopping, blending); never the test.
        """

    @abstractmethod
    def score(self, users: IntArray) -> FloatArray:
        """Return (len(users), n_items) scores of every item; higher is better, and every one is finite."""

    def score_histories(self, histories: Sequence[IntArray]) -> FloatArray:
        """Return (len(histories), n_items) scores for people known only by their items, oldest first."""
        raise InputError(f"{type(self).__name__} cannot score people that it was not fitted on (`folds_in` is None)")

    def recommend(self, users: IntArray, k: int, exclude: csr_matrix) -> IntArray:
        """Return (len(users), k) the best items, best first, -1 where there are fewer.

        A model overrides this where it can do better than to score everything; ties go to the item that
        comes first.

        Parameters
        ----------
        exclude
            (len(users), n_items) what must not be recommended to each of them.
        """
        from tailrec.ranking import top_k

        return top_k(self.score(users), k, exclude)

    def save(self, folder: str | Path) -> None:
        """Write the fitted model into a folder, which is made."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "model.pickle").write_bytes(pickle.dumps(self))

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Read a model that `save` wrote. Read only folders that you trust: a pickle can run code."""
        path = Path(folder) / "model.pickle"
        if not path.is_file():
            raise InputError(f"expected a saved model in {str(folder)!r}, found no {path.name} there")
        try:
            model = pickle.loads(path.read_bytes())
        except Exception as error:
            raise InputError(f"{path}: the saved model cannot be read: {type(error).__name__}: {error}") from error
        if not isinstance(model, cls):
            raise InputError(f"expected a saved {cls.__name__} in {str(folder)!r}, found a {type(model).__name__}")
        return model


class MetricPlugin(Parameters, ABC):
    """A number for each user that says how well a ranking serves them."""

    api_version: ClassVar[int] = API_VERSION
    higher_is_better: ClassVar[bool] = True
    #: Whether it reads `Ranking.target_ranks`, the rank of every target among all items.
    needs_target_ranks: ClassVar[bool] = False

    @abstractmethod
    def per_user(self, ranking: Ranking) -> FloatArray:
        """Return (n_users,) one value a user, NaN where it is undefined."""


class CatalogueMetric(MetricPlugin):
    """One number for a group of users, such as the share of the catalogue that they are shown.

    It depends on how many users there are, so it is compared on equally large random groups only.
    """

    @abstractmethod
    def over_users(self, ranking: Ranking) -> float:
        """Return the value for all users of the ranking together."""

    def per_user(self, ranking: Ranking) -> FloatArray:
        """Return NaN for every user: the value belongs to the group."""
        return np.full(len(ranking.items), np.nan)


def is_fitted(model: Any) -> bool:
    """Tell whether `fit` has left its attributes, those that end in an underscore."""
    return any(name.endswith("_") and not name.startswith("_") for name in vars(model))


def depth_of(metric: MetricPlugin) -> int:
    """Return how long a list the metric looks at: its parameter ``k``, or 10 where it has none."""
    k = getattr(metric, "k", 10)
    return k if isinstance(k, int) and k > 0 else 10
