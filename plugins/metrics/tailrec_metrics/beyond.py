"""What a ranking does besides meeting the targets: whom it shows what, how new, how varied."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from scipy.sparse import csr_matrix

from tailrec import CatalogueMetric, InputError, MetricPlugin
from tailrec_metrics.depth import Depth, depth
from tailrec_metrics.item_labels import multi_hot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec import Interactions, Ranking


class Coverage(CatalogueMetric):
    r"""The share of the catalogue that is on at least one user's list.

    .. math:: \mathrm{coverage@}k = \Big|\bigcup_u L_{u,k}\Big| \,/\, |I|

    with I all items of the data, those that nobody could be shown among them; 0 to 1. Ge, Delgado-Battenfeld and
    Jannach, RecSys 2010. It grows with the number of users. NaN for no users.

    Examples
    --------
    >>> from tailrec_metrics.worked_example import four_users
    >>> round(Coverage(k=3).over_users(four_users()), 3)
    0.833
    """

    worked_values: ClassVar = {"k=3": [0.833]}

    k: Depth = 10

    def over_users(self, ranking: Ranking) -> float:
        """Return the share of the catalogue that these users are shown."""
        if not len(ranking.items):
            return np.nan
        return float(np.mean(_exposure(ranking, depth(self, self.k, ranking)) > 0))


class Gini(CatalogueMetric):
    r"""How unequally the items are shown: 0 where all are equally often, towards 1 where a few take everything.

    .. math:: G = \frac{\sum_{j=1}^{n} (2j - n - 1)\, x_{(j)}}{n \sum_j x_j}

    with :math:`x_{(1)} \le \dots \le x_{(n)}` the number of lists that each of the n items of the data is on, those on
    none among them; 0 to 1 - 1/n, lower is better. Twice the area between the Lorenz curve and the diagonal: Gini,
    1912; of recommendations, Fleder and Hosanagar, Management Science 55(5), 2009. (Shani and Gunawardana, 2011,
    divide by n - 1 instead of n.) NaN where nothing is shown.

    Examples
    --------
    >>> from tailrec_metrics.worked_example import four_users
    >>> round(Gini(k=3).over_users(four_users()), 3)
    0.318
    """

    worked_values: ClassVar = {"k=3": [0.318]}

    higher_is_better: ClassVar[bool] = False

    k: Depth = 10

    def over_users(self, ranking: Ranking) -> float:
        """Return the Gini coefficient of how often these users are shown each item."""
        shown = np.sort(_exposure(ranking, depth(self, self.k, ranking)))
        n, total = len(shown), shown.sum()
        return float((2 * np.arange(1, n + 1) - n - 1) @ shown / (n * total)) if total else np.nan


class Novelty(MetricPlugin):
    r"""The mean self-information of the listed items, in bits: rarely chosen items are news.

    .. math:: \mathrm{novelty@}k = \frac{1}{|L_k|} \sum_{i \in L_k} -\log_2 \frac{n_i}{n}

    with :math:`n_i` the training users of the item and n those of any item; 0 to :math:`\log_2 n`. Zhou et al., PNAS
    107(10), 2010. An item that nobody chose counts as chosen by one: its information would be infinite. NaN for an
    empty list.

    Examples
    --------
    >>> from tailrec_metrics.worked_example import four_users
    >>> Novelty(k=3).per_user(four_users()).round(3)
    array([1.333, 1.667, 2.   , 2.   ])
    """

    worked_values: ClassVar = {"k=3": [1.333, 1.667, 2.0, 2.0]}

    k: Depth = 10

    def per_user(self, ranking: Ranking) -> NDArray[np.float64]:
        """Return (n_users,) the mean self-information of each list."""
        train = _train_of(self, ranking)
        n_users = max(1, np.count_nonzero(train.history_lengths()))
        bits = np.log2(n_users / np.maximum(train.item_counts(), 1))
        items = ranking.items[:, : depth(self, self.k, ranking)]
        listed = items >= 0
        length = np.count_nonzero(listed, axis=1)
        total = np.where(listed, bits[items], 0.0).sum(axis=1)
        return np.divide(total, length, out=np.full(len(items), np.nan), where=length > 0)


class Diversity(MetricPlugin):
    r"""How little the items of a list have in common, by their genres or categories.

    .. math:: \mathrm{diversity@}k = \frac{2}{m (m - 1)} \sum_{i < j \in L_k} \big(1 - \cos(f_i, f_j)\big)

    with :math:`f_i` the 0/1 vector of the item's labels and m the number of listed items that have any (an item
    about which nothing is known is like nothing and unlike nothing); 0 to 1, NaN for less than two such items.
    Smyth and McClave, ICCBR 2001.

    Parameters
    ----------
    k
        How many positions count.
    column
        The column of the item features with the labels: text with ``|`` between them, a list, or one value. By
        default the first of ``genres``, ``categories``, ``category`` that there is.

    Raises
    ------
    InputError
        Where the data has no such column, or no item has a label in it.

    Examples
    --------
    >>> from tailrec_metrics.worked_example import four_users
    >>> Diversity(k=3).per_user(four_users()).round(3)
    array([0.529, 0.293,   nan, 0.   ])
    """

    worked_values: ClassVar = {"k=3": [0.529, 0.293, np.nan, 0.0]}

    k: Depth = 10
    column: str | None = None

    def per_user(self, ranking: Ranking) -> NDArray[np.float64]:
        """Return (n_users,) the mean dissimilarity of the pairs of items on each list."""
        labels = multi_hot(_train_of(self, ranking), self.column, self.name or type(self).__name__)
        n_labels = np.diff(labels.indptr)
        values = 1 / np.sqrt(np.repeat(n_labels, n_labels))
        unit = csr_matrix((values, labels.indices, labels.indptr), shape=labels.shape)
        items = ranking.items[:, : depth(self, self.k, ranking)]
        counted = (items >= 0) & (n_labels[items] > 0)
        rows, _ = np.nonzero(counted)
        lists = csr_matrix((np.ones(len(rows)), (rows, items[counted])), shape=(len(items), labels.shape[0]))
        # The cosines of all pairs at once: |sum of unit vectors|² = m + 2 × their sum.
        total = (lists @ unit).power(2).sum(axis=1)
        m = np.count_nonzero(counted, axis=1)
        ordered_pairs = m * (m - 1)
        cosine = np.divide(np.ravel(total) - m, ordered_pairs, out=np.full(len(m), np.nan), where=ordered_pairs > 0)
        return np.clip(1 - cosine, 0.0, 1.0)


def _exposure(ranking: Ranking, k: int) -> NDArray[np.int64]:
    """Return (n_items,) the number of lists that each item is on."""
    items = ranking.items[:, :k]
    return np.bincount(items[items >= 0], minlength=ranking.targets.shape[1])


def _train_of(metric: MetricPlugin, ranking: Ranking) -> Interactions:
    if ranking.train is None:
        raise InputError(
            f"{metric.name or type(metric).__name__}: expected a ranking that carries the train, received one without; "
            "give `train` to the holdout that is ranked"
        )
    return ranking.train
