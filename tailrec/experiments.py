"""`Experiment`: what is to be compared, from a TOML file, from flags or from Python, and back to TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import tomli_w

from tailrec import names, registry
from tailrec.errors import InputError, PluginError, nearest
from tailrec.evaluation import label, metrics_of
from tailrec.interactions import Interactions
from tailrec.interfaces import DataPlugin, MetricPlugin, ModelPlugin
from tailrec.scenarios import Scenario
from tailrec.segments import RULES
from tailrec.weighting import SCHEMES

_SCENARIO_KEYS = ("name", "data", "split", "prepare", "windows", "models")
_TOP_KEYS = ("baseline", "seeds", "segments", "weights", "threads", "resamples", "scenario", "model", "metric")


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

    def models_for(self, scenario: Scenario) -> list[ModelPlugin]:
        """Return the models that run on a scenario, the baseline among them."""
        if scenario.models is None:
            return list(self.models)
        wanted = [*scenario.models, self.baseline]
        known = {label(m) for m in self.models} | {m.name for m in self.models}
        for name in scenario.models:
            if name not in known:
                raise InputError(f"scenario `{scenario.name}`: no model of the comparison is named `{name}`; {nearest(name, known)}")
        return [m for m in self.models if label(m) in wanted or m.name in wanted]


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
    made = [registry.make("model", one) for one in _listed(models, ModelPlugin)]
    made, baseline_label, notes = _with_baseline(made, baseline)
    labels = [label(one) for one in made]
    for one in labels:
        if labels.count(one) > 1:
            raise InputError(f"expected every model once, received `{one}` twice; give one of them other parameters")
    places = [_scenario(one) for one in _listed(scenarios, (Scenario, DataPlugin, Interactions))]
    if not places:
        raise InputError("expected at least one scenario or data set, such as `movielens-small`, received none")
    names_of = [one.name for one in places]
    for one in names_of:
        if names_of.count(one) > 1:
            raise InputError(f"expected every scenario to have a name of its own, received `{one}` twice")
    names.build(segments, RULES, "segment rule")
    names.build(weights, SCHEMES, "weighting scheme")
    for place in places:
        if place.models is not None:
            notes.append(f"on {place.name} only {', '.join(place.models)} run, as its specification says")
    return Experiment(
        places, made, metrics_of(metrics), baseline_label, seeds, segments, weights, threads, resamples, tuple(notes)
    )


def _listed(things: Any, single: Any) -> list[Any]:
    return [things] if isinstance(things, (str, single)) else list(things)


def _with_baseline(models: list[Any], baseline: Any) -> tuple[list[Any], str, list[str]]:
    if baseline is None:
        baseline = next((m for m in models if m.name == "popularity"), None) or "popularity"
        if isinstance(baseline, str):
            try:
                registry.find("model", baseline)
            except PluginError:
                if not models:
                    raise
                return models, label(models[0]), [f"the baseline is {label(models[0])}, the first model"]
    same = [m for m in models if baseline is m or (isinstance(baseline, str) and baseline in (label(m), m.name))]
    if same:
        return models, label(same[0]), []
    added = registry.make("model", baseline)
    if label(added) in [label(m) for m in models]:
        return models, label(added), []
    return [added, *models], label(added), [f"{label(added)} was added as the baseline"]


def _scenario(one: Any) -> Scenario:
    if isinstance(one, Scenario):
        return one
    if isinstance(one, str):
        known = default_scenarios()
        if one in known:
            return known[one]
        name, _ = names.parse(one)
        try:
            registry.find("data", name)
        except PluginError as error:
            if "is named" in str(error):
                every = [*known, *(found.name for found in registry.listing() if found.kind == "data")]
                raise InputError(f"no scenario and no data set is named `{name}`; {nearest(name, every)}") from None
            raise
    return Scenario(one)


def default_experiment(**changes: Any) -> Experiment:
    """Return the experiment of ``default.toml``, the main job; a model that is not installed is left out, and that is said."""
    document = _default_document()
    missing = [table["name"] for table in document["model"] if changes.get("models") is None and not _installed(table["name"])]
    document["model"] = [table for table in document["model"] if table["name"] not in missing]
    made = from_mapping(document, "default.toml", **changes)
    return replace(made, notes=(*made.notes, *(f"{name} is not installed and is left out" for name in missing)))


def default_scenarios() -> dict[str, Scenario]:
    """Return the scenarios of ``default.toml`` by name."""
    tables = _tables(_default_document(), "scenario", "default.toml")
    return {scenario.name: scenario for scenario in (_read_scenario(table, "default.toml") for _, table in tables)}


def _default_document() -> dict[str, Any]:
    return tomllib.loads(files("tailrec").joinpath("default.toml").read_text(encoding="utf-8"))


def _installed(name: str) -> bool:
    return any(found.kind == "model" and found.name == name for found in registry.listing())


def read_experiment(path: str | Path, **changes: Any) -> Experiment:
    """Read an experiment file; what `changes` gives stands above what the file says.

    Raises
    ------
    InputError
        Where the file cannot be read, is not TOML (with line and column), or has a key that is not known.
    """
    path = Path(path)
    if path.is_dir():
        raise InputError(f"{path}: expected an experiment file, received a folder; name a file such as {path / 'run.toml'}")
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        near = nearest(path.name, [p.name for p in path.parent.glob("*.toml")]) if path.parent.is_dir() else "its folder does not exist"
        raise InputError(f"{path}: expected an experiment file, there is none of that name; {near}") from None
    except OSError as error:
        raise InputError(f"{path}: the experiment file cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: expected text in UTF-8, received another encoding (byte {error.start}); save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not valid TOML: {error}") from None
    return from_mapping(document, str(path), **changes)


def from_mapping(document: Mapping[str, Any], source: str, **changes: Any) -> Experiment:
    """Return the experiment that a TOML document describes."""
    _only(document, _TOP_KEYS, source)
    values: dict[str, Any] = {k: v for k, v in document.items() if k not in ("scenario", "model", "metric") and v != ""}
    given = {key: value for key, value in changes.items() if value is not None}
    # What is given instead is not even read: a file may name plugins that are not installed here.
    for key, read in (("scenario", _read_scenario), ("model", _read_model), ("metric", _read_metric)):
        if key + "s" not in given:
            tables = _tables(document, key, source)
            values[key + "s"] = [read(table, f"{source}, [[{key}]] {i + 1}") for i, table in tables]
    if values.get("metrics") == []:
        values["metrics"] = ["ndcg"]
    return experiment(**{**values, **given})


def to_toml(experiment: Experiment) -> str:
    """Write the experiment so that `read_experiment` reads it back."""
    document: dict[str, Any] = {
        "baseline": experiment.baseline,
        "seeds": experiment.seeds,
        "segments": experiment.segments if isinstance(experiment.segments, str) else repr(experiment.segments),
        "weights": experiment.weights or "",
        "threads": experiment.threads,
        "resamples": experiment.resamples,
        "scenario": [_scenario_table(one) for one in experiment.scenarios],
        "model": [{"name": label(one)} for one in experiment.models],
        "metric": [{"name": label(one)} for one in experiment.metrics],
    }
    return tomli_w.dumps(document)


def _scenario_table(scenario: Scenario) -> dict[str, Any]:
    spelled = scenario.spelled()
    table: dict[str, Any] = {"name": scenario.name, "data": spelled["data"]}
    if spelled["split"]:
        table["split"] = spelled["split"]
    table["prepare"] = [how if isinstance(how, str) else names.spelling(how) for how in scenario.prepare]
    if scenario.windows is not None:
        table["windows"] = list(scenario.windows)
    if scenario.models is not None:
        table["models"] = list(scenario.models)
    return table


def _tables(document: Mapping[str, Any], key: str, source: str) -> list[tuple[int, Mapping[str, Any]]]:
    tables = document.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        raise InputError(f"{source}: expected `{key}` as tables written [[{key}]], received {tables!r}")
    return list(enumerate(tables))


def _read_scenario(table: Mapping[str, Any], where: str) -> Scenario:
    _only(table, _SCENARIO_KEYS, where)
    if "data" not in table:
        raise InputError(f"{where}: expected `data`, the name of a data set, received only {', '.join(table) or 'nothing'}")
    for key, kind in (("name", str), ("data", str), ("split", str), ("prepare", list), ("windows", list), ("models", list)):
        if key in table and not isinstance(table[key], kind):
            wanted = "a list" if kind is list else "text"
            raise InputError(f"{where}: expected `{key}` to be {wanted}, received {table[key]!r}")
    return Scenario(**table)


def _read_model(table: Mapping[str, Any], where: str) -> Any:
    return _read_plugin("model", table, where)


def _read_metric(table: Mapping[str, Any], where: str) -> Any:
    return _read_plugin("metric", table, where)


def _read_plugin(kind: registry.Kind, table: Mapping[str, Any], where: str) -> Any:
    if not isinstance(table.get("name"), str):
        raise InputError(f"{where}: expected `name`, the name of a {kind}, received {dict(table)!r}")
    name, texts = names.parse(table["name"])
    try:
        return registry.find(kind, name).from_text(texts | {k: v for k, v in table.items() if k != "name"})  # type: ignore[attr-defined]
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _only(table: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise InputError(f"{where}: unknown key `{key}`; {nearest(key, known)}")
