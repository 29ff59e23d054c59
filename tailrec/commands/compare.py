"""`tailrec compare`: models × data × seeds, measured and written."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from tailrec.commands.plugins import NoPlugin, switch_off

Out = Annotated[Path, typer.Option("--out", help="The folder for the results and every finished piece.")]


def compare(
    spec: Annotated[
        Path | None, typer.Argument(help="An experiment file (TOML); without any argument, the main job.")
    ] = None,
    data: Annotated[
        list[str] | None, typer.Option("--data", help="A data set: NAME[:key=value,...]. May be repeated.")
    ] = None,
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", help="A default scenario: films, groceries, groceries-one-window.")
    ] = None,
    split: Annotated[
        str | None,
        typer.Option("--split", help="How to split --data: temporal, last-fraction, leave-last-out, random, given."),
    ] = None,
    prepare: Annotated[
        list[str] | None,
        typer.Option("--prepare", help="A preparation step for --data: drop-rare-items, thin-histories."),
    ] = None,
    model: Annotated[
        list[str] | None, typer.Option("--model", help="A model: NAME[:key=value,...]. May be repeated.")
    ] = None,
    metric: Annotated[
        list[str] | None, typer.Option("--metric", help="A metric: NAME[:key=value,...]. May be repeated.")
    ] = None,
    segments: Annotated[
        str | None, typer.Option("--segments", help="Which users are tail: activity, events, length:cuts=[5,20].")
    ] = None,
    weights: Annotated[
        str | None,
        typer.Option(
            "--weights", help="Training weights: inverse-activity, effective-number, inverse-propensity or segment."
        ),
    ] = None,
    baseline: Annotated[
        str | None, typer.Option("--baseline", help="The model that every other is compared with.")
    ] = None,
    seeds: Annotated[
        int | None, typer.Option("--seeds", help="With how many seeds to fit a model that draws random numbers.")
    ] = None,
    out: Out = Path("results"),
    jobs: Annotated[
        int | None, typer.Option("--jobs", help="How many pieces to work on side by side; by default one a core.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Use the finished pieces that the folder holds.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print summary.json instead of tables.")] = False,
    trace: Annotated[bool, typer.Option("--trace", help="Print the traceback of a plugin that failed.")] = False,
    no_plugin: NoPlugin = None,
) -> None:
    """Compare models user by user: who gains, who pays, and whether it is more than noise."""
    from tailrec import comparison, failures, outputs, tables
    from tailrec.errors import PluginError

    switch_off(no_plugin)
    try:
        what = _experiment(spec, data, scenario, split, prepare, model, metric, segments, weights, baseline, seeds)
        result = comparison.run(what, out=out, resume=resume, jobs=jobs if jobs is not None else _cores())
        paths = outputs.write_outputs(result, out)
    except PluginError as error:
        if trace:
            print(failures.trace_of(error), file=sys.stderr)
        raise
    except KeyboardInterrupt:
        print("tailrec: interrupted; the finished pieces are kept, run again with --resume", file=sys.stderr)
        raise
    if as_json:
        sys.stdout.write(outputs.summary_json(result))
        print(*tables.missing(result), sep="\n", end="\n" if result.failures else "", file=sys.stderr)
    else:
        from rich.console import Console

        tables.print_result(result, Console())
        print("\n" + "\n".join(f"{name:16} {path}" for name, path in paths.items()))
    if trace:
        for failure in result.failures:
            print(failure.trace, file=sys.stderr)
    # A model that the data is not fit for is said, and is no failure of the run.
    if any(failure.call != "requires" for failure in result.failures):
        raise typer.Exit(1)


def _experiment(
    spec: Path | None, data: Any, scenario: Any, split: Any, prepare: Any, model: Any, metric: Any, segments: Any,
    weights: Any, baseline: Any, seeds: Any,
) -> Any:  # fmt: skip
    from tailrec import experiments
    from tailrec.errors import InputError
    from tailrec.scenarios import Scenario

    if (split or prepare) and not data:
        raise InputError("expected `--data` beside `--split` or `--prepare`; a named scenario has its own")
    places: list[Any] = [*(scenario or ()), *(Scenario(one, split=split, prepare=prepare or ()) for one in data or ())]
    changes = {
        "scenarios": places or None, "models": model or None, "metrics": metric or None, "segments": segments,
        "weights": weights, "baseline": baseline, "seeds": seeds,
    }  # fmt: skip
    if spec is not None:
        return experiments.read_experiment(spec, **changes)
    return experiments.default_experiment(**changes)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
