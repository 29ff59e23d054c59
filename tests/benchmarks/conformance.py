"""What the conformance kit takes for every plugin that is installed and needs no parameter."""

from __future__ import annotations

import argparse
import os
import sys

# One thread, as for every piece of a comparison; it counts from the first import on.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import tailrec  # noqa: E402

#: What imports TensorFlow may take longer, and needs parameters that make it quick.
TENSORFLOW = ("mlp", "neumf", "sasrec", "two-tower")
ELSEWHERE = ("rectools", "lenskit", "csv", "parquet", "sequences")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at-most", type=float, default=10.0, help="seconds for a plugin")
    arguments = parser.parse_args()
    print(f"\n{__doc__}\nPython {sys.version.split()[0]}", flush=True)
    for row in tailrec.plugins().itertuples():
        if row.name in (*TENSORFLOW, *ELSEWHERE) or row.status != "ok":
            continue
        seconds = tailrec.check(row.name).seconds
        holds = "holds" if seconds <= arguments.at_most else "DOES NOT HOLD"
        print(f"{row.kind:7} {row.name:16} {seconds:5.1f} s (at most {arguments.at_most:g}): {holds}", flush=True)


if __name__ == "__main__":
    main()
