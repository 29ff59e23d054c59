"""Experiments from a TOML file, from ``default.toml`` with changes, and back to TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import tomli_w

from tailrec import names, registry
from tailrec.errors import InputError, PluginError, nearest
from tailrec.evaluation import label
from tailrec.scenarios import Scenario, default_document, only_known, read_scenario
from tailrec.specification import Experiment, as_list, experiment

__all__ = ["Experiment", "default_experiment", "experiment", "from_mapping", "read_experiment", "to_toml"]

_TOP_KEYS = ("baseline", "seeds", "segments", "weights", "threads", "resamples", "scenario", "model", "metric")


def default_experiment(**changes: Any) -> Experiment:
    """Return the experiment of ``default.toml``, the main job, with changes.

    A model that cannot be used is left out, and that is said. Where other models are given, every scenario
    runs all of them.
    """
    document = default_document()
    if changes.get("models") is not None:
        for table in document["scenario"]:
            table.pop("models", None)
        return from_mapping(document, "default.toml", **changes)
    left_out = {table["name"]: _why_unusable(table) for table in document["model"]}
    left_out = {name: reason for name, reason in left_out.items() if reason}
    document["model"] = [table for table in document["model"] if table["name"] not in left_out]
    for table in document["scenario"]:
        if "models" in table:
            table["models"] = [name for name in table["models"] if name not in left_out]
    if changes.get("scenarios") is not None:
        known = {table["name"]: read_scenario(table, "default.toml") for table in document["scenario"]}
        changes["scenarios"] = [known.get(x, x) if isinstance(x, str) else x for x in as_list(changes["scenarios"])]
    made = from_mapping(document, "default.toml", **changes)
    return replace(made, notes=(*made.notes, *(f"{name} is left out: {why}" for name, why in left_out.items())))


def _why_unusable(table: Mapping[str, Any]) -> str:
    wanted = ("model", table["name"])
    if not any((found.kind, found.name) == wanted for found in registry.listing()):
        off = any((found.kind, found.name) == wanted for found in registry.disabled())
        return "it is switched off" if off else "it is not installed"
    try:
        _read("model", table, "default.toml")
    except PluginError as error:
        return str(error)
    return ""


def read_experiment(path: str | Path, **changes: Any) -> Experiment:
    """Read an experiment file; what `changes` gives stands above what the file says.

    Raises
    ------
    InputError
        Where the file cannot be read, is not TOML (with line and column), or has a key that is not known.
    """
    path = Path(path)
    if path.is_dir():
        mend = f"name a file such as {path / 'run.toml'}"
        raise InputError(f"{path}: expected an experiment file, received a folder; {mend}")
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        there = path.parent.is_dir()
        near = (
            nearest(path.name, [p.name for p in path.parent.glob("*.toml")]) if there else "its folder does not exist"
        )
        raise InputError(f"{path}: expected an experiment file, there is none of that name; {near}") from None
    except OSError as error:
        raise InputError(f"{path}: the experiment file cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        place = f"byte {error.start}"
        raise InputError(
            f"{path}: expected text in UTF-8, received another encoding ({place}); save it as UTF-8"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not valid TOML: {error}") from None
    return from_mapping(document, str(path), **changes)


def from_mapping(document: Mapping[str, Any], source: str, **changes: Any) -> Experiment:
    """Return the experiment that a TOML document describes."""
    only_known(document, _TOP_KEYS, source)
    tables = ("scenario", "model", "metric")
    values: dict[str, Any] = {key: value for key, value in document.items() if key not in tables and value != ""}
    given = {key: value for key, value in changes.items() if value is not None}
    # What is given instead is not even read: a file may name plugins that are not installed here.
    for key in tables:
        if key + "s" not in given:
            values[key + "s"] = [_read(key, table, where) for table, where in _tables(document, key, source)]
    if values.get("metrics") == []:
        del values["metrics"]
    try:
        return experiment(**{**values, **given})
    except (InputError, PluginError) as error:
        if given:  # the fault may be theirs
            raise
        raise type(error)(f"{source}: {error}") from None


def _tables(document: Mapping[str, Any], key: str, source: str) -> list[tuple[Mapping[str, Any], str]]:
    tables = document.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        raise InputError(f"{source}: expected `{key}` as tables written [[{key}]], received {tables!r}")
    return [(table, f"{source}, [[{key}]] {position}") for position, table in enumerate(tables, start=1)]


def _read(kind: Any, table: Mapping[str, Any], where: str) -> Any:
    if kind == "scenario":
        return read_scenario(table, where)
    if not isinstance(table.get("name"), str):
        raise InputError(f"{where}: expected `name`, the name of a {kind}, received {dict(table)!r}")
    values = {key: value for key, value in table.items() if key != "name"}
    try:
        name, texts = names.parse(table["name"])
        cls: Any = registry.find(kind, name)
        return cls.from_text(texts | values)
    except (InputError, PluginError) as error:
        raise type(error)(f"{where}: {error}") from error.__cause__


def to_toml(experiment: Experiment) -> str:
    """Write the experiment so that `read_experiment` reads it back."""
    document: dict[str, Any] = {
        "baseline": experiment.baseline,
        "seeds": experiment.seeds,
        "segments": names.spelling(experiment.segments),
        "weights": names.spelling(experiment.weights) if experiment.weights is not None else "",
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
    table["prepare"] = [names.spelling(step) for step in scenario.prepare]
    if scenario.windows is not None:
        table["windows"] = list(scenario.windows)
    if scenario.models is not None:
        table["models"] = list(scenario.models)
    return table
