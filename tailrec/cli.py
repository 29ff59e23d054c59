"""The command line: parses, calls one function, prints."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    name="tailrec",
    help="Learn, teach and honestly try out recommenders for long-tail users.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Out = Annotated[Path, typer.Option("--out", help="The folder for the results and every finished piece.")]


@app.command()
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
        str | None, typer.Option("--weights", help="Training weights: inverse-activity[:exponent=0.5].")
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
) -> None:
    """Compare models user by user: who gains, who pays, and whether it is more than noise."""
    from tailrec import comparison, outputs, tables
    from tailrec.errors import PluginError

    what = _experiment(spec, data, scenario, split, prepare, model, metric, segments, weights, baseline, seeds)
    try:
        result = comparison.run(what, out=out, resume=resume, jobs=jobs if jobs is not None else _cores())
        paths = outputs.write_outputs(result, out)
    except PluginError as error:
        if trace:
            print(*getattr(error, "__notes__", ()), sep="\n", file=sys.stderr)
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


@app.command()
def plugins(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the data sets, models and metrics that are installed, without importing any."""
    from tailrec.registry import listing

    columns = ("kind", "name", "version", "source", "status")
    rows = [{column: getattr(found, column) for column in columns} for found in listing()]
    if as_json:
        import json

        print(json.dumps(rows, indent=1))
        return
    rows.insert(0, dict(zip(columns, columns, strict=True)))
    widths = {column: max(len(row[column]) for row in rows) for column in columns}
    for row in rows:
        print("  ".join(row[column].ljust(widths[column]) for column in columns).rstrip())


@app.command()
def data(
    name: Annotated[str, typer.Argument(help="A data set: NAME[:key=value,...].")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Load a data set and say what is in it."""
    from tailrec.errors import PluginError, TailrecError
    from tailrec.registry import load

    try:
        loaded = load(name)
    except TailrecError:
        raise
    except Exception as error:
        raise PluginError(f"the data set {name} could not be loaded: {type(error).__name__}: {error}") from error
    facts = {key: value.item() if hasattr(value, "item") else value for key, value in loaded.describe().items()}
    if as_json:
        import json

        print(json.dumps({"name": name, "title": loaded.title, "licence": loaded.licence, **facts}, indent=1))
        return
    print(f"{loaded.title or name}\n{loaded.licence}".rstrip())
    for key, value in facts.items():
        print(f"{key:20} {value:,.4g}" if isinstance(value, float) else f"{key:20} {value:,}")


@app.command()
def lab(notebook: Annotated[Path | None, typer.Argument(help="The notebook to open.")] = None) -> None:
    """Open the course in JupyterLab."""
    from tailrec.errors import InputError

    target = notebook or Path("notebooks")
    if not target.exists():
        raise InputError(
            f"expected a notebook or folder {str(target)!r}, there is none here; run this in the project's folder"
        )
    try:
        os.execv(sys.executable, [sys.executable, "-m", "jupyter", "lab", str(target)])
    except OSError as error:
        raise InputError(f"JupyterLab cannot be started: {error.strerror}; install it with `make setup`") from None


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def main() -> None:
    """Run the command line; what a user can mend is one sentence and exit status 2."""
    from tailrec.errors import TailrecError

    # A request to end is treated as Ctrl-C is: the workers are ended too.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        try:
            app(prog_name="tailrec")
        finally:
            sys.stdout.flush()
    except TailrecError as error:
        print(f"tailrec: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # whoever read the output has left; what is still to be flushed goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        if error.filename is not None:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"tailrec: the output cannot be written: {error.strerror}; what was computed is kept", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
