"""The one spelling of a thing with its parameters: ``recall:k=20``, ``blend:models=[ease,ials]``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tailrec.errors import InputError, nearest

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NOT_IN_A_NAME = re.compile(r'[\s="\[\],]')
_HAS_PARAMETERS = re.compile(r'[^\s="\[\],:]+:\s*[\w-]+\s*=')
_PARAMETER = re.compile(r"\s*[\w-]+\s*=")
_PLAIN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: Where names are asked for, these are not the name of any one thing.
_RESERVED = ("all", "none")
_SHORTEST_HINT = 3


def parse(text: str) -> tuple[str, dict[str, Any]]:
    """Read a name with its parameters; values stay text, `none` is None, and brackets make a list.

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
    if not name or _NOT_IN_A_NAME.search(name):
        raise InputError(f"expected a name such as `ndcg` or `ndcg:k=20`, received {text!r}")
    if colon and not rest:
        raise InputError(f"expected parameters after the colon, as in `{name}:key=value`, received {text!r}")
    values: dict[str, Any] = {}
    for part in _split(rest, text) if rest else ():
        key, equals, value = part.partition("=")
        key = key.strip().replace("-", "_")
        if not equals or not key.isidentifier():
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
    """Return how a thing is written: an object with the parameters that differ from their defaults, text as it is."""
    if isinstance(thing, str):
        return thing
    if not hasattr(thing, "parameters"):
        return getattr(thing, "__name__", type(thing).__name__)
    return spell(thing.name or type(thing).__name__, thing.parameters(changed_only=True))


def _text(value: Any, in_list: bool = False) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(_text(item, in_list=True) for item in value) + "]"
    text = spelling(value) if hasattr(value, "parameters") else str(value)
    plain = text not in ("", "none") and text == text.strip() and not re.search(r'[",\[\]\\]', text)
    # In a list a part such as `b=1` would be read as a parameter of the item before it.
    if (plain and not (in_list and "=" in text)) or (in_list and _is_spelled(text)):
        return text
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def _is_spelled(text: str) -> bool:
    try:
        name, values = parse(text)
    except InputError:
        return False
    return bool(values) and spell(name, values) == text


def _value(text: str, whole: str) -> Any:
    if _QUOTED.fullmatch(text):
        return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
    if text.startswith("[") and text.endswith("]"):
        return [_value(item, whole) for item in _items(text[1:-1], whole)]
    if not text:
        raise InputError(f'expected a value after every `=` and comma (`""` for an empty one), received {whole!r}')
    if re.search(r'["\[\]]', text) and not _is_with_parameters(text):
        raise InputError(
            f"expected a value with a quote or a bracket in double quotes, received {text} in {whole!r}; "
            r"inside them write `\"` and `\\` for a quote and a backslash"
        )
    return None if text == "none" else text


def _is_with_parameters(text: str) -> bool:
    return bool(_HAS_PARAMETERS.match(text) and parse(text))


def _items(text: str, whole: str) -> list[str]:
    """Return the items of a list; in `[ease:l2=300,threads=2,ials]` the second part belongs to the first item."""
    items: list[str] = []
    for part in _split(text, whole) if text.strip() else ():
        if items and _HAS_PARAMETERS.match(items[-1]) and _PARAMETER.match(part):
            items[-1] += "," + part.strip()
        else:
            items.append(part.strip())
    return items


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
        elif not quoted and character in "[]":
            depth += 1 if character == "[" else -1
            if depth < 0:
                break
        elif character == "," and not quoted and depth == 0:
            yield text[start:position]
            start = position + 1
    if depth != 0 or quoted:
        raise InputError(f"expected every bracket and quote to be closed, received {whole!r}")
    yield text[start:]


def build(how: Any, known: Mapping[str, Any], what: str, **values: Any) -> Any:
    """Return one of the known classes of `Parameters` from its spelling, or the object or function that was given.

    Parameters
    ----------
    how
        A spelling, whose values are read leniently, or what is returned as it is.
    known
        The classes by name.
    what
        What a message calls them.
    **values
        Further parameters, taken strictly.

    Raises
    ------
    InputError
        Where the name is not known; the nearest are offered.
    """
    if isinstance(how, str):
        name, texts = parse(how)
        if name not in known:
            raise InputError(f"no {what} is named `{name}`; {nearest(name, known)}")
        return known[name](**(known[name].values_from_text(texts) | values))
    if isinstance(how, type) or not callable(how):
        raise InputError(f"expected the name of a {what} ({', '.join(known)}) or an object of one, received {how!r}")
    if values and not hasattr(how, "parameters"):
        raise InputError(f"expected parameters beside the name of a {what}, received them beside {how!r}")
    return type(how)(**(how.parameters() | values)) if values else how


def fault(name: str, example: str) -> str:
    """Return why a plugin cannot have a name, and the nearest that it could have; nothing where it can.

    Examples
    --------
    >>> fault("MyData", "tail-share")
    "expected a name of lower-case letters, digits and single hyphens, such as `tail-share`, received 'MyData'; \
did you mean `my-data`?"
    >>> fault("my-data", "tail-share")
    ''
    """
    if name in _RESERVED:
        return f"expected a name other than {' and '.join(_RESERVED)}, such as `{example}`, received {name!r}"
    if _PLAIN.fullmatch(name):
        return ""
    what = f"a name of lower-case letters, digits and single hyphens, such as `{example}`"
    return f"expected {what}, received {name!r}{did_you_mean(name)}"


def did_you_mean(name: str) -> str:
    """Return the end of a sentence with the plain name that is nearest to another; nothing where it says little."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()
    near = re.sub(r"[^a-z0-9]+", "-", words).strip("-")
    worth = len(near) >= _SHORTEST_HINT and near not in (name, *_RESERVED)
    return f"; did you mean `{near}`?" if worth else ""


def name_all(known: Mapping[str, Any]) -> None:
    """Tell each class the name that it goes by."""
    for name, cls in known.items():
        cls.name = name
