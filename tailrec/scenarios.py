"""`Scenario`: a data set, its split and its preparation under one name; the default ones."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from typing import Any

from tailrec import names, registry
from tailrec.errors import InputError, nearest
from tailrec.interactions import Interactions
from tailrec.interfaces import DataPlugin
from tailrec.preparing import STEPS, Step, prepare
from tailrec.splitting import SPLITTERS, Split, Splitter, Temporal, default_split

_KINDS = {"name": str, "data": str, "split": str, "prepare": list, "windows": list, "models": list}


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
        if not isinstance(self.data, (str, DataPlugin, Interactions)):
            raise InputError(f"expected the name of a data set, a data plugin or interactions, received {self.data!r}")
        if isinstance(self.data, Interactions):
            name = self.data.title or "data"
        else:
            name, _ = names.parse(names.spelling(self.data))
        object.__setattr__(self, "name", self.name or name)
        for key in ("prepare", "models"):
            value = getattr(self, key)
            object.__setattr__(self, key, (value,) if isinstance(value, (str, Step)) else value)
        try:
            for step in self.prepare:
                names.build(step, STEPS, "preparation step")
            self._check_windows()
        except InputError as error:
            raise InputError(f"scenario `{self.name}`: {error}") from None

    def _check_windows(self) -> None:
        splitter = self._splitter
        if self.windows is None:
            return
        if not isinstance(splitter, Temporal):
            raise InputError(f"expected a `temporal` split beside `windows`, received {self.split!r}")
        starts = [start.item() if hasattr(start, "item") else start for start in self.windows]
        if not starts or not all(isinstance(start, (int, float)) for start in starts) or len(set(starts)) < len(starts):
            raise InputError(f"expected `windows` to be one or more different starts, received {self.windows!r}")
        object.__setattr__(self, "windows", starts)
        for start in starts:
            _from(splitter, start)

    def __repr__(self) -> str:
        return f"Scenario({self.name}: {', '.join(str(part) for part in self.spelled().values() if part)})"

    @cached_property
    def interactions(self) -> Interactions:
        """The data, loaded when it is first needed."""
        if isinstance(self.data, Interactions):
            return self.data
        loaded: Interactions = registry.load(self.data)
        return loaded

    @property
    def _splitter(self) -> Splitter | None:
        return names.build(self.split, SPLITTERS, "split") if self.split is not None else None

    def spelled(self) -> dict[str, str]:
        """Return data, split and preparation as they are written."""
        return {
            "data": "interactions" if isinstance(self.data, Interactions) else names.spelling(self.data),
            "split": names.spelling(self.split) if self.split is not None else "",
            "prepare": " + ".join(names.spelling(step) for step in self.prepare),
            "windows": f"{len(self.windows)} windows" if self.windows else "",
        }

    def splits(self) -> Iterator[tuple[str, Split]]:
        """Yield the name of each window and its prepared split; one named `all` where there are no windows."""
        how = self._splitter or names.build(default_split(self.interactions), SPLITTERS, "split")
        if self.windows is None:
            yield "all", prepare(how(self.interactions), self.prepare)
            return
        for start in self.windows:
            yield f"{start:g}", prepare(_from(how, start)(self.interactions), self.prepare)


def _from(how: Splitter, start: float) -> Splitter:
    return type(how)(**(how.parameters() | {"start": float(start)}))


def default_document() -> dict[str, Any]:
    """Return what ``default.toml`` says."""
    return tomllib.loads(files("tailrec").joinpath("default.toml").read_text(encoding="utf-8"))


def default_scenarios() -> dict[str, Scenario]:
    """Return the scenarios of ``default.toml`` by name."""
    made = [read_scenario(table, "default.toml") for table in default_document()["scenario"]]
    return {scenario.name: scenario for scenario in made}


def scenario(one: Any) -> Scenario:
    """Return a scenario from the name of a default one, a data set's name or spelling, a data plugin, or itself.

    A default scenario leaves out the slow models of the default comparison; here it takes any model.
    """
    if isinstance(one, Scenario):
        return one
    known = default_scenarios()
    if isinstance(one, str) and one in known:
        return replace(known[one], models=None)
    if isinstance(one, str):
        name, _ = names.parse(one)
        data = [found.name for found in registry.listing() if found.kind == "data"]
        if name not in data:
            raise InputError(f"no scenario and no data set is named `{name}`; {nearest(name, [*known, *data])}")
    return Scenario(one)


def read_scenario(table: Mapping[str, Any], where: str) -> Scenario:
    """Return the scenario that a table of an experiment file describes; `where` is how messages name the table."""
    only_known(table, _KINDS, where)
    if "data" not in table:
        received = ", ".join(f"`{key}`" for key in table) or "nothing"
        raise InputError(f"{where}: expected `data`, the name of a data set, received only {received}")
    for key, value in table.items():
        of_text = key in ("prepare", "models") and isinstance(value, list)
        if not isinstance(value, _KINDS[key]) or (of_text and not all(isinstance(part, str) for part in value)):
            wanted = "text" if _KINDS[key] is str else "a list of numbers" if key == "windows" else "a list of texts"
            raise InputError(f"{where}: expected `{key}` to be {wanted}, received {value!r}")
    try:
        return Scenario(**table)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def only_known(table: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    """Refuse a table of an experiment file that has a key which nobody reads."""
    for key in table:
        if key not in known:
            raise InputError(f"{where}: unknown key `{key}`; {nearest(key, known)}")
