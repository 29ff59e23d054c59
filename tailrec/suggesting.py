"""What a search tries next: a function of what it has tried so far and a seed, through optuna."""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from tailrec import names
from tailrec.errors import InputError
from tailrec.search_space import Choice, Range, Space

#: How often optuna is asked for something that has not been tried.
_ATTEMPTS = 20
#: Spaces with at most this many combinations are searched to the last one.
_COUNTABLE = 10_000


class Tried(NamedTuple):
    """Values of the parameters, and what came of them; None where it failed."""

    parameters: dict[str, Any]
    value: float | None


def suggest(space: Space, tried: Sequence[Tried], seed: int, *, higher_is_better: bool = True) -> dict[str, Any] | None:
    """Return the parameters to try next, none of those tried; None where there are no others.

    They come from a tree-structured Parzen estimator (Bergstra et al., "Algorithms for hyper-parameter optimization",
    NeurIPS 2011), whose first ten are drawn at random. Nothing else is remembered between two calls, so a search that
    was interrupted goes on as if it had not been. Numbers are rounded to four digits.

    Parameters
    ----------
    space
        What may be tried.
    tried
        What was tried so far, in order.
    seed
        Of the search.
    higher_is_better
        Whether a larger value is a better one.

    Raises
    ------
    InputError
        Where optuna is not installed.

    Examples
    --------
    >>> space = {"dim": Choice((16, 32))}
    >>> first = suggest(space, [], seed=0)
    >>> second = suggest(space, [Tried(first, 0.1)], seed=0)
    >>> sorted([first["dim"], second["dim"]]), suggest(space, [Tried(first, 0.1), Tried(second, 0.2)], seed=0)
    ([16, 32], None)
    """
    optuna = require_optuna()
    distributions = {key: _distribution(optuna, one) for key, one in space.items()}
    seen = {_key(one.parameters) for one in tried}
    with _quiet(optuna):
        study = optuna.create_study(direction="maximize" if higher_is_better else "minimize")
        study.add_trials(
            [_trial(optuna, space, distributions, one) for one in tried if _lies_in(space, one.parameters)]
        )
        for attempt in range(_ATTEMPTS):
            drawn = np.random.SeedSequence([seed, len(tried), attempt]).generate_state(1)
            study.sampler = optuna.samplers.TPESampler(seed=int(drawn[0]))
            trial = study.ask(distributions)
            found = {key: _value(one, trial.params[key]) for key, one in space.items()}
            if _key(found) not in seen:
                return found
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
    left = [one for one in _every(space) if _key(one) not in seen]
    return left[np.random.default_rng([seed, len(tried)]).integers(len(left))] if left else None


def require_optuna() -> Any:
    """Import optuna and return it.

    Raises
    ------
    InputError
        Where it is not installed, with the command that installs it.
    """
    try:
        import optuna
    except ImportError:
        raise InputError("expected optuna to search with, it is not installed: pip install 'tailrec[tune]'") from None
    return optuna


def _distribution(optuna: Any, one: Range | Choice) -> Any:
    if isinstance(one, Choice):
        return optuna.distributions.CategoricalDistribution(tuple(map(_text, one.values)))
    kind = optuna.distributions.IntDistribution if one.whole else optuna.distributions.FloatDistribution
    return kind(one.low, one.high, log=one.log)


def _value(one: Range | Choice, drawn: Any) -> Any:
    if isinstance(one, Choice):
        return one.values[list(map(_text, one.values)).index(drawn)]
    return drawn if one.whole else min(max(float(f"{drawn:.4g}"), float(one.low)), float(one.high))


def _trial(optuna: Any, space: Space, distributions: Any, tried: Tried) -> Any:
    drawn = {key: _text(value) if isinstance(space[key], Choice) else value for key, value in tried.parameters.items()}
    state = optuna.trial.TrialState.FAIL if tried.value is None else optuna.trial.TrialState.COMPLETE
    return optuna.trial.create_trial(state=state, value=tried.value, params=drawn, distributions=distributions)


def _lies_in(space: Space, parameters: dict[str, Any]) -> bool:
    """Tell whether the search could have come to these parameters: the model as it was given may lie elsewhere."""
    return all(
        _text(parameters[key]) in map(_text, one.values)
        if isinstance(one, Choice)
        else isinstance(parameters[key], (int, float)) and one.low <= parameters[key] <= one.high
        for key, one in space.items()
    )


def _every(space: Space) -> list[dict[str, Any]]:
    """Return all the combinations of a space that has few, else none."""
    sizes = [
        len(one.values) if isinstance(one, Choice) else one.high - one.low + 1 if one.whole else math.inf
        for one in space.values()
    ]
    if math.prod(sizes) > _COUNTABLE:
        return []
    axes = [one.values if isinstance(one, Choice) else range(int(one.low), int(one.high) + 1) for one in space.values()]
    return [dict(zip(space, values, strict=True)) for values in itertools.product(*axes)]


def _key(parameters: dict[str, Any]) -> str:
    return names.spell("tried", dict(sorted(parameters.items())))


def _text(value: Any) -> str:
    return names.spell("value", {"is": value})


@contextlib.contextmanager
def _quiet(optuna: Any) -> Iterator[None]:
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)
