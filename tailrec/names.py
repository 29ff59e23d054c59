"""The one spelling of a thing with its parameters: ``recall:k=20``, ``blend:models=[ease,ials]``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tailrec.errors import InputError, nearest

_OPEN, _CLOSE = "[", "]"


def parse(text: str) -> tuple[str, dict[str, Any]]:
    """Read a name with its parameters; values stay text, and a list in brackets becomes a list of texts.

    Parameters
    ----------
    text
        ``name`` or ``name:key=value,key=[a,b]``. A value that holds a comma, a bracket or a quote stands in
        double quotes; inside them, a quote or a backslash is written with a backslash before it.

    Raises
    ------
    InputError
        Where the text is not of this form.

    Examples
    --------
    >>> parse("recall:k=20,denominator=min")
    ('recall', {'k': '20', 'denominator': 'min'})
    >>> parse("blend:models=[ease:l2=300,ials]")
    ('blend', {'models': ['ease:l2=300', 'ials']})
    """
    name, colon, rest = text.strip().partition(":")
    if not name or any(character in name for character in ' ="[],'):
        raise InputError(f"expected a name such as `ndcg` or `ndcg:k=20`, received {text!r}")
    if colon and not rest:
        raise InputError(f"expected parameters after the colon, as in `{name}:key=value`, received {text!r}")
    values: dict[str, Any] = {}
    for part in _split(rest, text) if rest else ():
        key, equals, value = part.partition("=")
        key = key.strip().replace("-", "_")
        if not equals or not key:
            raise InputError(f"expected `key=value` after `{name}:`, received {part!r} in {text!r}")
        if key in values:
            raise InputError(f"expected each parameter once, received `{key}` twice in {text!r}")
        values[key] = _value(value.strip(), text)
    return name, values


def spell(name: str, values: Mapping[str, Any]) -> str:
    """Write a name with its parameters so that `parse` reads them back.

    Examples
    --------
    >>> spell("recall", {"k": 20})
    'recall:k=20'
    >>> spell("csv", {"path": "a,b.csv", "test": None})
    'csv:path="a,b.csv",test=none'
    """
    if not values:
        return name
    return name + ":" + ",".join(f"{key}={_text(value)}" for key, value in values.items())


def spelling(thing: Any) -> str:
    """Return how an object of `Parameters` is written, with the parameters that differ from their defaults."""
    return spell(thing.name or type(thing).__name__, thing.parameters(changed_only=True))


def _text(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return _OPEN + ",".join(_text(item) for item in value) + _CLOSE
    if hasattr(value, "parameters"):
        return spelling(value)
    text = str(value)
    # A nested name keeps its own colons and brackets; anything that would break the reading is quoted.
    plain = text and text == text.strip() and not any(character in text for character in '",[]\\') and text != "none"
    nested = ":" in text and "=" in text and '"' not in text and _is_nested(text)
    return text if plain or nested else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _is_nested(text: str) -> bool:
    try:
        name, values = parse(text)
    except InputError:
        return False
    return bool(values) and "/" not in name and "\\" not in text


def _value(text: str, whole: str) -> Any:
    if text.startswith(_OPEN) and text.endswith(_CLOSE):
        items: list[str] = []
        for item in _split(text[1:-1], whole) if text[1:-1].strip() else ():
            # In `[ease:l2=300,threads=2,ials]` the second part belongs to the first item's parameters.
            continues = items and ":" in items[-1] and "=" in item and ":" not in item.partition("=")[0]
            if continues:
                items[-1] += "," + item.strip()
            else:
                items.append(item.strip())
        return [_value(item, whole) for item in items]
    if len(text) >= 2 and text[0] == '"' and text[-1] == '"':
        return text[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return text


def _split(text: str, whole: str) -> Iterator[str]:
    """Yield the parts between the commas that stand outside brackets and quotes."""
    depth, quoted, start, escaped = 0, False, 0, False
    for position, character in enumerate(text):
        if escaped:
            escaped = False
        elif quoted and character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif not quoted and character in (_OPEN, _CLOSE):
            depth += 1 if character == _OPEN else -1
            if depth < 0:
                break
        elif character == "," and not quoted and depth == 0:
            yield text[start:position]
            start = position + 1
    if depth != 0 or quoted:
        raise InputError(f"expected every bracket and quote to be closed, received {whole!r}")
    yield text[start:]


def build(how: Any, known: Mapping[str, Any], what: str) -> Any:
    """Return one of the known classes of `Parameters` from its spelling, built leniently; anything but text is returned.

    Raises
    ------
    InputError
        Where the name is not known; the nearest are offered.
    """
    if not isinstance(how, str):
        return how
    name, texts = parse(how)
    if name not in known:
        raise InputError(f"no {what} is named `{name}`; {nearest(name, known)}")
    return known[name].from_text(texts)


def name_all(known: Mapping[str, Any]) -> None:
    """Tell each class the name that it goes by."""
    for name, cls in known.items():
        cls.name = name
