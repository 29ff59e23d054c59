"""Which control a parameter gets, by its annotation."""

from pathlib import Path
from typing import Annotated, Any, Literal

import ipywidgets
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

import tailrec
from tailrec.widgets.controls import control_for, options, text_of, value_of


class Every(tailrec.Parameters):
    box: bool = True
    perhaps: bool | None = None
    word: Literal["a", "b"] = "b"
    number: Literal[1, 2] | None = 2
    few: Annotated[int, Field(ge=1, le=5)] = 3
    share: Annotated[float, Field(ge=0, le=1)] = 0.75
    wide: Annotated[float, Field(ge=0, le=0.1)] = 0.05
    open_below: Annotated[float, Field(gt=0, le=1)] = 0.5
    one_bound: Annotated[int, Field(ge=1)] = 3
    huge: Annotated[int, Field(ge=0, le=10**6)] = 3
    point: Annotated[int, Field(ge=1, le=1)] = 1
    numbers: list[int] = [64, 32]
    text: str = "a,b"
    path: str | Path | None = None
    anything: Any = None


KINDS = {
    "box": (ipywidgets.Checkbox, True), "perhaps": (ipywidgets.Dropdown, None), "word": (ipywidgets.Dropdown, "b"),
    "number": (ipywidgets.Dropdown, 2), "few": (ipywidgets.IntSlider, 3), "share": (ipywidgets.FloatSlider, 0.75),
    "wide": (ipywidgets.FloatSlider, 0.05), "open_below": (ipywidgets.Text, "0.5"), "one_bound": (ipywidgets.Text, "3"),
    "huge": (ipywidgets.Text, "3"), "point": (ipywidgets.Text, "1"), "numbers": (ipywidgets.Text, "[64,32]"),
    "text": (ipywidgets.Text, '"a,b"'), "path": (ipywidgets.Text, "none"), "anything": (ipywidgets.Text, "none"),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_a_parameter_gets_its_control(name):
    control = control_for(name, Every.__pydantic_fields__[name], getattr(Every(), name))
    assert (type(control), control.value, control.description) == (*KINDS[name], name)


def test_every_parameter_of_the_class_was_asked():
    assert list(KINDS) == Every.parameter_names()


def test_a_slider_stands_between_the_bounds_and_shows_what_it_stands_at():
    few = control_for("few", Every.__pydantic_fields__["few"], 3)
    wide = control_for("wide", Every.__pydantic_fields__["wide"], 0.05)
    assert (few.min, few.max) == (1, 5)
    assert (wide.min, wide.max, wide.step, wide.readout_format) == (0, 0.1, 0.001, ".3f")


def test_choices_are_counted_or_not():
    assert options(Literal["a"] | bool) == ["a", True, False]
    assert options(int | None) is None and options(list[bool]) is None


@given(st.none() | st.booleans() | st.text() | st.lists(st.text(max_size=5), max_size=3))
def test_a_value_is_read_back_from_its_text(value):
    class Held(tailrec.Parameters):
        value: bool | str | list[str] | None = None

    assert Held.from_text({"value": value_of(text_of(value))}).value == _as_read(value)


def _as_read(value: Any) -> Any:
    """Return what the command line makes of a text that reads as something else."""
    return value if not isinstance(value, bool) else str(value).lower()


def test_an_open_bracket_gets_a_sentence():
    with pytest.raises(tailrec.InputError, match=r"expected a value as on the command line, received '\[64'; one that"):
        value_of("[64")
