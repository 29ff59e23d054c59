"""A class is its annotated fields: validated parameters, one constructor, one repr, one command-line form.

Data sets, models and metrics are made of this, and so are the ways to split, the preparation steps, the
segment rules and the weighting schemes. It knows none of them.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import types
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self, dataclass_transform, get_type_hints

import pydantic
import pydantic.dataclasses

from tailrec.errors import InputError, nearest

_CONFIG = pydantic.ConfigDict(strict=True, arbitrary_types_allowed=True)
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
        pydantic.dataclasses.dataclass(cls, config=_CONFIG, eq=False, kw_only=True)
        _say_errors_plainly(cls)

    @classmethod
    def parameter_names(cls) -> list[str]:
        """Return the names of the parameters, in the order in which they were declared."""
        return [field.name for field in dataclasses.fields(cls) if field.init]  # type: ignore[arg-type]

    def parameters(self, *, changed_only: bool = False) -> dict[str, Any]:
        """Return the parameters and their values; with `changed_only`, those that differ from the default."""
        values = {}
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            if not field.init:
                continue
            value = getattr(self, field.name)
            if not (changed_only and _is_default(field, value)):
                values[field.name] = value
        return values

    @classmethod
    def from_text(cls, values: Mapping[str, Any]) -> Self:
        """Build one from values that came as text or from a file: ``{"k": "20"}`` is fine for an integer.

        Raises
        ------
        InputError
            Where a name is not a parameter, or a value cannot be read as what the parameter takes.
        """
        hints = get_type_hints(cls, include_extras=True)
        read = {}
        for key, value in values.items():
            if key in cls.parameter_names():
                value = None if value == "none" else value
                adapter = pydantic.TypeAdapter(hints[key], config=pydantic.ConfigDict(arbitrary_types_allowed=True))
                try:
                    value = adapter.validate_python(value, strict=False)
                except pydantic.ValidationError as error:
                    raise InputError(f"{label(cls)}: {_sentences(error, key)}") from None
            read[key] = value
        return cls(**read)


def label(cls: type) -> str:
    """Return the name by which a user knows a class of parameters."""
    return getattr(cls, "name", "") or cls.__name__


def _is_default(field: dataclasses.Field[Any], value: Any) -> bool:
    default = field.default
    # By type, not identity: a class that travelled to another process carries a copy of the marker.
    if not isinstance(field.default_factory, type(dataclasses.MISSING)):
        default = field.default_factory()
    if isinstance(default, pydantic.fields.FieldInfo):
        default = default.get_default(call_default_factory=True, validated_data={})
    return type(default) is type(value) and bool(default == value)


def _refuse_what_would_be_ignored(cls: type) -> None:
    own = vars(cls)
    annotations = inspect.get_annotations(cls)
    if "__init__" in own:
        raise InputError(
            f"{cls.__name__}: an own `__init__` would be replaced by the one made from the fields, and never run; "
            "declare parameters as annotated fields (`k: int = 10`) and do the rest in `__post_init__`"
        )
    inherited = {name for base in cls.__mro__[1:] for name in vars(base)}
    class_variables = {
        name for base in cls.__mro__[1:] for name, kind in inspect.get_annotations(base).items() if "ClassVar" in str(kind)
    }
    for name, value in own.items():
        constant = not name.startswith("_") and not isinstance(value, _NOT_A_CONSTANT) and not callable(value)
        if constant and name not in annotations and name not in class_variables:
            raise InputError(
                f"{cls.__name__}: `{name} = {value!r}` has no annotation, so it would not be a parameter; "
                f"write `{name}: {type(value).__name__} = {value!r}`, or `{name}: ClassVar = {value!r}` for a constant"
            )
    for name, kind in annotations.items():
        if "ClassVar" in str(kind):
            continue
        hidden = next((vars(base)[name] for base in cls.__mro__[1:] if name in vars(base)), None)
        if name in class_variables:
            raise InputError(
                f"{cls.__name__}: `{name}` is fixed by the contract; write `{name}: ClassVar = ...`, without making it a parameter"
            )
        if name in inherited and (callable(hidden) or isinstance(hidden, (property, classmethod, staticmethod))):
            raise InputError(f"{cls.__name__}: the parameter `{name}` would hide the method `{name}`; give it another name")


def _say_errors_plainly(cls: type) -> None:
    generated: Callable[..., None] = cls.__init__  # type: ignore[misc]

    @functools.wraps(generated)
    def __init__(self: Any, *args: Any, **values: Any) -> None:
        known = type(self).parameter_names()
        if args:
            raise InputError(f"{label(type(self))}: parameters are given by name, as in `{known[0] if known else 'k'}=...`")
        for name in values:
            if name not in known:
                raise InputError(f"{label(type(self))}: unknown parameter `{name}`; {nearest(name, known)}")
        try:
            # A NumPy scalar is a number to whoever wrote it, and not to a strict validator.
            generated(self, **{name: _plain(value) for name, value in values.items()})
        except pydantic.ValidationError as error:
            raise InputError(f"{label(type(self))}: {_sentences(error)}") from None

    cls.__init__ = __init__  # type: ignore[misc]


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "dtype") and getattr(value, "ndim", None) == 0 else value


def _sentences(error: pydantic.ValidationError, name: str = "") -> str:
    found: dict[str, list[str]] = {}
    for item in error.errors(include_url=False, include_context=False):
        place = [str(part) for part in item["loc"]]
        where = name or (place[0] if place else "")
        message = item["msg"]
        if message.startswith("Value error, "):
            sentence = message.removeprefix("Value error, ")
        elif item["type"] == "missing":
            sentence = f"expected a value for `{where}`, which has no default"
        else:
            message = message.removeprefix("Input should be ")
            sentence = f"expected `{where}` to be {message[0].lower() + message[1:]}, received {item['input']!r}"
        found.setdefault(where, []).append(sentence)
    # A union reports each of its branches; the first is the one that was meant.
    return "; ".join(sentences[0] for sentences in found.values())
