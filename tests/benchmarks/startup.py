"""What it takes to start: import tailrec, the command line, and the main job from start to end."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from memory import run_watched
from peers import variables

TAILREC = str(Path(sys.executable).with_name("tailrec"))
#: What must not be loaded by `import tailrec`, the command line's help and the list of plugins.
HEAVY = ("tensorflow", "matplotlib", "ipywidgets", "pandas")


def seconds(commands: dict[str, list[str]], repeats: int) -> dict[str, float]:
    """Return the median time of each command; they take turns."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(repeats):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(command, env=variables(), check=True, capture_output=True)
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in taken.items()}


def say(what: str, value: float, at_most: float, unit: str) -> None:
    """Print a figure, its bar and whether it holds."""
    print(f"{what}: {value:.3g} {unit} (at most {at_most:g}): {'holds' if value <= at_most else 'DOES NOT HOLD'}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="processes a command; the median counts")
    parser.add_argument("--quick", action="store_true", help="leave out the main job")
    arguments = parser.parse_args()
    print(f"\n{__doc__}\nmedian of {arguments.repeats} processes, Python {sys.version.split()[0]}", flush=True)
    commands = {
        "python": [sys.executable, "-c", "pass"],
        "import": [sys.executable, "-c", "import tailrec"],
        "help": [TAILREC, "--help"],
        "plugins": [TAILREC, "plugins"],
    }
    # The first run writes compiled files and warms the disk's cache.
    seconds(commands, 1)
    found = seconds(commands, arguments.repeats)
    say("import tailrec, beyond Python itself", found["import"] - found["python"], 0.3, "s")
    say("tailrec --help", found["help"], 0.7, "s")
    say("tailrec plugins", found["plugins"], 0.7, "s")
    listed = f"import sys, tailrec; print([name for name in {HEAVY} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", listed], check=True, capture_output=True, text=True).stdout.strip()
    print(f"loaded by import tailrec, of {', '.join(HEAVY)}: {loaded} (expected []): ", end="")
    print("holds" if loaded == "[]" else "DOES NOT HOLD", flush=True)
    if arguments.quick:
        return
    with tempfile.TemporaryDirectory() as folder:
        taken, peak, _ = run_watched([TAILREC, "compare", "--out", f"{folder}/results"], variables())
    say("tailrec compare, the main job", taken, 90, "s")
    say("tailrec compare, all its processes", peak / 1024, 3, "GB")


if __name__ == "__main__":
    main()
