"""How well a list meets its user's targets; a user without a target has no value.

A target counts once or not at all (binary gain), and a position beyond the end of a short list counts as a miss.
`worked_values` are those of the four users of the examples, for `tailrec.check`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from tailrec import InputError, MetricPlugin
from tailrec_metrics.depth import Depth, depth

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec import Ranking


class Ndcg(MetricPlugin):
    r"""Normalised discounted cumulative gain: hits count less the further down they stand.

    .. math:: \mathrm{NDCG@}k = \frac{\sum_{r=1}^{k} \mathrm{hit}_r / \log_2(r + 1)}
                                     {\sum_{r=1}^{\min(k, |T|)} 1 / \log_2(r + 1)}

    with T the user's targets; 0 to 1. Järvelin and Kekäläinen, TOIS 20(4), 2002, with the discount of Burges
    et al., ICML 2005. The first position is not discounted, the second is divided by 1.585.

    Examples
    --------
    >>> from tailrec_metrics.worked_example import four_users
    >>> Ndcg(k=3).per_user(four_users()).round(3)
    array([0.92 , 0.   , 0.631,   nan])
    """

    worked_values: ClassVar = {"k=3": [0.92, 0.0, 0.631, np.nan]}

    k: Depth = 10

    def per_user(self, ranking: Ranking) -> NDArray[np.float64]:
        """Return (n_users,) the NDCG of each list."""
        k = depth(self, self.k, ranking)
        discounts = 1 / np.log2(np.arange(2, k + 2))
        ideal = np.concatenate([[np.nan], np.cumsum(discounts)])
        # Summed from the best position down, as the ideal is: a perfect list is then 1 to the last bit.
        rows, positions = np.nonzero(ranking.hits[:, :k])
        gained = np.bincount(rows, weights=discounts[positions], minlength=len(ranking.items))
        return gained / ideal[np.minimum(ranking.n_targets, k)]


class Recall(MetricPlugin):
    r"""The share of the user's targets that the list holds.

    .. math:: \mathrm{recall@}k = |L_k \cap T| \,/\, |T|

    with T the targets and :math:`L_k` the list; 0 to 1. Manning, Raghavan and Schütze, Introduction to
    Information Retrieval, 2008, section 8.3. A user with more targets than k cannot reach 1;
    ``denominator="min"`` divides by min(k, \|T\|) instead (Liang et al., WWW 2018, section 4.2). The two rank
    models differently, so say which.

    Examples
    --------
    >>> from tailrec_metrics.worked_example import four_users
    >>> Recall(k=1).per_user(four_users())
    array([0.5, 0. , 0. , nan])
    >>> Recall(k=1, denominator="min").per_user(four_users())
    array([ 1.,  0.,  0., nan])
    """

    worked_values: ClassVar = {"k=1": [0.5, 0.0, 0.0, np.nan], "k=1,denominator=min": [1.0, 0.0, 0.0, np.nan]}

    k: Depth = 10
    denominator: Literal["targets", "min"] = "targets"

    def per_user(self, ranking: Ranking) -> NDArray[np.float64]:
        """Return (n_users,) the recall of each list."""
        k = depth(self, self.k, ranking)
        found = np.count_nonzero(ranking.hits[:, :k], axis=1)
        possible = ranking.n_targets if self.denominator == "targets" else np.minimum(ranking.n_targets, k)
        return _where_asked(ranking, found / np.maximum(possible, 1))


class Precision(MetricPlugin):
    r"""The share of the k positions that hold a target.

    .. math:: \mathrm{precision@}k = |L_k \cap T| \,/\, k

    0 to 1. It divides by k also where the list is shorter: what is missing counts as a miss, as in trec_eval's
    ``P``. Manning, Raghavan and Schütze, Introduction to Information Retrieval, 2008, section 8.4.

    Examples
    --------
    >>> from tailrec_metrics.worked_example import four_users
    >>> Precision(k=3).per_user(four_users()).round(3)
    array([0.667, 0.   , 0.333,   nan])
    """

    worked_values: ClassVar = {"k=3": [0.667, 0.0, 0.333, np.nan]}

    k: Depth = 10

    def per_user(self, ranking: Ranking) -> NDArray[np.float64]:
        """Return (n_users,) the precision of each list."""
        found = np.count_nonzero(ranking.hits[:, : depth(self, self.k, ranking)], axis=1)
        return _where_asked(ranking, found / self.k)


class HitRate(MetricPlugin):
    """1 where at least one target is on the list, else 0; its mean over users is the hit rate.

    Deshpande and Karypis, TOIS 22(1), 2004, where every user has one target.

    Examples
    --------
    >>> from tailrec_metrics.worked_example import four_users
    >>> HitRate(k=3).per_user(four_users())
    array([ 1.,  0.,  1., nan])
    """

    worked_values: ClassVar = {"k=3": [1.0, 0.0, 1.0, np.nan]}

    k: Depth = 10

    def per_user(self, ranking: Ranking) -> NDArray[np.float64]:
        """Return (n_users,) 1 or 0 for each list."""
        return _where_asked(ranking, ranking.hits[:, : depth(self, self.k, ranking)].any(axis=1))


class Mrr(MetricPlugin):
    """Reciprocal rank: one over the rank of the best target; its mean over users is the MRR.

    0 where no target is among the first k. With ``k=None`` the rank counts among all candidates, so that it is
    never 0; that needs the rank of every target. Voorhees, TREC-8 Question Answering Track Report, 1999.

    Examples
    --------
    >>> from tailrec_metrics.worked_example import four_users
    >>> Mrr(k=3).per_user(four_users())
    array([1. , 0. , 0.5, nan])
    >>> Mrr(k=None).per_user(four_users())
    array([1.  , 0.25, 0.5 ,  nan])
    """

    worked_values: ClassVar = {"k=3": [1.0, 0.0, 0.5, np.nan], "k=none": [1.0, 0.25, 0.5, np.nan]}

    k: Depth | None = 10

    @property
    def needs_target_ranks(self) -> bool:  # type: ignore[override]
        """Whether it is uncut."""
        return self.k is None

    def per_user(self, ranking: Ranking) -> NDArray[np.float64]:
        """Return (n_users,) the reciprocal rank of each user's best target."""
        if self.k is None:
            rows, ranks = _ranks_of_targets(self, ranking)
            best = np.full(len(ranking.items), np.inf)
            np.minimum.at(best, rows, ranks)
            return _where_asked(ranking, 1 / best)
        # A column of True after the last position makes every row have a first one.
        hits = ranking.hits[:, : depth(self, self.k, ranking)]
        first = np.argmax(np.pad(hits, ((0, 0), (0, 1)), constant_values=True), axis=1)
        return _where_asked(ranking, np.where(first < hits.shape[1], 1 / (first + 1), 0.0))


class Map(MetricPlugin):
    r"""Average precision: the mean of the precisions at the positions of the hits; its mean over users is the MAP.

    .. math:: \mathrm{AP@}k = \frac{1}{\min(k, |T|)} \sum_{r=1}^{k} \mathrm{hit}_r \cdot \mathrm{precision@}r

    0 to 1. It divides by min(k, \|T\|), so that a list of nothing but targets gets 1, as in McFee et al., The
    Million Song Dataset Challenge, AdMIRe 2012. (trec_eval's ``map_cut`` divides by \|T\|.) With k at least
    the size of the catalogue it is the average precision of Manning, Raghavan and Schütze, 2008, section 8.4.

    Examples
    --------
    >>> from tailrec_metrics.worked_example import four_users
    >>> Map(k=3).per_user(four_users()).round(3)
    array([0.833, 0.   , 0.5  ,   nan])
    """

    worked_values: ClassVar = {"k=3": [0.833, 0.0, 0.5, np.nan]}

    k: Depth = 10

    def per_user(self, ranking: Ranking) -> NDArray[np.float64]:
        """Return (n_users,) the average precision of each list."""
        k = depth(self, self.k, ranking)
        hits = ranking.hits[:, :k]
        precisions = np.cumsum(hits, axis=1) / np.arange(1, hits.shape[1] + 1)
        possible = np.minimum(ranking.n_targets, k)
        return _where_asked(ranking, np.where(hits, precisions, 0.0).sum(axis=1) / np.maximum(possible, 1))


class Auc(MetricPlugin):
    r"""The share of the pairs of a target and another candidate in which the target stands higher.

    .. math:: \mathrm{AUC} = \frac{\sum_{t \in T} (N - \mathrm{rank}_t) - |T|(|T| - 1)/2}{|T| \, (N - |T|)}

    with N the number of candidates; 0 to 1, 0.5 by chance. NaN also where every candidate is a target. Hanley
    and McNeil, Radiology 143(1), 1982, who count a tie as half a pair; per user as in Rendle et al., UAI 2009,
    section 4.1.1. Here the ranks have settled every tie already, for the item that comes first, as in the lists.

    Examples
    --------
    >>> from tailrec_metrics.worked_example import four_users
    >>> Auc().per_user(four_users()).round(3)
    array([0.833, 0.   , 0.   ,   nan])
    """

    worked_values: ClassVar = {"": [0.833, 0.0, 0.0, np.nan]}

    needs_target_ranks: ClassVar[bool] = True

    def per_user(self, ranking: Ranking) -> NDArray[np.float64]:
        """Return (n_users,) the area under the ROC curve of each user's candidates."""
        rows, ranks = _ranks_of_targets(self, ranking)
        n_targets = ranking.n_targets.astype(np.int64)
        below = np.bincount(rows, weights=ranking.n_candidates[rows] - ranks, minlength=len(n_targets))
        pairs = n_targets * (ranking.n_candidates - n_targets)
        won = below - n_targets * (n_targets - 1) / 2
        return np.divide(won, pairs, out=np.full(len(pairs), np.nan), where=pairs > 0)


def _where_asked(ranking: Ranking, values: NDArray[Any]) -> NDArray[np.float64]:
    return np.where(ranking.n_targets > 0, values, np.nan)


def _ranks_of_targets(metric: MetricPlugin, ranking: Ranking) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return for every target the row of its user and its rank."""
    if ranking.target_ranks is None:
        raise InputError(
            f"{metric.name or type(metric).__name__}: expected a ranking with the rank of every target, received one "
            "without; rank with `target_ranks=True`"
        )
    rows = np.repeat(np.arange(len(ranking.items)), ranking.n_targets)
    return rows, np.concatenate([np.empty(0, dtype=np.int64), *ranking.target_ranks])
