"""Checks of every kind: parameters, how a plugin is written, whether it can be shipped, and what it states."""

# ruff: noqa: D401 (the docstring of a check says what holds)

from __future__ import annotations

import pathlib
import typing
from collections.abc import Iterator
from typing import Any

import cloudpickle
import numpy as np

from tailrec import interfaces, names
from tailrec.conformance.checks import Fault, NotApplicable, check
from tailrec.conformance.subject import Subject
from tailrec.contracts import wrong_signature
from tailrec.errors import InputError
from tailrec.parameters import Parameters, label


@check("data", "model", "metric", mend="write `api_version: ClassVar[int] = 1`, or leave it out")
def api_version_known(subject: Subject) -> None:
    """The version of the contract that it was written for is one that this tailrec serves."""
    version = subject.cls.api_version
    if type(version) is not int or not interfaces.OLDEST_API_VERSION <= version <= interfaces.API_VERSION:
        served = f"{interfaces.OLDEST_API_VERSION} to {interfaces.API_VERSION}"
        raise Fault(f"`api_version` is {version!r}, and this tailrec serves {served}")


@check("data", "model", "metric", mend="give the method the parameters that the contract gives it")
def signatures(subject: Subject) -> None:
    """Every method can be called as the contract calls it."""
    fault = wrong_signature(subject.cls)
    if fault:
        called, _, mend = fault.partition("; ")
        raise Fault(called, mend)


class _NoValue:
    def __repr__(self) -> str:
        return "<no value of any type>"


@check(
    "data", "model", "metric",
    mend="annotate the field with the type of its values, such as `k: int = 10`, not with Any or object",
)  # fmt: skip
def bad_values_refused(subject: Subject) -> None:
    """A value of the wrong type is refused when it is given, and the sentence names the parameter."""
    for name in subject.given.parameter_names():
        try:
            subject.fresh(**{name: _NoValue()})
        except InputError as error:
            if name not in str(error):
                raise Fault(f"a bad value of `{name}` was refused without its name: {error}") from None
        except Exception as error:
            raise Fault(
                f"a bad value of `{name}` raised {type(error).__name__}: {error}", "raise tailrec.InputError"
            ) from error
        else:
            raise Fault(f"`{name}` took {_NoValue()!r}")


@check(
    "data", "model", "metric",
    mend="leave parameters as they were given; keep what is worked out from them in attributes of other names",
    after=("bad-values-refused",),
)  # fmt: skip
def parameters_kept(subject: Subject) -> None:
    """A parameter holds the value that was given."""
    for one in _variants(subject):
        again = subject.cls(**one.parameters())
        _compare(one, again, f"`{label(subject.cls)}` made anew from its own parameters")


@check(
    "data",
    "model",
    "metric",
    mend="leave `__repr__` to the contract, and choose plain types for the parameters",
    after=("parameters-kept",),
)
def repr_round_trips(subject: Subject) -> None:
    """What `repr` writes, read as Python, gives an equal plugin."""
    for one in _variants(subject):
        text = repr(one)
        try:
            read = eval(text.replace(subject.cls.__qualname__, subject.cls.__name__), _namespace(one))
        except Exception as error:
            raise Fault(f"`{text}` cannot be read as Python: {type(error).__name__}: {error}") from error
        if not isinstance(read, subject.cls):
            raise Fault(f"`{text}` reads as a {type(read).__name__}")
        _compare(one, read, f"`{text}`")


@check(
    "data", "model", "metric",
    mend="choose types that a command line can write: numbers, text, booleans, paths, choices, and lists of them",
    after=("parameters-kept",),
)  # fmt: skip
def spelling_round_trips(subject: Subject) -> None:
    """What a command line writes (`ease:l2=300`) gives an equal plugin."""
    for one in _variants(subject):
        if any(isinstance(value, Parameters) for value in _flat(one.parameters().values())):
            continue  # an object inside is spelled by the name it is registered under
        try:
            text = names.spelling(one)
            read = subject.cls.from_text(names.parse(text)[1])
        except Exception as error:
            raise Fault(f"{one!r} cannot be written for a command line and read again: {error}") from error
        _compare(one, read, f"`{text}`")


@check(
    "data", "model", "metric",
    mend="make files, locks and connections where they are used, not in `__post_init__`",
)  # fmt: skip
def pickles(subject: Subject) -> None:
    """It can be shipped to another process (cloudpickle), and arrives with the same parameters."""
    for one in _variants(subject):
        try:
            again = cloudpickle.loads(cloudpickle.dumps(one))
        except Exception as error:
            raise Fault(f"it cannot be shipped: {type(error).__name__}: {error}") from error
        if repr(again.parameters()) != repr(one.parameters()):
            raise Fault(f"{one!r} arrived as {again!r}", "leave `__getstate__` and `__reduce__` alone")


@check("data", "model", "metric", mend="write `expected_failures: ClassVar[dict[str, str]] = {'check-name': 'reason'}`")
def expected_failures_named(subject: Subject) -> None:
    """The expected failures that the class declares are a reason for every check, by its name."""
    from tailrec.conformance.checks import names_of_checks

    declared = getattr(subject.cls, "expected_failures", None)
    if declared is None:
        raise NotApplicable("it declares none")
    if not isinstance(declared, dict):
        raise Fault(f"`expected_failures` is {declared!r}")
    for name, reason in declared.items():
        if name not in names_of_checks():
            raise Fault(f"`expected_failures` names `{name}`, and no check is called so")
        if not isinstance(reason, str) or not reason.strip():
            raise Fault(f"`expected_failures` gives no reason for `{name}`")


def _variants(subject: Subject) -> Iterator[Any]:
    """Yield the plugin, and for every parameter one with another value of it, where one can be guessed."""
    yield subject.fresh()
    annotations = {name: field.annotation for name, field in getattr(subject.cls, "__pydantic_fields__", {}).items()}
    for name in subject.given.parameter_names():
        current = getattr(subject.given, name)
        for value in (*_choices(annotations.get(name)), *_near(current)):
            try:
                other = subject.fresh(**{name: value})
            except Exception:
                continue
            if not _equal(getattr(other, name), current):
                yield other
                break


def _choices(annotation: Any) -> list[Any]:
    if typing.get_origin(annotation) is typing.Literal:
        return list(typing.get_args(annotation))
    return [choice for inner in typing.get_args(annotation) for choice in _choices(inner)]


def _near(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, float):
        return [value / 2, value * 2 + 0.1, value + 1]
    if isinstance(value, str):
        return ['a "b", [c]', "other"]
    if isinstance(value, (list, tuple)):
        return [value[:-1], (*value, *value[:1]), [*value, *value[:1]]]
    return [7, 0.25, "other", True, ["other"], [1, 2], {"key": 0.5}]


def _flat(values: Any) -> Iterator[Any]:
    for value in values:
        yield from _flat(value) if isinstance(value, (list, tuple)) else (value,)


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, Parameters) and type(one) is type(other):
        return repr(one) == repr(other)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(_equal(a, b) for a, b in zip(one, other, strict=True))
    return bool(np.array_equal(one, other)) if isinstance(one, np.ndarray) else bool(one == other)


def _compare(one: Any, read: Any, text: str) -> None:
    for name, value in one.parameters().items():
        if not _equal(value, getattr(read, name)):
            raise Fault(f"{text} reads `{name}` as {getattr(read, name)!r}, it was {value!r}")


def _namespace(plugin: Any) -> dict[str, Any]:
    import datetime

    inner = {type(value).__name__: type(value) for value in _flat(plugin.parameters().values())}
    paths = {"PosixPath": pathlib.PosixPath, "WindowsPath": pathlib.WindowsPath, "Path": pathlib.Path}
    return inner | paths | {"datetime": datetime, "array": np.array, type(plugin).__name__: type(plugin)}
