"""What a search may try, read from text, from values, from a class and from bounds."""

from typing import Annotated, ClassVar, Literal

import pytest
from pydantic import Field

from tailrec import InputError, Parameters
from tailrec.search_space import Choice, Range, search_space


class Plain(Parameters):
    l2: Annotated[float, Field(gt=0)] = 3.0
    k: Annotated[int, Field(ge=1)] = 10
    kind: Literal["one", "two"] = "one"
    sizes: list[int] = [1]
    seed: int = 0


class Bounded(Parameters):
    share: Annotated[float, Field(ge=0, le=1)] = 0.5
    steps: Annotated[int, Field(gt=0, lt=9)] = 2
    yes: bool = True
    kind: Literal["one", "two"] = "one"
    half_open: Annotated[float, Field(ge=0)] = 1.0
    maybe: Annotated[int, Field(ge=1, le=3)] | None = None


class Declaring(Bounded):
    search: ClassVar = {"half_open": "0.1..10:log", "steps": [1, 4, 8]}


class Required(Parameters):
    path: str
    k: Annotated[int, Field(ge=1, le=5)]


class Unsearchable(Parameters):
    text: str = ""


def read(text, model=None):
    (one,) = search_space(model or Plain(), [text]).values()
    return one


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l2=0.5..3", Range(0.5, 3.0)),
        ("l2=1e-3..10:log", Range(0.001, 10.0, log=True)),
        ("k=1..20", Range(1, 20)),
        (" k = 1 .. 20 : log ", Range(1, 20, log=True)),
        ("k=[4,2,8]", Choice((4, 2, 8))),
        ("kind=[one,two]", Choice(("one", "two"))),
        ("sizes=[[1,2],[3]]", Choice(([1, 2], [3]))),
    ],
)
def test_text_is_read_as_the_parameter_takes_it(text, expected):
    found = read(text)
    assert found == expected
    key = text.partition("=")[0].strip()
    assert read(f"{key}={found}") == found
    if isinstance(found, Range):
        assert found.whole is (key == "k")
        assert type(found.low) is type(found.high) is (int if found.whole else float)


def test_values_from_python_are_read_as_text_is():
    space = search_space(Plain(), {"k": [1, 2], "l2": "1..2", "sizes": [[1], [2, 3]]})
    assert space == {"k": Choice((1, 2)), "l2": Range(1.0, 2.0), "sizes": Choice(([1], [2, 3]))}


def test_bounds_tell_what_to_try_where_nothing_else_does():
    assert search_space(Bounded()) == {
        "share": Range(0.0, 1.0),
        "steps": Range(1, 8),
        "yes": Choice((False, True)),
        "kind": Choice(("one", "two")),
    }
    assert search_space(Plain()) == {"kind": Choice(("one", "two"))}
    assert search_space(Required(path="x", k=2)) == {"k": Range(1, 5)}


def test_what_the_class_declares_comes_before_its_bounds_and_what_is_given_before_both():
    assert search_space(Declaring()) == {"half_open": Range(0.1, 10.0, log=True), "steps": Choice((1, 4, 8))}
    assert search_space(Declaring(), ["share=0..0.5"]) == {"share": Range(0.0, 0.5)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("l2", "expected what to search as `dim=[1,2,4]`, `dim=1..10` or `dim=0.01..10:log`, received 'l2'"),
        ("l2=", "received 'l2='"),
        ("l3=1..2", "Plain: unknown parameter `l3`; known: k, kind, l2, seed, sizes"),
        ("l2=3", "expected `l2` as `l2=[1,2,4]`, `l2=1..10` or `l2=0.01..10:log`, received '3'"),
        ("l2=3..1", "expected the range of `l2` to rise, received '3..1'"),
        ("l2=1..1", "expected the range of `l2` to rise"),
        ("l2=0..1", "expected `l2` to be greater than 0, received '0'"),
        ("k=1.5..3", "expected `k` to be a valid integer, received '1.5'"),
        ("l2=1..9:lin", "expected `log` or nothing after the range of `l2`, received 'lin'"),
        ("l2=[1]", "expected two or more different values for `l2`, received [1.0]"),
        ("l2=[1,2,1]", "expected two or more different values for `l2`"),
        ("l2=[]", "expected two or more different values for `l2`"),
        ("l2=[1,much]", "expected `l2` to be a valid number, received 'much'"),
        ("l2=[1,2", "expected every bracket and quote to be closed"),
        ("kind=one..two", "expected a list of values for `kind`, which is no number, received 'one..two'"),
        ("seed=[1,2]", "`seed` is not searched, for the best of several seeds is luck"),
    ],
)
def test_what_cannot_be_searched_is_a_sentence(text, wanted):
    with pytest.raises(InputError) as error:
        read(text)
    assert wanted in str(error.value)


def test_a_logarithm_of_zero_a_parameter_twice_and_no_text():
    with pytest.raises(InputError, match="expected a range of `share` above zero beside `log`"):
        read("share=0..1:log", Bounded())
    with pytest.raises(InputError, match="expected each parameter once, received `k` twice"):
        search_space(Plain(), ["k=[1,2]", "k=1..2"])
    with pytest.raises(InputError, match="expected `k` as a list or as .*received 3"):
        search_space(Plain(), {"k": 3})


def test_with_nothing_to_search_it_says_how_to_write_it():
    class Half(Parameters):
        l2: Annotated[float, Field(gt=0)] = 3000.0

    with pytest.raises(InputError, match=r"Half: expected to be told what to search.*`l2=300..30000:log`"):
        search_space(Half())
    with pytest.raises(InputError, match=r"Unsearchable: expected to be told what to search.*`text=\[1,2,4\]`"):
        search_space(Unsearchable())


@pytest.mark.parametrize(
    ("one", "value", "side"),
    [
        (Range(0.0, 1.0), 0.05, "lower"),
        (Range(0.0, 1.0), 0.06, ""),
        (Range(0.0, 1.0), 0.95, "upper"),
        (Range(1.0, 100.0, log=True), 1.2, "lower"),
        (Range(1.0, 100.0, log=True), 4.0, ""),
        (Range(1, 100), 6.0, ""),
        (Choice((16, 64, 32)), 64, "upper"),
        (Choice((16, 64, 32)), 16, "lower"),
        (Choice((16, 64, 32)), 32, ""),
        (Choice((16, 32)), 16, ""),
        (Choice(("a", 1, 2, 3)), 1, ""),
        (Choice((False, True)), True, ""),
    ],
)
def test_an_edge(one, value, side):
    assert one.edge(value) == side
