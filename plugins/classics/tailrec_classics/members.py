"""The models that a model is made of: made when it is, fitted when it is, and what they can do together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import tailrec


class Abilities(NamedTuple):
    """What several models can do together: the least that each of them can."""

    uses_weights: bool
    folds_in: Literal["exact", "approximate"] | None
    requires: frozenset[str]


def abilities(models: Sequence[tailrec.ModelPlugin]) -> Abilities:
    """Return what the models can do together.

    Examples
    --------
    >>> abilities([tailrec.model("popularity"), tailrec.model("ials")]).folds_in
    'approximate'
    """
    kinds = {model.folds_in for model in models}
    return Abilities(
        uses_weights=all(model.uses_weights for model in models),
        folds_in=None if None in kinds else "exact" if kinds == {"exact"} else "approximate",
        requires=frozenset().union(*(model.requires for model in models)),
    )


def unfitted(models: Sequence[tailrec.ModelPlugin], seed: int) -> list[tailrec.ModelPlugin]:
    """Return copies that are not fitted: an object may be somebody else's.

    Parameters
    ----------
    seed
        Given to a model that draws random numbers and was not given a seed of its own.
    """
    made = []
    for model in models:
        values = model.parameters(changed_only=True)
        if "seed" in model.parameter_names():
            values = {"seed": seed} | values
        made.append(type(model)(**values))
    return made
