"""The recommendations for somebody known only by their clicks, and which click is behind each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec.errors import InputError, PluginError
from tailrec.interfaces import ModelPlugin, is_fitted
from tailrec.parameters import label
from tailrec.topk import top_k

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec.interactions import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Served:
    """What somebody is shown, and why.

    Attributes
    ----------
    items
        (n,) codes of the recommended items, best first; no clicked one is among them.
    scores
        (n,) how many standard deviations each stands above the mean of the items that were not clicked.
    because
        (n, n_clicks) how far each score falls when one click is taken back, in the same standard deviations.
    personal
        Whether the model made the list; without a click it is the most popular items, as everywhere in this house.
    """

    items: IntArray
    scores: FloatArray
    because: FloatArray
    personal: bool


def serve(model: ModelPlugin, clicks: Sequence[int], popularity: FloatArray, k: int) -> Served:
    r"""Return the k best items for a history of clicks, and what each click does for each of them.

    With s(H) the scores for the history H, standardised by mean and standard deviation of s(H) over the items outside
    H, a click i does

    .. math:: \frac{(s_j(H) - \bar s(H)) - (s_j(H \setminus i) - \bar s(H \setminus i))}{\mathrm{sd}(s(H))}

    for item j: leave one out. For a model whose scores are a sum over the history, such as EASE, these add up to the
    standardised score, click by click; for any other they need not. Without its only click a history is empty, and
    counts as scores of zero.

    Parameters
    ----------
    model
        A fitted model with `folds_in`.
    clicks
        Codes of different items, oldest first.
    popularity
        (n_items,) the number of users of each item.
    k
        How many items.

    Examples
    --------
    >>> import tailrec
    >>> data = tailrec.load("synthetic", n_users=50, n_items=20, seed=0)
    >>> model = tailrec.model("ease", l2=10.0).fit(data)
    >>> served = serve(model, [3, 7], data.item_counts(), k=2)
    >>> served.because.shape, bool(np.allclose(served.because.sum(axis=1), served.scores, atol=1e-5))
    ((2, 2), True)
    """
    n_items = len(popularity)
    if not clicks:
        scores = _standardised(np.asarray(popularity, dtype=np.float64)[None], np.ones(n_items, bool))
        items = top_k(scores, k)[0, :n_items]
        return Served(items, scores[0, items], np.zeros((len(items), 0)), personal=False)
    outside = np.ones(n_items, dtype=bool)
    outside[list(clicks)] = False
    histories = [np.asarray(clicks, dtype=np.int64)]
    histories += [np.delete(histories[0], at) for at in range(len(clicks))] if len(clicks) > 1 else []
    raw = _scores(model, histories, n_items)
    if len(clicks) == 1:
        raw = np.vstack([raw, np.zeros(n_items)])
    # Ranked as they came, so that ties fall as they do in the ranker.
    ranked = top_k(np.where(outside, raw[:1], -np.inf), k)[0]
    items = ranked[ranked >= 0]
    scores = _standardised(raw, outside)
    return Served(items, scores[0, items], (scores[0, items] - scores[1:, items]).T, personal=True)


def check_serves_strangers(model: Any, n_items: int) -> None:
    """Refuse a model that cannot serve a person by their clicks, or is not fitted on so many items.

    Raises
    ------
    InputError
        Where it is no model, is not fitted, has no `folds_in`, or scores another number of items.
    """
    if not isinstance(model, ModelPlugin):
        raise InputError(f"expected a fitted model, such as `tailrec.model(...).fit(train)`, received {model!r}")
    if model.folds_in is None:
        raise InputError(
            f"expected a model that can serve somebody whom it was not fitted on (`folds_in`), `{label(type(model))}` "
            f"cannot; some that can: {', '.join(_that_can())}"
        )
    if not is_fitted(model):
        raise InputError(f"expected a fitted model, {model!r} is not; call `fit` with the same train first")
    _scores(model, [np.array([0])], n_items)


def _that_can() -> list[str]:
    from tailrec import registry

    found = []
    for one in registry.listing():
        if one.kind == "model":
            try:
                cls: Any = registry.find("model", one.name)
            except PluginError:
                continue  # a broken plugin is no help to anybody here
            found += [one.name] if cls.folds_in else []
    return found or ["none that is installed"]


def _scores(model: ModelPlugin, histories: list[NDArray[Any]], n_items: int) -> NDArray[Any]:
    scores = np.asarray(model.score_histories(histories))
    if scores.shape != (len(histories), n_items) or scores.dtype.kind not in "biuf" or not np.isfinite(scores).all():
        raise PluginError(
            f"{label(type(model))}.score_histories: expected finite numbers of shape ({len(histories)}, {n_items}), "
            f"received {scores.dtype} of shape {scores.shape}; a widget takes the train that the model was fitted on"
        )
    return scores


def _standardised(scores: NDArray[Any], outside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return scores less each row's mean, in standard deviations of the first row; both of the items outside."""
    scores = scores.astype(np.float64)
    considered = scores[:, outside]
    spread = considered[0].std() if considered.size else 0.0
    centred = scores - considered.mean(axis=1, keepdims=True) if considered.size else scores
    return centred / (spread if spread > 0 else 1.0)
