"""For tests and docstrings: a data set of a few users, a ranking worked out by hand, the kit as a pytest decorator."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tailrec.conformance.checks import Check
from tailrec.conformance.running import Expected, Run
from tailrec.conformance.worked import four_users

if TYPE_CHECKING:
    from tailrec.holdout import Split
    from tailrec.interactions import Interactions

__all__ = ["four_users", "parametrize_with_checks", "tiny", "tiny_split"]

#: user, items oldest first, a rating for each.
_TINY = {
    "a": ("tea jam rye nut", [5, 4, 3, 4]),
    "b": ("tea jam rye", [4, 4, 2]),
    "c": ("jam tea", [3, 5]),
    "d": ("rye oat fig tea", [5, 4, 4, 1]),
    "e": ("oat rye fig", [4, 5, 3]),
    "f": ("fig", [5]),
}
_FEATURES = {
    "fig": ("Dried figs", "fruit"),
    "jam": ("Plum jam", "fruit|spread"),
    "nut": ("Nut butter", "spread"),
    "oat": ("Rolled oats", "grain"),
    "rye": ("Rye bread", "grain"),
    "tea": ("Black tea", "drink"),
}


def tiny() -> Interactions:
    """Return a data set of six users and six items, for tests and docstrings.

    ====  =======================================
    user  items, oldest first (day 1, 2, ...)
    ====  =======================================
    a     tea 5, jam 4, rye 3, nut 4
    b     tea 4, jam 4, rye 2
    c     jam 3, tea 5
    d     rye 5, oat 4, fig 4, tea 1
    e     oat 4, rye 5, fig 3
    f     fig 5
    ====  =======================================

    The numbers are ratings; a timestamp is in days; items have a title and genres.

    Examples
    --------
    >>> tiny()
    <Interactions: 6 users, 6 items, 17 events, with rating and timestamp>
    >>> tiny().items.tolist()
    ['fig', 'jam', 'nut', 'oat', 'rye', 'tea']
    >>> tiny().history_lengths().tolist()
    [4, 3, 2, 4, 3, 1]
    """
    import pandas as pd

    from tailrec.interactions import Interactions

    events = [
        (user, item, rating, day)
        for user, (items, ratings) in _TINY.items()
        for day, (item, rating) in enumerate(zip(items.split(), ratings, strict=True), start=1)
    ]
    return Interactions.from_frame(
        pd.DataFrame(events, columns=["user", "item", "rating", "day"]),
        rating="rating",
        timestamp="day",
        item_features=pd.DataFrame.from_dict(_FEATURES, orient="index", columns=["title", "genres"]),
        title="tiny",
        licence="Made up: anybody's.",
    )


def tiny_split() -> Split:
    """Return `tiny` with each user's last item as the test and the one before it as the validation.

    Examples
    --------
    >>> split = tiny_split()
    >>> split.train.items[split.train.frame["item"]].tolist()
    ['tea', 'jam', 'tea', 'jam', 'rye', 'oat', 'oat', 'fig']
    >>> int(split.validation.targets.nnz), int(split.test.targets.nnz)
    (4, 5)
    """
    from tailrec.splitting import split

    return split(tiny(), "leave-last-out")


def parametrize_with_checks(
    plugins: Iterable[Any] | Mapping[str, Any], *, expected_failures: Expected = None, limit_s: float = 300.0
) -> Callable[[Any], Any]:
    """Return a pytest decorator that runs a test once for every plugin and check, as ``ease-batches-agree``.

    Parameters
    ----------
    plugins
        Objects, classes, names or spellings; a class is made with its defaults. A mapping holds them by what the
        test's id is to call them, by default the spelling.
    expected_failures
        A reason for every check that is expected to fail, by its name, or a function from a plugin to those. The
        class may declare them too. It becomes an xfail; one that passes is an error.
    limit_s
        After how many seconds a check is ended.

    Notes
    -----
    The checks of a plugin share what they fitted, so the first that needs a fit takes longest.

    Examples
    --------
    >>> @parametrize_with_checks(["ndcg:k=3"])
    ... def test_plugin(plugin, check):
    ...     check(plugin)
    """
    import pytest

    parameters = list(_parameters(plugins, expected_failures, limit_s))
    return pytest.mark.parametrize(
        ("plugin", "check"),
        [pytest.param(run.found.plugin, check, id=f"{label}-{check}") for run, check, label in parameters],
    )


def _parameters(
    plugins: Iterable[Any] | Mapping[str, Any], expected: Expected, limit_s: float
) -> Iterator[tuple[Run, BoundCheck, str]]:
    taken: dict[str, int] = {}
    named = plugins.items() if isinstance(plugins, Mapping) else (("", plugin) for plugin in plugins)
    for name, plugin in named:
        run = Run(plugin, expected, limit_s)
        label = name or run.found.label
        taken[label] = taken.get(label, 0) + 1
        for check in run.checks:
            yield run, BoundCheck(run, check), label if taken[label] == 1 else f"{label}-{taken[label]}"


class BoundCheck:
    """A check of one plugin, to be called with that plugin in a test."""

    def __init__(self, run: Run, check: Check) -> None:
        self._run, self._check = run, check

    def __call__(self, plugin: Any) -> None:
        """Run it; what is wrong is raised as an AssertionError whose message says how to mend it."""
        import pytest

        outcome = self._run.outcome(self._check)
        if outcome.outcome == "expected failure":
            pytest.xfail(outcome.sentence)
        if outcome.outcome == "failed":
            raise AssertionError("\n".join(filter(None, [f"{self}: {outcome.sentence}", outcome.trace])))

    def __str__(self) -> str:
        return self._check.name

    __repr__ = __str__
