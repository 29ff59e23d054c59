"""In plain words: for whom a model is better than the baseline, for whom worse, where nothing is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tailrec import figures

if TYPE_CHECKING:
    from tailrec.results import Result

#: With fewer people the intervals hold the true mean far too rarely; docs/report.md has the figures.
FEW = 30


def compute_sentences(result: Result, metric: str, order: list[str]) -> list[dict[str, str]]:
    """Return one plain sentence a model and scenario; the segment first in `order` comes first.

    Parameters
    ----------
    result
        What a comparison found.
    metric
        The metric that decides.
    order
        The segments, as they are to be named.

    Returns
    -------
    list of dict
        ``model``, ``scenario``, ``text``.
    """
    sentences = []
    rows = figures.compute_forest(result.differences(), metric, higher_is_better=result.higher_is_better(metric))
    rows = rows.sort_values("segment", key=lambda names: names.map(place_in(order)), kind="stable")
    models = list(dict.fromkeys(result.summary()["model"]))
    for (model, scenario), of_model in sorted(
        rows.groupby(["model", "scenario"], sort=False), key=lambda pair: models.index(pair[0][0])
    ):
        said: dict[str, list[str]] = {}
        for row in of_model.itertuples():
            said.setdefault(str(row.verdict), []).append(f"{row.segment}{few(row.n_users)}")
        text = "; ".join(f"{verdict} for {joined(who)}" for verdict, who in said.items())
        sentences.append({"model": str(model), "scenario": str(scenario), "text": text})
    return sentences


def place_in(order: list[str]) -> dict[str, int]:
    """Return the place of every name in an order."""
    return {name: at for at, name in enumerate(order)}


def few(n_users: Any) -> str:
    """Return a remark where a segment is too small to trust its interval, else nothing."""
    return f" (only {n_users} people)" if n_users < FEW else ""


def joined(names: list[str]) -> str:
    """Return names as a sentence lists them.

    Examples
    --------
    >>> joined(["tail"]), joined(["tail", "newest", "all"])
    ('tail', 'tail, newest and all')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
