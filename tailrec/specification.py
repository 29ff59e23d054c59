"""`Experiment`: what is compared on what, how it is measured, and what it is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tailrec import names, registry
from tailrec.errors import InputError, PluginError, nearest
from tailrec.evaluation import label, metrics_of
from tailrec.interactions import Interactions
from tailrec.interfaces import MetricPlugin, ModelPlugin
from tailrec.parameters import Parameters
from tailrec.scenarios import Scenario, default_document, scenario
from tailrec.segments import RULES
from tailrec.weighting import SCHEMES


@dataclass(frozen=True)
class Experiment:
    """The exact specification of a comparison.

    Attributes
    ----------
    scenarios, models, metrics
        What is compared on what, and how it is measured.
    baseline
        The label of the model that the others are compared with.
    seeds
        How many seeds each model that has a parameter `seed` is fitted with.
    segments
        The segment rule.
    weights
        The weighting scheme for models that accept weights, or None.
    threads
        The number of threads of every piece of work, whatever the number of workers.
    resamples
        How many resamples stand behind each interval and p-value.
    """

    scenarios: Sequence[Scenario]
    models: Sequence[ModelPlugin]
    metrics: Sequence[MetricPlugin]
    baseline: str
    seeds: int = 1
    segments: Any = "activity"
    weights: str | None = None
    threads: int = 1
    resamples: int = 10_000
    notes: tuple[str, ...] = ()

    def models_for(self, place: Scenario) -> list[ModelPlugin]:
        """Return the models that run on a scenario, the baseline among them."""
        if place.models is None:
            return list(self.models)
        known = {label(m) for m in self.models} | {m.name for m in self.models}
        for name in place.models:
            if name not in known:
                raise InputError(
                    f"scenario `{place.name}`: no model of the comparison is named `{name}`; {nearest(name, known)}"
                )
        return [m for m in self.models if {label(m), m.name} & set(place.models) or label(m) == self.baseline]


def experiment(
    scenarios: Any,
    models: Any,
    metrics: Any = ("ndcg",),
    *,
    baseline: str | ModelPlugin | None = None,
    seeds: int = 1,
    segments: Any = "activity",
    weights: str | None = None,
    threads: int = 1,
    resamples: int = 10_000,
) -> Experiment:
    """Return a checked specification; names may be spelled.

    Raises
    ------
    InputError
        Where something is unknown, given twice or out of range.
    """
    for name, value, least in (("seeds", seeds, 1), ("threads", threads, 1), ("resamples", resamples, 100)):
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise InputError(f"expected `{name}` to be an integer of at least {least}, received {value!r}")
    made = [registry.make("model", one) for one in as_list(models)]
    made, baseline_label, notes = _with_baseline(made, baseline)
    _refuse_twice([label(one) for one in made], "model once", "give one of them other parameters")
    places = [scenario(one) for one in as_list(scenarios)]
    if not places:
        raise InputError("expected at least one scenario or data set, such as `movielens-small`, received none")
    places = _named_apart(places)
    _refuse_twice([one.name for one in places], "scenario to have a name of its own", "give one of them another `name`")
    names.build(segments, RULES, "segment rule")
    if weights is not None:
        names.build(weights, SCHEMES, "weighting scheme")
    for place in places:
        if place.models is not None:
            notes.append(f"on {place.name} only {', '.join(place.models)} run, as its specification says")
    what = Experiment(
        places, made, metrics_of(metrics), baseline_label, seeds, segments, weights, threads, resamples, tuple(notes)
    )
    for place in places:
        what.models_for(place)
    return what


def as_list(things: Any) -> list[Any]:
    """Return one or several names or objects as a list."""
    if isinstance(things, (str, type, Scenario, Interactions, Parameters)):
        return [things]
    if not isinstance(things, Iterable):
        raise InputError(f"expected a name, an object or a list of them, received {things!r}")
    return list(things)


def _named_apart(places: list[Scenario]) -> list[Scenario]:
    """Return the scenarios, those that share the name of their data under its spelling: two files are two scenarios."""
    taken = [place.name for place in places]
    return [
        replace(place, name=place.data)
        if isinstance(place.data, str) and taken.count(place.name) > 1 and place.name == names.parse(place.data)[0]
        else place
        for place in places
    ]


def _refuse_twice(found: list[str], what: str, mend: str) -> None:
    for one in found:
        if found.count(one) > 1:
            raise InputError(f"expected every {what}, received `{one}` twice; {mend}")


def _with_baseline(models: list[Any], baseline: Any) -> tuple[list[Any], str, list[str]]:
    if baseline is None:
        usual = default_document()["baseline"]
        named = [m for m in models if m.name == usual]
        if not named and models and not _usable(usual):
            return models, label(models[0]), [f"the baseline is {label(models[0])}, the first model"]
        baseline = named[0] if named else usual
    of_label = [m for m in models if baseline is m or baseline == label(m)]
    of_name = [m for m in models if baseline == m.name]
    if of_label or len(of_name) == 1:
        return models, label((of_label or of_name)[0]), []
    added = registry.make("model", baseline)
    if label(added) in [label(m) for m in models]:
        return models, label(added), []
    return [added, *models], label(added), [f"{label(added)} was added as the baseline"]


def _usable(name: str) -> bool:
    try:
        registry.find("model", name)
    except PluginError:
        return False
    return True
