"""A model and a split to one value a user a metric."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from tailrec import names, registry
from tailrec.errors import InputError, PluginError
from tailrec.interfaces import CatalogueMetric, MetricPlugin, ModelPlugin, depth_of, is_fitted
from tailrec.ranking import Ranking, rank
from tailrec.weighting import weights as weigh

if TYPE_CHECKING:
    from tailrec.holdout import Split
    from tailrec.interactions import FloatArray


def metrics_of(metrics: str | MetricPlugin | Iterable[str | MetricPlugin]) -> list[MetricPlugin]:
    """Return the metrics from their names or spellings, each once."""
    given = [metrics] if isinstance(metrics, (str, type, MetricPlugin)) else list(metrics)
    made: dict[str, MetricPlugin] = {}
    for one in given:
        metric = registry.make("metric", one)
        made.setdefault(names.spelling(metric), metric)
    if not made:
        raise InputError("expected at least one metric, such as `ndcg:k=10`, received none")
    return list(made.values())


def evaluate(
    model: str | ModelPlugin,
    split: Split,
    metrics: str | MetricPlugin | Iterable[str | MetricPlugin] = ("ndcg",),
    *,
    on: Literal["test", "validation"] = "test",
    weights: str | FloatArray | None = None,
) -> pd.DataFrame:
    """Measure a model on a split: one row a user a metric.

    A model that is not fitted is fitted on the train first; one that is fitted is measured as it is. Users of
    whom nothing is asked have NaN.

    Parameters
    ----------
    model
        A model, its name or its spelling.
    split
        The split.
    metrics
        Metrics, their names or spellings. A catalogue metric has no value for a single user; `compare`
        measures those.
    on
        Which part to measure on.
    weights
        A weighting scheme, or (n_events,) weights, for the fit.

    Returns
    -------
    DataFrame
        Columns ``user`` (the id in the source), ``metric``, ``value``.

    Raises
    ------
    InputError
        Where a name is unknown, the data lacks what the model requires, or weights cannot be used.

    Examples
    --------
    >>> import tailrec
    >>> parts = tailrec.split(tailrec.load("synthetic", n_users=20, n_items=30, seed=0), "random")
    >>> evaluate("popularity", parts, ["ndcg", "recall:k=20"])["metric"].unique().tolist()
    ['ndcg', 'recall:k=20']
    """
    fitted = registry.make("model", model)
    measured = metrics_of(metrics)
    if on not in ("test", "validation"):
        raise InputError(f"expected `on` to be test or validation, received {on!r}")
    if not is_fitted(fitted):
        fit(fitted, split, weights)
    elif weights is not None:
        raise InputError(f"expected a model that is not fitted beside `weights`, received a fitted {label(fitted)}")
    ranking = rank(
        fitted,
        split.test if on == "test" else split.validation,
        max(depth_of(metric) for metric in measured),
        target_ranks=any(metric.needs_target_ranks for metric in measured),
    )
    tables = []
    for metric in measured:
        values = np.full(split.train.n_users, np.nan)
        values[ranking.users] = per_user_values(metric, ranking)
        tables.append(pd.DataFrame({"user": split.train.users, "metric": names.spelling(metric), "value": values}))
    return pd.concat(tables, ignore_index=True)


def fit(model: ModelPlugin, split: Split, weights: str | FloatArray | None = None) -> ModelPlugin:
    """Fit a model on the train of a split, with a weighting scheme or none, and return it.

    Raises
    ------
    InputError
        Where the data lacks what the model requires, or the model makes no use of weights.
    """
    lacking = unmet(model, split)
    if lacking:
        raise InputError(f"{label(model)}: expected data with {', '.join(lacking)}, received {split.train!r}")
    values: dict[str, Any] = {"validation": split.validation}
    if weights is not None:
        if not model.uses_weights:
            raise InputError(f"{label(model)} makes no use of weights; leave them out, or choose a model that does")
        scheme: Any = weights if isinstance(weights, str) or callable(weights) else lambda train: weights
        values["weights"] = weigh(split.train, scheme)
    model.fit(split.train, **values)
    return model


def unmet(model: ModelPlugin, split: Split) -> list[str]:
    """Return what the model requires and the split lacks."""
    there = {"validation": split.validation.targets.nnz > 0}
    return sorted(what for what in model.requires if not there.get(what, split.train.has(what)))


def per_user_values(metric: MetricPlugin, ranking: Ranking) -> FloatArray:
    """Return (n,) the metric's value for each user of the ranking, checked."""
    # A metric may write into what it is given; the next one must not see that.
    given = np.asarray(metric.per_user(copy.deepcopy(_as_asked(metric, ranking))))
    if given.dtype.kind not in "biuf":
        raise PluginError(f"{label(metric)}.per_user: expected numbers, received {given.dtype}")
    values = given.astype(np.float64)
    if values.shape != (len(ranking.items),):
        raise PluginError(
            f"{label(metric)}.per_user: expected one value a user, {len(ranking.items)}, "
            f"received the shape {values.shape}"
        )
    if np.isinf(values).any():
        raise PluginError(f"{label(metric)}.per_user: expected finite values or nan, received infinity")
    return values


def group_value(metric: CatalogueMetric, ranking: Ranking) -> float:
    """Return the catalogue metric's value for all users of the ranking together."""
    value = float(metric.over_users(_as_asked(metric, ranking)))
    if np.isinf(value):
        raise PluginError(f"{label(metric)}.over_users: expected a finite value or nan, received infinity")
    return value


def label(plugin: Any) -> str:
    """Return the name by which a table shows a plugin: its spelling."""
    return names.spelling(plugin)


def _as_asked(metric: MetricPlugin, ranking: Ranking) -> Ranking:
    # Lists were made for the deepest of the metrics; each sees the length it asked for.
    return ranking if ranking.items.shape[1] <= depth_of(metric) else ranking.cut(depth_of(metric))
