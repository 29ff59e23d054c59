"""The `tailrec compare` command that asks on the test what a search asked on the validation."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tailrec import names
from tailrec.evaluation import label
from tailrec.interactions import Interactions
from tailrec.parameters import Parameters
from tailrec.scenarios import Scenario, default_scenarios
from tailrec.splitting import SPLITTERS
from tailrec.trials import Objective

if TYPE_CHECKING:
    from tailrec.interfaces import ModelPlugin


def compare_command(scenario: Scenario, objective: Objective, best: ModelPlugin) -> str:
    """Return the command that measures the best model on the test against the model as it was given.

    Nothing where the data or the segments came from Python, which a command cannot name.
    """
    segments = objective.asked.segments
    if isinstance(scenario.data, Interactions) or not isinstance(segments, (str, Parameters)):
        return ""
    models = list(dict.fromkeys([label(best), label(objective.given)]))
    parts = [*_place(scenario), *_repeated("--model", models), *_repeated("--metric", [objective.metric])]
    # Against itself there is nothing to see: then the usual baseline stays.
    parts += ["--baseline", models[1]] if len(models) > 1 else []
    parts += ["--segments", names.spelling(segments)] if names.spelling(segments) != "activity" else []
    parts += ["--weights", objective.weights] if objective.weights is not None else []
    return shlex.join(["tailrec", "compare", *parts])


def compare_note(scenario: Scenario) -> str:
    """Return what the command measures beyond or beside the windows that the search was given; usually nothing."""
    if _is_default(scenario):
        usual = default_scenarios()[scenario.name].windows
        if scenario.windows is None or sorted(scenario.windows) == sorted(usual or ()):
            return ""
        whole = f"all {len(usual)} windows" if usual else "the one window"
        return f"the comparison measures {whole} of `{scenario.name}`; tuned on were those at {_at(scenario.windows)}"
    if scenario.windows is None or len(scenario.windows) == 1:
        return ""
    return (
        f"the comparison measures the window at {scenario.windows[0]:g} alone; tuned on were those at "
        f"{_at(scenario.windows)}, and an experiment file can name them all"
    )


def _place(scenario: Scenario) -> list[str]:
    if _is_default(scenario):
        return ["--scenario", scenario.name]
    spelled = scenario.spelled()
    split = _at_first_window(scenario) if scenario.windows else spelled["split"]
    place = ["--data", spelled["data"], *(["--split", split] if split else [])]
    return [*place, *_repeated("--prepare", scenario.prepare)]


def _at_first_window(scenario: Scenario) -> str:
    how = names.build(scenario.split, SPLITTERS, "split")
    assert scenario.windows
    return names.spelling(type(how)(**(how.parameters() | {"start": float(scenario.windows[0])})))


def _at(windows: Sequence[float]) -> str:
    return ", ".join(f"{start:g}" for start in windows)


def _is_default(scenario: Scenario) -> bool:
    usual = default_scenarios().get(scenario.name)
    if usual is None:
        return False
    return all(usual.spelled()[key] == scenario.spelled()[key] for key in ("data", "split", "prepare"))


def _repeated(option: str, values: Sequence[Any]) -> list[str]:
    return [part for value in values for part in (option, names.spelling(value))]
