"""Intervals from 10,000 paired resamples of 30,000 users × 5 metrics, percentile and BCa."""

from __future__ import annotations

from pathlib import Path

from peers import Benchmark

N_USERS, N_METRICS, N_RESAMPLES = 30_000, 5, 10_000
#: How many resamples scipy makes at a time: it is fastest with few.
BATCH = 10


def inputs(folder: Path) -> None:
    import numpy as np

    rng = np.random.default_rng(0)
    served = rng.beta(0.5, 3, (N_USERS, 1))
    np.save(folder / "values.npy", served * rng.random((N_USERS, N_METRICS)))


benchmark = Benchmark(__doc__, __file__, inputs)


def ours(method: str):
    def prepare(folder: Path):
        import numpy as np

        from tailrec import bootstrap_interval

        # Imported when it is first used: not what is measured.
        bootstrap_interval([0.0, 1.0], n_resamples=10)
        values = np.load(folder / "values.npy")
        return lambda: bootstrap_interval(values, method=method, n_resamples=N_RESAMPLES)

    return prepare


def scipys(method: str):
    def prepare(folder: Path):
        import numpy as np
        from scipy.stats import bootstrap

        values = np.ascontiguousarray(np.load(folder / "values.npy").T)
        rng = np.random.default_rng(0)
        return lambda: bootstrap(
            (values,), np.mean, axis=1, n_resamples=N_RESAMPLES, batch=BATCH, method=method, rng=rng
        )

    return prepare


for ours_method, scipys_method in (("percentile", "percentile"), ("bca", "BCa")):
    benchmark.peer(f"tailrec {ours_method}", ["tailrec", "numpy"])(ours(ours_method))
    benchmark.peer(f"scipy {scipys_method}", ["scipy", "numpy"])(scipys(scipys_method))
    benchmark.bar(f"tailrec {ours_method}", f"scipy {scipys_method}", 1 / 6)
    benchmark.bar(f"tailrec {ours_method}", None, 150, "extra_mb")


if __name__ == "__main__":
    benchmark.main()
