"""A new user's top-20 and the reasons after a click: 10,000 items, a history of 1 to 20 clicks."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

from startup import say

N_USERS, N_ITEMS, K = 20_000, 10_000, 20
MODELS = ("popularity", "item-knn", "ease", "ials")


def milliseconds(work: Callable[[], object], repeats: int) -> float:
    """Return the median time; the first run is not counted."""
    work()
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return 1000 * statistics.median(taken)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=30, help="clicks a history; the median counts")
    repeats = parser.parse_args().repeats

    import numpy as np

    import tailrec

    print(f"\n{__doc__}\nmedian of {repeats} clicks", flush=True)
    train = tailrec.load("synthetic", n_users=N_USERS, n_items=N_ITEMS, tail_share=0.0, seed=0)
    popularity = train.item_counts().astype(float)
    rng = np.random.default_rng(0)
    for name in MODELS:
        model = tailrec.model(name).fit(train)
        for n_clicks in (1, 5, 20):
            clicks = rng.choice(N_ITEMS, n_clicks, replace=False).tolist()
            taken = milliseconds(
                lambda m=model, c=clicks: tailrec.widgets.NewUser.compute(m, c, popularity, K), repeats
            )
            say(f"{name}, {n_clicks} clicks", taken, 20, "ms")
    widget = tailrec.widgets.NewUser(model, train, k=K)
    say("the widget with it, search and click", milliseconds(lambda: click(widget, rng), repeats), 20, "ms")


def click(widget, rng) -> None:
    """Search, click, and take the click back where there are ten."""
    widget.search.value = str(rng.integers(100))
    widget.add.click()
    if len(widget.clicks) > 10:
        widget.reset.click()


if __name__ == "__main__":
    main()
