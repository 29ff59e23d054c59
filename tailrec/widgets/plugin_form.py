"""The parameters of a plugin as a form, made from its fields."""

from __future__ import annotations

import html
import inspect
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field
from types import MappingProxyType
from typing import Any

from tailrec import registry
from tailrec.errors import InputError, TailrecError, nearest
from tailrec.names import parse, spelling
from tailrec.parameters import Parameters, label
from tailrec.widgets.controls import control_for, value_of
from tailrec.widgets.opened import ipywidgets
from tailrec.widgets.parameter_docs import parameter_docs
from tailrec.widgets.parts import aligned


@dataclass(frozen=True)
class Filled:
    """What a form amounts to.

    Attributes
    ----------
    plugin
        The object, or None where there is none yet.
    wrong
        The sentence of each parameter that cannot be read, by name; under an empty name what is wrong with all of
        them together.
    """

    plugin: Any
    wrong: Mapping[str, str] = field(default_factory=dict)


class PluginForm(ipywidgets.VBox):  # type: ignore[misc]
    """Fill in the parameters of a plugin; the object and its command-line form follow.

    A field shows what its parameter means, and what is wrong with a value that the parameter refuses. Values are read
    as on the command line. An emptied field is the default.

    Parameters
    ----------
    plugin
        The name of a plugin, its spelling (`two-tower:dim=32`), or any class of `Parameters` or object of one.
    kind
        ``data``, ``model`` or ``metric``, where several have the name.

    Attributes
    ----------
    fields
        The control of each parameter, by name.

    Raises
    ------
    InputError
        Where nothing has that name, or several have.

    Examples
    --------
    >>> form = PluginForm("ndcg")
    >>> form.fields["k"].value = "20"
    >>> form.spelling, form.plugin
    ('ndcg:k=20', Ndcg(k=20))
    >>> form.fields["k"].value = "0"
    >>> form
    PluginForm(ndcg: `k` is not filled in rightly)
    """

    def __init__(self, plugin: str | type[Parameters] | Parameters, kind: str | None = None):
        self.cls, self.start = _class_and_values(plugin, kind)
        known, docs = self.cls.__pydantic_fields__, parameter_docs(self.cls)  # type: ignore[attr-defined]
        self.fields = {name: control_for(name, known[name], value) for name, value in self.start.items()}
        self._first = {name: control.value for name, control in self.fields.items()}
        self._said = {name: ipywidgets.HTML() for name in self.fields}
        self.text = ipywidgets.HTML()
        rows = []
        for name, control in zip(self.fields, aligned(list(self.fields.values())), strict=True):
            control.tooltip = docs.get(name, "")
            control.observe(lambda change: self.show(), "value")
            says = ipywidgets.HTML(_paragraph(_marked_up(docs.get(name, ""))), layout={"flex": "1 1 0"})
            rows.append(ipywidgets.VBox([ipywidgets.HBox([control, says]), self._said[name]]))
        summary = inspect.cleandoc(self.cls.__doc__ or "").partition("\n\n")[0]
        title = ipywidgets.HTML(_paragraph(f"<b>{html.escape(label(self.cls))}</b>: {_marked_up(summary)}"))
        super().__init__([title, *rows, self.text], layout={"max_width": "960px"})
        self.show()

    @staticmethod
    def compute(
        cls: type[Parameters], values: Mapping[str, Any], given: Mapping[str, Any] = MappingProxyType({})
    ) -> Filled:
        """Return the object that a form of a class amounts to, and what is wrong with each value.

        Parameters
        ----------
        cls
            The class.
        values
            What fields hold: text as on the command line, or what a list or a slider stands at; an empty text is the
            default.
        given
            Values of other fields as Python has them, taken as they are.

        Examples
        --------
        >>> class Cut(Parameters):
        ...     k: int = 10
        >>> PluginForm.compute(Cut, {"k": "3"}).plugin, PluginForm.compute(Cut, {"k": ""}).plugin
        (Cut(k=3), Cut(k=10))
        >>> PluginForm.compute(Cut, {"k": "three"}).wrong
        {'k': "expected `k` to be a valid integer, received 'three'"}
        """
        read, wrong = dict(given), {}
        for name, value in values.items():
            if isinstance(value, str) and not value.strip():
                continue
            try:
                plain = value_of(value) if isinstance(value, str) else value
                read |= cls.values_from_text({name: plain})
            except InputError as error:
                wrong[name] = str(error).removeprefix(f"{label(cls)}: ")
        return Filled(None, wrong) if wrong else _made(cls, read)

    @property
    def filled(self) -> Filled:
        """What the form amounts to now."""
        held = {name: control.value for name, control in self.fields.items()}
        # What was not touched is the value itself: not everything that Python can hold can be written as text.
        kept = {n: self.start[n] for n in held if held[n] == self._first[n] and self.start[n] is not MISSING}
        return self.compute(self.cls, {name: value for name, value in held.items() if name not in kept}, kept)

    @property
    def plugin(self) -> Any:
        """A new object with the parameters of the form; a form that is not filled in rightly raises its sentences."""
        found = self.filled
        if found.wrong:
            raise InputError(f"{label(self.cls)}: {'; '.join(found.wrong.values())}")
        return found.plugin

    @property
    def spelling(self) -> str:
        """The object as it is written on the command line."""
        return spelling(self.plugin)

    def show(self) -> None:
        """Replace the sentences beside the fields and the spelling below them."""
        found = self.filled
        for name, said in self._said.items():
            said.value = _wrong(found.wrong[name]) if name in found.wrong else ""
        if not found.wrong:
            self.text.value = f"<code>{html.escape(spelling(found.plugin))}</code>"
        else:
            self.text.value = _wrong(found.wrong.get("", "not complete yet: see the fields that are marked"))

    def __repr__(self) -> str:
        wrong = [f"`{name}`" if name else "the whole" for name in self.filled.wrong]
        if not wrong:
            return f"PluginForm({self.spelling})"
        verb = "is" if len(wrong) == 1 else "are"
        return f"PluginForm({label(self.cls)}: {', '.join(wrong)} {verb} not filled in rightly)"


def _made(cls: type[Parameters], values: Mapping[str, Any]) -> Filled:
    try:
        return Filled(cls(**values))
    except TailrecError as error:
        sentence = str(error).removeprefix(f"{label(cls)}: ")
        named = {name for name in re.findall(r"`(\w+)`", sentence) if name in cls.parameter_names()}
        return Filled(None, {named.pop() if len(named) == 1 else "": sentence})


def _paragraph(text: str) -> str:
    return f"<div style='line-height: 1.4; padding: 5px 0'>{text}</div>"


def _marked_up(doc: str) -> str:
    return re.sub(r"``?([^`]+)``?", r"<code>\1</code>", html.escape(doc))


def _wrong(sentence: str) -> str:
    # Marked by a sign as well as by its colour.
    return f"<span style='color: #B00020'>✗ {html.escape(sentence)}</span>"


def _class_and_values(plugin: Any, kind: str | None) -> tuple[type[Parameters], dict[str, Any]]:
    if isinstance(plugin, Parameters):
        return type(plugin), plugin.parameters()
    given: dict[str, Any] = {}
    if isinstance(plugin, str):
        name, texts = parse(plugin)
        cls: Any = registry.find(_kind(name, kind), name)
        given = cls.values_from_text(texts)
    elif isinstance(plugin, type) and issubclass(plugin, Parameters):
        cls = plugin
    else:
        raise InputError(f"expected the name of a plugin, or a class or object of parameters, received {plugin!r}")
    known = cls.__pydantic_fields__
    unknown = [name for name in given if name not in known]
    if unknown:
        raise InputError(f"{label(cls)}: unknown parameter `{unknown[0]}`; {nearest(unknown[0], known)}")
    defaults = {name: _default(known[name]) for name in known}
    return cls, {name: given.get(name, defaults[name]) for name in cls.parameter_names()}


def _default(known: Any) -> Any:
    return MISSING if known.is_required() else known.get_default(call_default_factory=True, validated_data={})


def _kind(name: str, kind: str | None) -> Any:
    listed = registry.plugins()
    listed = listed[(listed["name"] == name) & (listed["kind"] == (kind or listed["kind"]))]
    kinds = sorted(set(listed["kind"]))
    if len(kinds) > 1:
        raise InputError(f"expected `kind` beside `{name}`, which names several plugins: {', '.join(kinds)}")
    if not kinds and kind is None:
        raise InputError(f"no plugin is named `{name}`; {nearest(name, set(registry.plugins()['name']))}")
    return kinds[0] if kinds else kind
