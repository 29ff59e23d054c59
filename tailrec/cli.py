"""The command line: its commands, and what becomes of an error."""

from __future__ import annotations

import os
import signal
import sys

import typer

from tailrec.commands import check, compare, data, lab, new_plugin, plugins, tune

app = typer.Typer(
    name="tailrec",
    help="Learn, teach and honestly try out recommenders for long-tail users.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _command in (
    compare.compare, tune.tune, check.check, plugins.plugins, new_plugin.new_plugin, data.data, lab.lab
):  # fmt: skip
    app.command()(_command)


@app.callback()
def _before(no_plugin: plugins.NoPlugin = None) -> None:
    """Learn, teach and honestly try out recommenders for long-tail users."""
    plugins.switch_off(no_plugin)


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
