"""Small models that were tried for the open goal and went no further: each is a formula of a few lines."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pandas as pd
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize
from scipy.sparse import diags_array, vstack

import tailrec

WEEK = 7 * 24 * 3600


class Attempt(tailrec.ModelPlugin):
    """A model by its `prepare` and by `of_rows`, the scores of some rows of the train's matrix."""

    folds_in: ClassVar = None

    def fit(self, train: tailrec.Interactions, *, weights: Any = None, validation: Any = None) -> Attempt:
        self.train_, self.X_ = train, train.matrix().astype(np.float64)
        self.lengths_ = self.X_.getnnz(axis=1)
        self.counts_ = np.asarray(self.X_.sum(axis=0)).ravel()
        self.log_ = np.log1p(self.counts_)
        self.prepare(train)
        return self

    def prepare(self, train: tailrec.Interactions) -> None: ...

    def score(self, users: Any) -> Any:
        return self.of_rows(self.X_[users], np.asarray(users))

    def of_rows(self, rows: Any, users: Any) -> Any:
        return np.tile(self.list_, (len(users), 1))


class RecentPopularity(Attempt):
    """Every pair of household and product counts 2^(-age / half_life), by its last event; or new pairs since a week."""

    half_life: float = 4.0
    first_since: int = 0

    def prepare(self, train: tailrec.Interactions) -> None:
        times = train.frame.groupby(["user", "item"])["timestamp"]
        kept = times.max() if not self.first_since else times.min()
        start, end = train.frame["timestamp"].min(), train.frame["timestamp"].max()
        value = 2.0 ** -((end - kept) / WEEK / self.half_life)
        value = value.where(kept >= start + self.first_since * WEEK, 0.0)
        items = kept.index.get_level_values("item")
        self.list_ = np.bincount(items, value, minlength=train.n_items)


class PopularityAmongShort(Attempt):
    """What households with short histories have, mixed with what all have."""

    longest: int = 20
    of_all: float = 0.0

    def prepare(self, train: tailrec.Interactions) -> None:
        among = np.asarray(self.X_[self.lengths_ <= self.longest].sum(axis=0)).ravel()
        self.list_ = among / among.sum() + self.of_all * self.counts_ / self.counts_.sum()


class CellPopularity(Attempt):
    """Popularity in the household's cell, of demographic columns or of the number of trips, shrunk to everybody's."""

    columns: list[str] = ["income"]  # noqa: RUF012
    trips: bool = False
    prior: float = 200.0

    def prepare(self, train: tailrec.Interactions) -> None:
        if self.trips:
            days = (train.frame["timestamp"] // (24 * 3600)).groupby(train.frame["user"]).nunique()
            cells = days.reindex(range(train.n_users), fill_value=0).clip(upper=12)
        else:
            cells = train.user_features[self.columns].astype(object).fillna("").astype(str).agg("|".join, axis=1)
        self.cells_ = pd.factorize(cells)[0]
        overall = self.counts_ / np.count_nonzero(self.lengths_)
        self.lists_ = np.stack(
            [
                (self.X_[own].sum(axis=0) + self.prior * overall) / (np.count_nonzero(self.lengths_[own]) + self.prior)
                for own in (self.cells_ == cell for cell in range(self.cells_.max() + 1))
            ]
        ).reshape(self.cells_.max() + 1, -1)

    def of_rows(self, rows: Any, users: Any) -> Any:
        return self.lists_[self.cells_[users]]


class Plus(Attempt):
    """ln(1 + popularity) + share × another model's scores, standardised per household."""

    other: str = "ease"
    share: float = 0.1

    def prepare(self, train: tailrec.Interactions) -> None:
        self.model_ = tailrec.model(self.other).fit(train)

    def of_rows(self, rows: Any, users: Any) -> Any:
        scores = np.ma.masked_array(self.model_.score(users).astype(np.float64), rows.toarray() > 0)
        z = (scores - scores.mean(axis=1, keepdims=True)) / scores.std(axis=1, keepdims=True)
        return self.log_ + self.share * z.filled(0.0)


class Conditional(Attempt):
    """P(j | i) = (n_ij + c p_j) / (n_i + c), a household counting n^-power: its mean over the history, or its log lift.

    With `lift`: ln(1 + n_j) + strength × Σ ln(P(j | i) / p_j) / n^scale over the n items of the history.
    """

    c: float = 20.0
    power: float = 0.0
    lift: bool = False
    strength: float = 1.0
    scale: float = 1.0

    def prepare(self, train: tailrec.Interactions) -> None:
        weight = np.where(self.lengths_ > 0, np.maximum(self.lengths_, 1.0) ** -self.power, 0.0)
        together = (self.X_.T @ diags_array(weight) @ self.X_).toarray()
        n, c = together.diagonal(), self.c * weight[self.lengths_ > 0].mean()
        self.p_ = n / weight.sum()
        self.given_ = (together + c * self.p_) / (n[:, None] + c)

    def of_rows(self, rows: Any, users: Any) -> Any:
        n = np.maximum(np.diff(rows.indptr), 1.0)[:, None]
        if not self.lift:
            return rows @ self.given_ / n
        lift = np.log(self.given_ + 1e-9) - np.log(self.p_ + 1e-9)
        return self.log_ + self.strength * (rows @ lift) / n**self.scale


class FewItems(Attempt):
    """A ridge regression of the rest of a history on 1 to 5 random items of it and their categories, in closed form.

    With m of n items drawn, an item is drawn with probability m / n, two with m (m - 1) / n (n - 1), and one and not
    another with m (n - m) / n (n - 1): so the expected Gram matrices are counts of pairs, weighed by household.
    """

    columns: list[str] = []  # noqa: RUF012
    l2: float = 0.03
    longest: int = 5
    strength: float = 1.0

    def prepare(self, train: tailrec.Interactions) -> None:
        X = self.X_[self.lengths_ > 1]
        n = np.diff(X.indptr).astype(float)
        drawn = [np.minimum(m, n - 1) for m in range(1, self.longest + 1)]
        alone, both, rest, mean, other = (
            sum(part(m) for m in drawn) / len(drawn) / len(n)
            for part in (
                lambda m: 1 / (n * m),
                lambda m: (m - 1) / (n * (n - 1) * m),
                lambda m: (n - m) / (n * (n - 1)),
                lambda m: 1 / n,
                lambda m: (n - m) / n,
            )
        )
        gram, cross = ((X.T @ diags_array(w) @ X).toarray() for w in (both, rest))
        np.fill_diagonal(gram, X.T @ alone)
        np.fill_diagonal(cross, 0.0)
        features = [diags_array(np.ones(train.n_items)).tocsr()]
        for column in self.columns:
            codes = pd.factorize(train.item_features[column].astype(object).fillna(""))[0]
            features.append(np.eye(codes.max() + 1)[:, codes])
        self.features_ = vstack(
            [f if hasattr(f, "tocsr") else diags_array(np.ones(len(f))) @ f for f in features]
        ).tocsr()
        self.mean_, self.target_ = self.features_ @ (X.T @ mean), X.T @ other
        A = self.features_ @ (self.features_ @ gram).T - np.outer(self.mean_, self.mean_)
        b = self.features_ @ cross - np.outer(self.mean_, self.target_)
        self.b_ = cho_solve(cho_factor(A + self.l2 * np.eye(len(A))), b)

    def of_rows(self, rows: Any, users: Any) -> Any:
        n = np.maximum(np.diff(rows.indptr), 1.0)[:, None]
        expected = self.target_ + (rows @ self.features_.T / n - self.mean_) @ self.b_
        lift = np.log(np.maximum(expected, 0.2 * self.target_) + 1e-9) - np.log(self.target_ + 1e-9)
        return self.log_ + self.strength * lift


class Stacked(Attempt):
    """Softmax regression on the validation: members' standardised scores, with weights that bend with ln(length).

    The loss is the mean over households of the cross-entropy of their targets among the 200 most popular products that
    they do not have; `l2` pulls the weights to those of popularity alone.
    """

    members: list[str] = ["ease"]  # noqa: RUF012
    l2: float = 0.01
    knots: list[float] = [3.0, 12.0, 45.0]  # noqa: RUF012

    def fit(self, train: tailrec.Interactions, *, weights: Any = None, validation: Any = None) -> Stacked:
        super().fit(train)
        self.members_ = [Plus(other=member, share=1.0).fit(train) for member in self.members]
        users = np.flatnonzero((validation.targets.getnnz(axis=1) > 0) & (self.lengths_ > 0))
        features, rows = self._features(users), np.arange(len(users))[:, None]
        free = np.where(validation.masked[users].toarray() > 0, -np.inf, self.log_)
        candidates = np.argpartition(-free, 200, axis=1)[:, :200]
        X, Y = features[rows, candidates], validation.targets[users].toarray()[rows, candidates]
        X, Y = X[Y.any(axis=1)], Y[Y.any(axis=1)]
        Y = Y / Y.sum(axis=1, keepdims=True)
        start = np.zeros(X.shape[2])
        start[: len(self.knots)] = 1.0

        def loss(w: Any) -> Any:
            scores = X @ w
            log_sum = np.logaddexp.reduce(scores, axis=1, keepdims=True)
            gradient = ((np.exp(scores - log_sum) - Y)[:, :, None] * X).sum(axis=(0, 1)) / len(X)
            value = (Y * (log_sum - scores)).sum() / len(X)
            return value + self.l2 / 2 * ((w - start) ** 2).sum(), gradient + self.l2 * (w - start)

        self.weights_ = minimize(loss, start, jac=True, method="L-BFGS-B").x
        return self

    def _features(self, users: Any) -> Any:
        each = [np.tile(self.log_, (len(users), 1)), *(m.score(users) - m.log_ for m in self.members_)]
        lengths = np.log(np.maximum(self.lengths_[users], 1))
        gate = np.stack([np.interp(lengths, np.log(self.knots), unit) for unit in np.eye(len(self.knots))], axis=1)
        return np.concatenate([one[:, :, None] * gate[:, None, :] for one in each], axis=2)

    def of_rows(self, rows: Any, users: Any) -> Any:
        return self._features(users) @ self.weights_
