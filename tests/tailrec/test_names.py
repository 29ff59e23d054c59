"""The one spelling: what is written is read back, and what is malformed is refused with a sentence."""

from typing import Annotated

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import Field

from tailrec import InputError, Parameters
from tailrec.names import build, fault, name_all, parse, spell, spelling

NASTY = (
    st.text(alphabet='ab:=,[]"\\ \n\t-_1é')
    | st.text()
    | st.sampled_from(["none", "None", "true", "a:b=1", "a:b=[c,d]"])
)
NAMES = st.from_regex(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", fullmatch=True)
KEYS = st.from_regex(r"[a-z][a-z0-9_]*", fullmatch=True)
SCALARS = st.none() | NASTY
VALUES = st.dictionaries(KEYS, st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4), max_leaves=6))


@given(NAMES, VALUES)
@example("x", {"items": ["a:c", "a=b"]})
@example("x", {"items": ["a:b=1", "c=2", "a:b=1,c=2"]})
@example("x", {"items": ["a:b=1, c=2", "a:b=1 "]})
@example("x", {"inner": "a:b=1,c=2", "more": "d"})
@example("x", {"k": '\\"', "l": "\\\\", "m": '"a"b"'})
@example("x", {"k": [], "l": [""], "m": [[]], "n": ""})
def test_what_is_spelled_is_read_back(name, values):
    assert parse(spell(name, values)) == (name, values)


@given(NAMES, VALUES, NAMES)
def test_a_spelling_within_a_list_stays_one_item(name, values, other):
    inner = spell(name, values)
    read = parse(f"{other}:models=[{inner},popularity,{inner}]")[1]["models"]
    assert [parse(item) for item in read] == [(name, values), ("popularity", {}), (name, values)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ndcg", ("ndcg", {})),
        ("  ndcg:k=20  ", ("ndcg", {"k": "20"})),
        ("ndcg: k = 20 , denominator = min", ("ndcg", {"k": "20", "denominator": "min"})),
        ("drop:min-users=3", ("drop", {"min_users": "3"})),
        ("csv:path=a=b", ("csv", {"path": "a=b"})),
        ("csv:path=C:\\data\\x.csv", ("csv", {"path": "C:\\data\\x.csv"})),
        ('csv:path="a,b [1].csv",test=none', ("csv", {"path": "a,b [1].csv", "test": None})),
        (r'csv:path="say \"hi\" \\"', ("csv", {"path": 'say "hi" \\'})),
        ('csv:path="none"', ("csv", {"path": "none"})),
        ("length:cuts=[5,20]", ("length", {"cuts": ["5", "20"]})),
        ("length:cuts=[ ]", ("length", {"cuts": []})),
        ("x:paths=[C:\\data,b=1]", ("x", {"paths": ["C:\\data", "b=1"]})),
        ("x:k=[[1,2],[3]]", ("x", {"k": [["1", "2"], ["3"]]})),
        ("blend:models=[ease:l2=300,ials]", ("blend", {"models": ["ease:l2=300", "ials"]})),
        ("blend:models=[ease:l2=300,threads=2, ials]", ("blend", {"models": ["ease:l2=300,threads=2", "ials"]})),
        ("blend:models=[blend:models=[a,b],c]", ("blend", {"models": ["blend:models=[a,b]", "c"]})),
        ('blend:models=[csv:path="a,b",none]', ("blend", {"models": ['csv:path="a,b"', None]})),
        ("wrap:inner=ease:l2=300", ("wrap", {"inner": "ease:l2=300"})),
        ("wrap:inner=blend:models=[a,b]", ("wrap", {"inner": "blend:models=[a,b]"})),
    ],
)
def test_hand_written_names(text, expected):
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a name such as"),
        ("   ", "expected a name such as"),
        (":k=1", "expected a name such as"),
        ("two tower", "expected a name such as"),
        ("k=1", "expected a name such as"),
        ("ndcg,recall", "expected a name such as"),
        ("[ndcg]", "expected a name such as"),
        ('"ndcg"', "expected a name such as"),
        ("ndcg:", "expected parameters after the colon"),
        ("ndcg:20", "expected `key=value` after `ndcg:`, received '20'"),
        ("ndcg:k=1,", "expected `key=value` after `ndcg:`, received ''"),
        ("ndcg:,k=1", "expected `key=value`"),
        ("ndcg:=1", "expected `key=value`"),
        ("ndcg:k l=1", "expected `key=value`"),
        ("ndcg:k=", "expected a value after every `=`"),
        ("ndcg:k=[1,,2]", "expected a value after every `=` and comma"),
        ("ndcg:k=[1,]", "expected a value after every `=` and comma"),
        ("ndcg:k=1,k=2", "expected each parameter once, received `k` twice"),
        ("ndcg:k-a=1,k_a=2", "received `k_a` twice"),
        ("ndcg:k=[1", "every bracket and quote to be closed"),
        ("ndcg:k=1]", "every bracket and quote to be closed"),
        ("ndcg:k=[a][b]", "every bracket and quote to be closed"),
        ('ndcg:k="1', "every bracket and quote to be closed"),
        ('ndcg:k="1\\"', "every bracket and quote to be closed"),
        ('ndcg:k="a"b', "a quote or a bracket in double quotes"),
        ('ndcg:k=a"b"', "a quote or a bracket in double quotes"),
        ("ndcg:k=[1]x", "a quote or a bracket in double quotes"),
        ("ndcg:k=x[1].csv", "a quote or a bracket in double quotes"),
    ],
)
def test_malformed_text_is_refused_with_what_was_expected_and_what_came(text, said):
    with pytest.raises(InputError) as caught:
        parse(text)
    assert said in str(caught.value) and repr(text) in str(caught.value)


@given(NASTY)
def test_any_text_is_read_or_refused(text):
    try:
        name, values = parse(text)
    except InputError as error:
        assert "expected" in str(error) and "received" in str(error)
    else:
        assert parse(spell(name, values)) == (name, values)


class Inner(Parameters):
    l2: float = 1.0
    sizes: list[int] = []
    text: str | None = None

    def __call__(self):
        return self.l2


class Outer(Parameters):
    models: list[Annotated[Inner | str, Field()]] = []
    one: Inner | str = "x"


name_all({"inner": Inner, "outer": Outer})
INNERS = st.builds(Inner, l2=st.floats(0, 10), sizes=st.lists(st.integers()), text=st.none() | NASTY)


@given(st.lists(INNERS, max_size=3), INNERS)
def test_objects_within_objects_are_written_by_their_spelling(models, one):
    _, values = parse(spelling(Outer(models=models, one=one)))
    read = [build(text, {"inner": Inner}, "model") for text in values.get("models", [])]
    assert [inner.parameters() for inner in read] == [inner.parameters() for inner in models]
    assert build(values["one"], {"inner": Inner}, "model").parameters() == one.parameters()


def test_a_thing_is_written_with_what_differs_from_its_defaults():
    def by_hand(lengths):
        return {}

    class Unnamed(Parameters):
        k: int = 3
        on: bool = True

    assert spelling(Inner(l2=1.0)) == "inner"
    assert spelling(Inner(l2=300.0, sizes=[1])) == "inner:l2=300.0,sizes=[1]"
    assert spelling(Unnamed(on=False)) == "Unnamed:on=false"
    assert spelling("ease:l2=3") == "ease:l2=3"
    assert spelling(by_hand) == "by_hand"


def test_build_reads_leniently_takes_keywords_strictly_and_leaves_an_object_alone():
    known = {"inner": Inner}
    made = Inner()
    assert build("inner:l2=3", known, "rule", sizes=[1]).parameters() == {"l2": 3.0, "sizes": [1], "text": None}
    assert build("inner:l2=3", known, "rule", l2=4.0).l2 == 4.0
    assert build(made, known, "rule") is made
    assert build(made, known, "rule", l2=2.0).l2 == 2.0 and made.l2 == 1.0
    assert build(len, known, "rule") is len
    with pytest.raises(InputError, match="expected `l2` to be a valid number, received '4'"):
        build("inner", known, "rule", l2="4")
    with pytest.raises(InputError, match="expected parameters beside the name of a rule"):
        build(len, known, "rule", l2=4.0)


@pytest.mark.parametrize("how", [3, None, Inner, ["inner"]])
def test_build_refuses_what_is_neither_a_name_nor_an_object(how):
    with pytest.raises(
        InputError, match=r"expected the name of a segment rule \(inner\) or an object of one, received"
    ):
        build(how, {"inner": Inner}, "segment rule")


def test_build_offers_the_nearest_names():
    with pytest.raises(InputError, match="no segment rule is named `iner`; did you mean `inner`?"):
        build("iner", {"inner": Inner}, "segment rule")


@pytest.mark.parametrize("name", ["MyData", "my_data", "-my--data", "my/data"])
def test_the_plain_name_that_is_nearest_is_offered(name):
    said = fault(name, "my-metric")
    assert said.startswith("expected a name of lower-case letters, digits and single hyphens, such as `my-metric`, ")
    assert said.endswith(f"received {name!r}; did you mean `my-data`?") and fault("my-data", "my-metric") == ""
