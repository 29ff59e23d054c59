"""A class is its annotated fields: validated parameters, one constructor, one repr, one command-line form.

Data sets, models and metrics are made of this, and so are the ways to split, the preparation steps, the
segment rules and the weighting schemes. It knows none of them.
"""

from __future__ import annotations

import contextlib
import copy
import copyreg
import dataclasses
import functools
import inspect
import re
import textwrap
import types
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self, dataclass_transform

import pydantic
import pydantic.dataclasses

from tailrec.errors import InputError, nearest

_LENIENT = pydantic.ConfigDict(arbitrary_types_allowed=True, allow_inf_nan=False)
_STRICT = pydantic.ConfigDict(**_LENIENT, strict=True, validate_default=True)
# By name, so that a class from a cell finds the one marker again in another process, where it is compared by identity.
copyreg.pickle(type(dataclasses.MISSING), lambda marker: "MISSING")
_NOT_A_CONSTANT = (types.FunctionType, property, classmethod, staticmethod, functools.cached_property, type)


@dataclass_transform(kw_only_default=True, eq_default=False, field_specifiers=(pydantic.Field, dataclasses.field))
class Parameters:
    """A class whose annotated fields are its parameters, validated when they are given.

    Values from Python are taken strictly (``k="10"`` is refused where an integer is meant), values from a
    command line or a file leniently (`from_text`). A subclass must not define ``__init__``: it would never
    be called. Work that follows the parameters goes into ``__post_init__``.

    Examples
    --------
    >>> class Cut(Parameters):
    ...     k: int = 10
    >>> Cut(k=3)
    Cut(k=3)
    >>> Cut.from_text({"k": "20"})
    Cut(k=20)
    >>> Cut(k="3")
    Traceback (most recent call last):
    ...
    tailrec.errors.InputError: Cut: expected `k` to be a valid integer, received '3'
    """

    #: The name it goes by on the command line and in tables; set by whoever registers the class.
    name: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _refuse_what_would_be_ignored(cls)
        if "name" not in vars(cls):
            cls.name = ""
        _give_each_its_own_default(cls)
        pydantic.dataclasses.dataclass(cls, config=_STRICT, eq=False, kw_only=True)
        _say_errors_plainly(cls)

    @classmethod
    def parameter_names(cls) -> list[str]:
        """Return the names of the parameters, in the order in which they were declared."""
        return [field.name for field in dataclasses.fields(cls) if field.init]  # type: ignore[arg-type]

    def parameters(self, *, changed_only: bool = False) -> dict[str, Any]:
        """Return the parameters and their values; with `changed_only`, those that differ from the default."""
        fields = _fields(type(self))
        values = {name: getattr(self, name) for name in self.parameter_names()}
        if changed_only:
            return {name: value for name, value in values.items() if not _is_default(fields[name], value)}
        return values

    @classmethod
    def from_text(cls, values: Mapping[str, Any]) -> Self:
        """Build one from values that came as text or from a file: ``{"k": "20"}`` is fine for an integer.

        Raises
        ------
        InputError
            Where a name is not a parameter, or a value cannot be read as what the parameter takes.
        """
        return cls(**cls.values_from_text(values))

    @classmethod
    def values_from_text(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values that came as text as what the parameters take; an unknown name is left as it is."""
        fields = _fields(cls)
        return {key: _read(cls, key, value, fields[key]) if key in fields else value for key, value in values.items()}


def label(cls: type) -> str:
    """Return the name by which a user knows a class of parameters."""
    return getattr(cls, "name", "") or cls.__name__


def _fields(cls: type) -> dict[str, pydantic.fields.FieldInfo]:
    return getattr(cls, "__pydantic_fields__", {})


def _read(cls: type, key: str, value: Any, field: pydantic.fields.FieldInfo) -> Any:
    adapter: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(field.rebuild_annotation(), config=_LENIENT)
    try:
        return adapter.validate_python(value)
    except pydantic.ValidationError as error:
        # `none` is nothing to one parameter and a choice of another; a file has no other way to write nothing.
        if value is None or value == "none":
            with contextlib.suppress(pydantic.ValidationError):
                return adapter.validate_python("none" if value is None else None)
        raise InputError(f"{label(cls)}: {_sentences(error, key)}") from None


def _is_default(field: pydantic.fields.FieldInfo, value: Any) -> bool:
    default = field.get_default(call_default_factory=True, validated_data={})
    return _kind(default) is _kind(value) and bool(default == value)


def _kind(value: Any) -> type:
    return float if type(value) is int else type(value)


def _give_each_its_own_default(cls: type) -> None:
    for name, kind in inspect.get_annotations(cls).items():
        value = vars(cls).get(name)
        if isinstance(value, (list, dict, set)) and "ClassVar" not in str(kind):
            setattr(cls, name, dataclasses.field(default_factory=functools.partial(copy.deepcopy, value)))


def _refuse_what_would_be_ignored(cls: type) -> None:
    own, bases = vars(cls), cls.__mro__[1:]
    annotations = inspect.get_annotations(cls)
    if "__init__" in own:
        raise InputError(
            f"{cls.__name__}: an own `__init__` would be replaced by the one made from the fields, and never run; "
            "declare parameters as annotated fields (`k: int = 10`) and do the rest in `__post_init__`"
        )
    inherited: dict[str, Any] = {name: value for base in reversed(bases) for name, value in vars(base).items()}
    kinds = {name: kind for base in reversed(bases) for name, kind in inspect.get_annotations(base).items()}
    for name, value in own.items():
        constant = not name.startswith("_") and not isinstance(value, _NOT_A_CONSTANT) and not callable(value)
        if constant and name not in annotations and not _is_class_variable(kinds.get(name)):
            raise InputError(
                f"{cls.__name__}: `{name} = {value!r}` has no annotation, so it would not be a parameter; "
                f"write `{name}: {type(value).__name__} = {value!r}`, "
                f"or `{name}: ClassVar = {value!r}` for a constant"
            )
    for name, kind in annotations.items():
        if _is_class_variable(kind):
            continue
        if _is_class_variable(kinds.get(name)):
            raise InputError(
                f"{cls.__name__}: `{name}` is fixed by the contract and cannot be a parameter; "
                f"write `{name}: ClassVar = ...`"
            )
        if name in inherited and name not in kinds:
            raise InputError(
                f"{cls.__name__}: the parameter `{name}` would hide the method `{name}`; give it another name"
            )
        if name.endswith("_"):
            raise InputError(
                f"{cls.__name__}: `{name}` ends in an underscore, the mark of what `fit` learns, so it cannot be a "
                "parameter; leave the underscore out, or set it in `fit` without declaring it here"
            )


def _is_class_variable(kind: Any) -> bool:
    return "ClassVar" in str(kind)


def _say_errors_plainly(cls: type) -> None:
    generated: Callable[..., None] = cls.__init__  # type: ignore[misc]

    @functools.wraps(generated)
    def __init__(self: Any, *args: Any, **values: Any) -> None:
        known = type(self).parameter_names()
        if args:
            example = known[0] if known else "k"
            raise InputError(f"{label(type(self))}: parameters are given by name, as in `{example}=...`")
        for name in values:
            if name not in known:
                raise InputError(f"{label(type(self))}: unknown parameter `{name}`; {nearest(name, known)}")
        try:
            generated(self, **{name: _plain(value) for name, value in values.items()})
        except pydantic.ValidationError as error:
            raise InputError(f"{label(type(self))}: {_sentences(error)}") from None

    cls.__init__ = __init__  # type: ignore[misc]


def _plain(value: Any) -> Any:
    # A NumPy scalar is a number to whoever wrote it, and not to a strict validator.
    if type(value) in (list, tuple):
        return type(value)(_plain(item) for item in value)
    return value.item() if hasattr(value, "dtype") and getattr(value, "ndim", None) == 0 else value


def _sentences(error: pydantic.ValidationError, name: str = "") -> str:
    """Return a sentence a parameter: what was expected, and what came."""
    expected: dict[str, dict[str, None]] = {}
    received: dict[str, str] = {}
    for item in error.errors(include_url=False, include_context=False):
        place = (name, *item["loc"]) if name else item["loc"]
        message = item["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
        if not place or message != item["msg"]:
            return message
        where = str(place[0]) + "".join(f"[{part}]" for part in place[1:] if isinstance(part, int))
        if item["type"] == "missing" and len(place) == 1:
            return f"expected a value for `{where}`, which has no default"
        # A union reports each of its branches: what was expected is one or the other.
        expected.setdefault(where, {})[_expectation(message)] = None
        received[where] = textwrap.shorten(repr(item["input"]), 200, placeholder=" ...")
    return "; ".join(
        f"expected `{where}` {' or '.join(expected[where])}, received {received[where]}" for where in expected
    )


def _expectation(message: str) -> str:
    found = re.match(r"\w+ should (be|have|match) (.+?)(, (unable|got) .*| after validation.*)?$", message)
    return f"to {found[1]} {found[2]}" if found else f"to be usable ({message[0].lower() + message[1:]})"
