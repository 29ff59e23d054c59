"""`Scenario`: a data set, its split and its preparation under one name; the default ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tailrec import names, registry
from tailrec.errors import InputError
from tailrec.interactions import Interactions
from tailrec.interfaces import DataPlugin
from tailrec.preparing import prepare
from tailrec.splitting import SPLITTERS, Split, Splitter, Temporal, default_split


@dataclass(frozen=True, eq=False)
class Scenario:
    """A data set, how it is split and prepared, and over which windows of time.

    Attributes
    ----------
    data
        The name or spelling of a data set, a data plugin, or interactions.
    split
        The name or spelling of a split; by default the given test where the data came with one, each user's
        last events where their order is known, else random ones.
    prepare
        Preparation steps, in order.
    windows
        For a temporal split, the starts of several windows; each is a split of its own, and results are
        pooled over them by person.
    name
        What it is called in tables; by default the name of the data.
    models
        The only models to run on it, by spelling; by default all of a comparison.

    Examples
    --------
    >>> films = Scenario("movielens-small", split="last-fraction", prepare=["thin-histories:seed=0"], name="films")
    >>> films
    Scenario(films: movielens-small, last-fraction, thin-histories:seed=0)
    """

    data: str | DataPlugin | Interactions
    split: str | Splitter | None = None
    prepare: Sequence[Any] = ()
    windows: Sequence[float] | None = None
    name: str = ""
    models: Sequence[str] | None = None

    def __post_init__(self) -> None:
        if isinstance(self.data, str):
            name, _ = names.parse(self.data)
            object.__setattr__(self, "name", self.name or name)
        elif isinstance(self.data, DataPlugin):
            object.__setattr__(self, "name", self.name or type(self.data).name or type(self.data).__name__)
        elif isinstance(self.data, Interactions):
            object.__setattr__(self, "name", self.name or self.data.title or "data")
        else:
            raise InputError(f"expected the name of a data set, a data plugin or interactions, received {self.data!r}")
        if isinstance(self.prepare, str):
            object.__setattr__(self, "prepare", (self.prepare,))
        if self.windows is not None and not isinstance(self._splitter, Temporal):
            raise InputError(f"scenario `{self.name}`: expected a `temporal` split beside `windows`, received {self.split!r}")

    def __repr__(self) -> str:
        return f"Scenario({self.name}: {', '.join(str(part) for part in self.spelled().values() if part)})"

    @cached_property
    def interactions(self) -> Interactions:
        """The data, loaded when it is first needed."""
        if isinstance(self.data, Interactions):
            return self.data
        loaded = registry.load(self.data)
        if not isinstance(loaded, Interactions):
            raise InputError(f"scenario `{self.name}`: expected the data set to return Interactions, received {type(loaded).__name__}")
        return loaded

    @property
    def _splitter(self) -> Splitter | None:
        return names.build(self.split, SPLITTERS, "split") if self.split is not None else None

    def spelled(self) -> dict[str, str]:
        """Return data, split and preparation as they are written."""
        data = self.data if isinstance(self.data, str) else names.spelling(self.data) if isinstance(self.data, DataPlugin) else "interactions"
        split = self.split if isinstance(self.split, str) else names.spelling(self.split) if self.split else ""
        steps = [how if isinstance(how, str) else names.spelling(how) for how in self.prepare]
        windows = f"{len(self.windows)} windows" if self.windows else ""
        return {"data": data, "split": split, "prepare": " + ".join(steps), "windows": windows}

    def splits(self) -> Iterator[tuple[str, Split]]:
        """Yield the name of each window and its prepared split; one named `all` where there are no windows."""
        how = self._splitter or names.build(default_split(self.interactions), SPLITTERS, "split")
        if self.windows is None:
            yield "all", prepare(how(self.interactions), self.prepare)
            return
        for start in self.windows:
            window = type(how)(**(how.parameters() | {"start": float(start)}))
            yield f"{start:g}", prepare(window(self.interactions), self.prepare)

