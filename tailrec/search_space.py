"""What a search may try for each parameter of a model: a range or a list, from text, from the model, or its bounds."""

from __future__ import annotations

import math
import re
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from tailrec import names
from tailrec.errors import InputError, nearest
from tailrec.parameters import Parameters, label

_RANGE = re.compile(r"(?P<low>[^\[\],:]+?)\.\.(?P<high>[^\[\],:]+)(?P<scale>:.*)?")
_FORMS = "`{key}=[1,2,4]`, `{key}=1..10` or `{key}=0.01..10:log`"


@dataclass(frozen=True)
class Range:
    """Every number between two, both included; on a logarithmic scale, every factor is as likely as every other."""

    low: int | float
    high: int | float
    log: bool = False

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are tried."""
        return isinstance(self.low, int)

    def __str__(self) -> str:
        return f"{self.low:g}..{self.high:g}" + (":log" if self.log else "")

    def edge(self, value: Any) -> str:
        """Return ``lower`` or ``upper`` where a value lies in the outermost twentieth of the range, else nothing."""
        low, high, at = (math.log(x) if self.log else float(x) for x in (self.low, self.high, value))
        share = (at - low) / (high - low)
        return "lower" if share <= 0.05 else "upper" if share >= 0.95 else ""


@dataclass(frozen=True)
class Choice:
    """One of several values."""

    values: tuple[Any, ...]

    def __str__(self) -> str:
        return names.spell("", {"": list(self.values)})[2:]

    def edge(self, value: Any) -> str:
        """Return ``lower`` or ``upper`` where a value is the smallest or largest of at least three numbers."""
        numbers = [one for one in self.values if isinstance(one, (int, float)) and not isinstance(one, bool)]
        if len(numbers) < max(3, len(self.values)):
            return ""
        return "lower" if value == min(numbers) else "upper" if value == max(numbers) else ""


Space: TypeAlias = dict[str, "Range | Choice"]


def search_space(model: Parameters, search: Mapping[str, Any] | Iterable[str] | None = None) -> Space:
    """Return what to try for each parameter.

    Parameters
    ----------
    model
        The model; what is not searched keeps its value.
    search
        By parameter a list of values, or text: ``[16,32,64]``, ``10..500`` or ``0.001..1:log``; or texts such as
        ``l2=1..100:log``. By default what the model's class declares as ``search``; where it declares nothing, its
        parameters that have both bounds, a few named values, or are yes or no.

    Raises
    ------
    InputError
        Where there is nothing to search, a parameter is unknown, or a value is none that it takes.

    Examples
    --------
    >>> import tailrec
    >>> space = search_space(tailrec.model("item-knn"), ["k=10..500:log", "similarity=[cosine,bm25]"])
    >>> print(*space.values())
    10..500:log [cosine,bm25]
    """
    cls = type(model)
    given = _by_parameter(search, cls) if search is not None else dict(getattr(cls, "search", {}))
    space = {key: _read(cls, key, wanted) for key, wanted in given.items()} or _bounded(cls)
    if not space:
        raise InputError(
            f"{label(cls)}: expected to be told what to search, since no parameter of it has both bounds; "
            f"say it as in {_example(model)}"
        )
    return space


def _by_parameter(search: Mapping[str, Any] | Iterable[str], cls: type[Parameters]) -> dict[str, Any]:
    if isinstance(search, Mapping):
        return dict(search)
    found: dict[str, Any] = {}
    for text in [search] if isinstance(search, str) else search:
        key, equals, wanted = text.partition("=")
        key = key.strip().replace("-", "_")
        if not equals or not key.isidentifier() or not wanted.strip():
            raise InputError(f"expected what to search as {_FORMS.format(key='dim')}, received {text!r}")
        if key in found:
            raise InputError(f"{label(cls)}: expected each parameter once, received `{key}` twice")
        found[key] = wanted.strip()
    return found


def _read(cls: type[Parameters], key: str, wanted: Any) -> Range | Choice:
    known = cls.parameter_names()
    if key not in known:
        raise InputError(f"{label(cls)}: unknown parameter `{key}`; {nearest(key, known)}")
    if key == "seed":
        raise InputError(f"{label(cls)}: `seed` is not searched, for the best of several seeds is luck; leave it out")
    if isinstance(wanted, (list, tuple)):
        return _choice(cls, key, wanted)
    if not isinstance(wanted, str):
        raise InputError(
            f"{label(cls)}: expected `{key}` as a list or as {_FORMS.format(key=key)}, received {wanted!r}"
        )
    found = _RANGE.fullmatch(wanted.strip())
    if found:
        return _range(cls, key, wanted, found)
    if not wanted.strip().startswith("["):
        raise InputError(f"{label(cls)}: expected `{key}` as {_FORMS.format(key=key)}, received {wanted!r}")
    return _choice(cls, key, names.parse(f"search:{key}={wanted.strip()}")[1][key])


def _range(cls: type[Parameters], key: str, wanted: str, found: re.Match[str]) -> Range:
    low, high = (cls.values_from_text({key: found[end].strip()})[key] for end in ("low", "high"))
    if not all(type(end) in (int, float) for end in (low, high)):
        raise InputError(
            f"{label(cls)}: expected a list of values for `{key}`, which is no number, received {wanted!r}"
        )
    scale = (found["scale"] or "")[1:].strip()
    if scale not in ("", "log"):
        raise InputError(f"{label(cls)}: expected `log` or nothing after the range of `{key}`, received {scale!r}")
    if not low < high:
        raise InputError(f"{label(cls)}: expected the range of `{key}` to rise, received {wanted!r}")
    if scale and low <= 0:
        raise InputError(f"{label(cls)}: expected a range of `{key}` above zero beside `log`, received {wanted!r}")
    return Range(low, high, bool(scale))


def _choice(cls: type[Parameters], key: str, wanted: Sequence[Any]) -> Choice:
    values = [cls.values_from_text({key: one})[key] for one in wanted]
    spelled = [names.spell("", {"": value}) for value in values]
    if len(set(spelled)) < max(2, len(values)):
        raise InputError(f"{label(cls)}: expected two or more different values for `{key}`, received {values!r}")
    return Choice(tuple(values))


def _bounded(cls: type[Parameters]) -> Space:
    """Return the ranges and choices that the annotations of the parameters tell."""
    space: Space = {}
    hints = typing.get_type_hints(cls, include_extras=True)
    for key in cls.parameter_names():
        kind, bounds = _without_extras(hints[key])
        if kind is bool:
            space[key] = Choice((False, True))
        elif typing.get_origin(kind) is typing.Literal and len(typing.get_args(kind)) > 1:
            space[key] = Choice(typing.get_args(kind))
        elif kind in (int, float) and {"low", "high"} <= bounds.keys() and bounds["low"] < bounds["high"]:
            space[key] = Range(bounds["low"], bounds["high"])
    return space


def _without_extras(hint: Any) -> tuple[Any, dict[str, Any]]:
    """Return the bare type, and the lowest and highest value where the annotation tells them."""
    if typing.get_origin(hint) is not typing.Annotated:
        return hint, {}
    kind, *extras = typing.get_args(hint)
    bounds: dict[str, Any] = {}
    for one in (part for extra in extras for part in getattr(extra, "metadata", [extra])):
        for end, included, excluded, step in (("low", "ge", "gt", 1), ("high", "le", "lt", -1)):
            if hasattr(one, included):
                bounds[end] = getattr(one, included)
            elif hasattr(one, excluded):
                bounds[end] = getattr(one, excluded) + (step if kind is int else 0)
    return kind, {end: kind(value) for end, value in bounds.items()} if kind in (int, float) else {}


def _example(model: Parameters) -> str:
    for key, value in model.parameters().items():
        if type(value) in (int, float) and value > 0 and key != "seed":
            return f"`{key}={Range(_scaled(value, 0.1), _scaled(value, 10), log=True)}`"
    return _FORMS.format(key=(model.parameter_names() or ["k"])[0])


def _scaled(value: Any, by: float) -> Any:
    return max(1, round(value * by)) if type(value) is int else value * by
