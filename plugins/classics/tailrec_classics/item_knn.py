"""Item k-nearest neighbours: an item's score is its similarity to the history's items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

import numpy as np
import pydantic
from implicit.nearest_neighbours import ItemItemRecommender, bm25_weight, normalize, tfidf_weight
from scipy.sparse import csr_matrix

import tailrec
from tailrec_classics.histories import codes, history_matrix, pair_weights, require_fitted
from tailrec_classics.neighbours import shrunk_neighbours

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: A batch works on about this many numbers, scores and entries of neighbour lists together: few enough for the caches.
_CELLS = 1_000_000


class ItemKnn(tailrec.ModelPlugin):
    """Score items by their similarity to the history's: score(j) = Σ_{i in history} s(i, j), j among i's nearest.

    The scores go through the lists of the history's items, as in implicit and RecTools, not through those of the
    items that are scored; a list holds the item itself, as there. With ``cosine``, n_i the users of item i and n_ij
    those of both, s(i, j) = n_ij / (√(n_i n_j) + shrinkage).

    Weights count a user of an item w times; where they differ within a user, a pair of items gets √(w_ui w_uj).
    An empty history and an item that nobody has score zero.

    Parameters
    ----------
    k
        How many neighbours an item keeps, itself among them: implicit's ``K``; where a library leaves the item out
        of its list, its k + 1.
    similarity
        ``cosine``, or the cosine of ``tfidf`` weighted users, or the product of ``bm25`` weighted ones, with the
        weights as implicit makes them.
    shrinkage
        How much less pairs with few users count: with |i| the length of an item's vector, every similarity is
        multiplied by |i| |j| / (|i| |j| + shrinkage). Without, implicit finds the neighbours, in less time.
    k1, b
        The saturation and the length normalisation of ``bm25``.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({"user": [0, 0, 1, 1, 2], "item": ["tea", "jam", "tea", "rye", "tea"]})
    >>> data = tailrec.Interactions.from_frame(events)
    >>> model = ItemKnn(k=3, shrinkage=0.0).fit(data)
    >>> data.items.tolist(), model.score_histories([[0]]).astype(float).round(3).tolist()
    (['jam', 'rye', 'tea'], [[1.0, 0.0, 0.577]])
    """

    uses_weights: ClassVar = True
    folds_in: ClassVar = "exact"

    k: Annotated[int, pydantic.Field(ge=1)] = 200
    similarity: Literal["cosine", "tfidf", "bm25"] = "cosine"
    shrinkage: Annotated[float, pydantic.Field(ge=0, allow_inf_nan=False)] = 50.0
    k1: Annotated[float, pydantic.Field(gt=0, allow_inf_nan=False)] = 1.2
    b: Annotated[float, pydantic.Field(ge=0, le=1)] = 0.75

    def fit(
        self,
        train: tailrec.Interactions,
        *,
        weights: NDArray[Any] | None = None,
        validation: tailrec.Holdout | None = None,
    ) -> Self:
        """Find every item's nearest neighbours; without shrinkage with as many threads as OpenMP is given."""
        self.histories_ = train.matrix()
        pairs = self.histories_ if weights is None else pair_weights(train, weights)
        vectors, k = self._vectors(pairs.astype(np.float64)), min(self.k, train.n_items)
        if self.shrinkage:
            found = shrunk_neighbours(vectors, k, self.shrinkage, normalised=self.similarity != "bm25")
        else:
            knn = ItemItemRecommender(K=k)
            knn.fit(self._of_length_one(vectors), show_progress=False)
            found = knn.similarity
        self.similarity_ = csr_matrix((found.data.astype(np.float32), found.indices, found.indptr), shape=found.shape)
        self.similarity_.eliminate_zeros()
        return self

    def score(self, users: NDArray[Any]) -> NDArray[np.float32]:
        """Return (len(users), n_items) the summed similarities to their training histories."""
        return self._scores(self._histories_of(users))

    def score_histories(self, histories: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        """Return (len(histories), n_items) the summed similarities to the items of each history."""
        require_fitted(self)
        return self._scores(history_matrix(histories, self.histories_.shape[1]))

    def recommend(self, users: NDArray[Any], k: int, exclude: csr_matrix | None) -> NDArray[np.integer[Any]]:
        """Return (len(users), k) the best items, as `score` ranks them, with few scores in memory at a time."""
        histories = self._histories_of(users)
        exclude = csr_matrix(histories.shape) if exclude is None else exclude.tocsr()
        if exclude.shape != histories.shape:
            raise tailrec.InputError(f"expected `exclude` of the shape {histories.shape}, received {exclude.shape}")
        batches = self._batches(histories)
        return np.concatenate([tailrec.top_k(self._summed(histories[rows]), k, exclude[rows]) for rows in batches])

    def _histories_of(self, users: NDArray[Any]) -> csr_matrix:
        require_fitted(self)
        return self.histories_[codes(users, self.histories_.shape[0], "user")]

    def _scores(self, histories: csr_matrix) -> NDArray[np.float32]:
        scores = np.empty(histories.shape, dtype=np.float32)
        for rows in self._batches(histories):
            self._summed(histories[rows], scores[rows])
        return scores

    def _summed(self, histories: csr_matrix, out: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """Return the neighbour lists of each history's items, summed up; every item counts once."""
        lists = self.similarity_[histories.indices]
        # An item in several lists of one history is in the row as often, and `toarray` adds it up: the product
        # histories @ similarity, in the same order, in a third of the time.
        rows = csr_matrix((lists.data, lists.indices, lists.indptr[histories.indptr]), shape=histories.shape)
        return rows.toarray(out=out)

    def _batches(self, histories: csr_matrix) -> Iterator[slice]:
        """Yield rows that take at most `_CELLS` numbers to score, beyond those of their first."""
        entries = histories @ np.diff(self.similarity_.indptr).astype(np.float64)
        full = np.cumsum(entries + histories.shape[1]) // _CELLS
        bounds = [0, *(np.flatnonzero(np.diff(full)) + 1), histories.shape[0]]
        yield from (slice(start, stop) for start, stop in pairwise(bounds))

    def _vectors(self, pairs: csr_matrix) -> csr_matrix:
        """Return users × items, a column the vector of an item, whose products are similarities."""
        pairs.eliminate_zeros()
        if not pairs.nnz:
            return pairs
        if self.similarity == "cosine":
            return pairs.sqrt()
        weigh = tfidf_weight if self.similarity == "tfidf" else partial(bm25_weight, K1=self.k1, B=self.b)
        items = weigh(pairs.T)
        # The weight of a user may be log 1: an item with no other users would have no length to divide by.
        items.eliminate_zeros()
        return items.T.tocsr()

    def _of_length_one(self, vectors: csr_matrix) -> csr_matrix:
        return vectors if self.similarity == "bm25" or not vectors.nnz else normalize(vectors.T).T.tocsr()
