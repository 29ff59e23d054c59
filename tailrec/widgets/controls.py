"""A control for a parameter: what its annotation allows decides whether it is a box, a list, a slider or text."""

from __future__ import annotations

import math
import types
from dataclasses import MISSING
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from tailrec.errors import InputError
from tailrec.names import parse, spell
from tailrec.widgets.opened import ipywidgets
from tailrec.widgets.parts import labelled

#: More steps than this are more than a slider can be moved through by hand.
_MOST_STEPS = 1000


def control_for(name: str, field: FieldInfo, value: Any) -> Any:
    """Return the control of a parameter, standing at a value.

    A yes or no is a box, a choice a list, a number between two bounds that belong to its range a slider. Everything
    else is text, read as on the command line: a number with one bound would be moved to it in silence by a
    control that knows the bound, and here it gets its sentence.

    Parameters
    ----------
    name
        Its description.
    field
        The parameter, as pydantic knows it.
    value
        Where it stands; `MISSING` where there is no default.
    """
    allowed = options(field.annotation)
    given = value is not MISSING
    if field.annotation is bool and given:
        return labelled(ipywidgets.Checkbox, name, value=value, indent=False)
    if allowed is not None and value in allowed:
        return labelled(ipywidgets.Dropdown, name, options=[(text_of(one), one) for one in allowed], value=value)
    low, high = _bound(field, "ge"), _bound(field, "le")
    if low is not None and high is not None and low < high and given:
        if field.annotation is int and high - low <= _MOST_STEPS:
            return labelled(ipywidgets.IntSlider, name, min=low, max=high, value=value)
        if field.annotation is float:
            step = (high - low) / 100
            digits = f".{max(2, math.ceil(-math.log10(step)))}f"
            return labelled(
                ipywidgets.FloatSlider, name, min=low, max=high, step=step, value=value, readout_format=digits
            )
    text = text_of(value) if given else ""
    return labelled(ipywidgets.Text, name, value=text, placeholder=text or "no default: write a value here")


def options(annotation: Any) -> list[Any] | None:
    """Return every value that an annotation allows, where they can be counted, and None elsewhere.

    Examples
    --------
    >>> options(Literal["users", "events"]), options(bool | None), options(int)
    (['users', 'events'], [True, False, None], None)
    """
    if annotation is bool:
        return [True, False]
    if annotation in (None, type(None)):
        return [None]
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    if get_origin(annotation) in (Union, types.UnionType):
        parts = [options(part) for part in get_args(annotation)]
        return None if None in parts else [value for part in parts for value in part or ()]
    return None


def text_of(value: Any) -> str:
    """Return a value as it is written on the command line.

    Examples
    --------
    >>> text_of([64, 32]), text_of(None), text_of("a,b")
    ('[64,32]', 'none', '"a,b"')
    """
    return spell("_", {"_": value}).partition("=")[2]


def value_of(text: str) -> Any:
    """Return what a text of the command line holds, before a parameter reads it.

    Examples
    --------
    >>> value_of("[64,32]"), value_of("none")
    (['64', '32'], None)

    Raises
    ------
    InputError
        Where a bracket or a quote is not closed.
    """
    try:
        return parse(f"_:_={text}")[1]["_"]
    except InputError:
        # The sentence would speak of the whole spelling, which nobody has written here.
        raise InputError(
            f"expected a value as on the command line, received {text!r}; "
            "one that holds a comma, a bracket or a quote stands in double quotes"
        ) from None


def _bound(field: FieldInfo, which: str) -> Any:
    return next((bound for one in field.metadata if (bound := getattr(one, which, None)) is not None), None)
