"""`tailrec tune`: the parameters of a model that serve a segment of the validation best."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tailrec.commands.plugins import NoPlugin, switch_off

if TYPE_CHECKING:
    from tailrec.tuning import Tuned

#: How many of the best trials are printed; all of them are in the files.
_SHOWN = 10


def tune(
    model: Annotated[str, typer.Argument(help="A model: NAME[:key=value,...]; what is not searched stays as it is.")],
    search: Annotated[
        list[str] | None,
        typer.Option("--search", help="What to try: dim=[16,32,64], k=10..500 or l2=0.001..1:log. May be repeated."),
    ] = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", help="A default scenario: films, groceries, groceries-one-window.")
    ] = None,
    data: Annotated[str | None, typer.Option("--data", help="A data set: NAME[:key=value,...].")] = None,
    split: Annotated[
        str | None,
        typer.Option("--split", help="How to split --data: temporal, last-fraction, leave-last-out, random, given."),
    ] = None,
    prepare: Annotated[
        list[str] | None,
        typer.Option("--prepare", help="A preparation step for --data: drop-rare-items, thin-histories."),
    ] = None,
    window: Annotated[
        list[float] | None,
        typer.Option("--window", help="Where a window of a temporal split starts. May be repeated; they are pooled."),
    ] = None,
    metric: Annotated[str, typer.Option("--metric", help="The metric to choose by: NAME[:key=value,...].")] = "ndcg",
    segment: Annotated[str, typer.Option("--segment", help="The segment to serve best.")] = "tail",
    segments: Annotated[
        str, typer.Option("--segments", help="Which users are tail: activity, events, length:cuts=[5,20].")
    ] = "activity",
    weights: Annotated[
        str | None, typer.Option("--weights", help="Training weights: inverse-activity[:exponent=0.5].")
    ] = None,
    trials: Annotated[int, typer.Option("--trials", help="How many trials, the model as it is given among them.")] = 20,
    seed: Annotated[int, typer.Option("--seed", help="The seed of the search.")] = 0,
    out: Annotated[Path, typer.Option("--out", help="The folder that keeps every trial.")] = Path("tuning"),
    resume: Annotated[bool, typer.Option("--resume", help="Use the trials that the folder holds.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print trials.json instead of tables.")] = False,
    trace: Annotated[bool, typer.Option("--trace", help="Print the traceback of a plugin that failed.")] = False,
    no_plugin: NoPlugin = None,
) -> None:
    """Search a model's parameters on the validation, never on the test; every trial is kept."""
    from tailrec import failures, tuning
    from tailrec.errors import PluginError

    switch_off(no_plugin)
    place = _place(scenario, data, split, prepare, window)
    try:
        found = tuning.tune(
            model, place, search, metric=metric, segment=segment, segments=segments, weights=weights,
            trials=trials, seed=seed, out=out, resume=resume,
        )  # fmt: skip
    except PluginError as error:
        if trace:
            print(failures.trace_of(error), file=sys.stderr)
        raise
    except KeyboardInterrupt:
        print("tailrec: interrupted; the finished trials are kept, run again with --resume", file=sys.stderr)
        raise
    if as_json:
        sys.stdout.write(found.to_json())
    else:
        _print(found)
        print("\n" + "\n".join(f"{name:16} {out / name}" for name in ("trials.json", "trials.csv")))
    if trace:
        for one in found.trials:
            print(one.trace, end="", file=sys.stderr)


def _place(scenario: str | None, data: str | None, split: Any, prepare: Any, window: list[float] | None) -> Any:
    from tailrec import scenarios
    from tailrec.errors import InputError

    if (scenario is None) == (data is None):
        known = ", ".join(scenarios.default_scenarios())
        raise InputError(
            f"expected either `--scenario` ({known}) or `--data`, received {'both' if data else 'neither'}"
        )
    if data is None and (split or prepare):
        raise InputError("expected `--data` beside `--split` or `--prepare`; a named scenario has its own")
    place = (
        scenarios.scenario(scenario) if data is None else scenarios.Scenario(data, split=split, prepare=prepare or ())
    )
    return replace(place, windows=window) if window else place


def _print(found: Tuned) -> None:
    from rich.console import Console

    from tailrec.tables import print_table

    what, columns = found.objective, found.table()
    done = sorted(
        (trial for trial in found.trials if not trial.reason),
        key=lambda trial: -what.sign * trial.segments[what.segment],
    )[:_SHOWN]
    shown = [name for name, mask in what.asked.masks.items() if mask.any()]
    header = ["trial", *found.space, *(f"{name}\n{what.asked.masks[name].sum():,} users" for name in shown), "seconds"]
    body = [
        [str(trial.number), *(columns[key][trial.number] for key in found.space),
         *(f"{trial.segments[name]:.4f}" for name in shown), f"{trial.seconds:.1f}"]
        for trial in done
    ]  # fmt: skip
    title = f"{found.scenario.name}: {found.metric} on the validation, chosen for {what.segment}, best trials first"
    print_table(Console(), title, header, body)
    print(f"\nbest: {found.spelling}   {what.segment} {found.value:.4f}")
    if found.best.number and found.difference is not None:
        value, low, high = found.difference
        print(f"difference from the model as it was given: {value:+.4f} [{low:+.4f}, {high:+.4f}]")
    for line in found.warnings():
        print(f"warning: {line}")
    for note in found.notes:
        print(f"note: {note}")
    print(f"\nto paste:  --model {shlex.quote(found.spelling)}")
    if found.compare_command():
        print(f"on the test:  {found.compare_command()}")
    if found.compare_note():
        print(f"note: {found.compare_note()}")
