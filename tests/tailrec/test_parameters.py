"""Classes of validated fields: what they take, what they refuse and how they say it, at home and in another process."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Annotated, Any, ClassVar, Literal

import cloudpickle
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

import tailrec
from tailrec import InputError, Parameters, names

#: The annotations of this file are text; these names are found in it when the class is made.
Depth = Annotated[int, Field(ge=1, le=100)]


class Everything(Parameters):
    k: Depth = 10
    l2: float = 0.5
    exact: bool = False
    kind: Literal["users", "events"] = "users"
    limit: float | None = None
    top: int | Literal["all"] = "all"
    cuts: list[Annotated[int, Field(ge=1)]] = [5, 20]
    pair: tuple[int, int] = (1, 2)
    label: Annotated[str, Field(min_length=1, pattern="^[a-z]+$")] = "a"
    text: str | None = None


class Needs(Parameters):
    path: str
    k: int = 3


def refused(make: Any, *args: Any, **values: Any) -> str:
    """Return the sentence of the refusal, and see that it is written for people."""
    with pytest.raises(InputError) as caught:
        make(*args, **values)
    sentence = str(caught.value)
    for foreign in ("pydantic", "Input should be", "http", "validation error", "\n", "unable to parse"):
        assert foreign not in sentence
    return sentence


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"k": "3"}, "expected `k` to be a valid integer, received '3'"),
        ({"k": 1.5}, "expected `k` to be a valid integer, received 1.5"),
        ({"k": True}, "expected `k` to be a valid integer, received True"),
        ({"k": None}, "expected `k` to be a valid integer, received None"),
        ({"k": 0}, "expected `k` to be greater than or equal to 1, received 0"),
        ({"k": 101}, "expected `k` to be less than or equal to 100, received 101"),
        ({"l2": "0.5"}, "expected `l2` to be a valid number, received '0.5'"),
        ({"l2": float("nan")}, "expected `l2` to be a finite number, received nan"),
        ({"l2": float("inf")}, "expected `l2` to be a finite number, received inf"),
        ({"exact": 1}, "expected `exact` to be a valid boolean, received 1"),
        ({"kind": "user"}, "expected `kind` to be 'users' or 'events', received 'user'"),
        ({"limit": "none"}, "expected `limit` to be a valid number, received 'none'"),
        ({"top": "al"}, "expected `top` to be a valid integer or to be 'all', received 'al'"),
        ({"cuts": 5}, "expected `cuts` to be a valid list, received 5"),
        ({"cuts": [5, 0]}, "expected `cuts[1]` to be greater than or equal to 1, received 0"),
        ({"cuts": [5, "x", "y"]}, "expected `cuts[1]` to be a valid integer, received 'x'"),
        ({"pair": [1, 2]}, "expected `pair` to be a valid tuple, received [1, 2]"),
        ({"label": ""}, "expected `label` to have at least 1 character, received ''"),
        ({"label": "B"}, "expected `label` to match pattern '^[a-z]+$', received 'B'"),
    ],
)
def test_a_bad_value_is_refused_by_name_with_what_was_expected_and_what_came(values, said):
    assert refused(Everything, **values).startswith(f"Everything: {said}")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"k": "ten"}, "expected `k` to be a valid integer, received 'ten'"),
        ({"k": "1.5"}, "expected `k` to be a valid integer, received '1.5'"),
        ({"k": "0"}, "expected `k` to be greater than or equal to 1, received '0'"),
        ({"l2": "nan"}, "expected `l2` to be a finite number, received 'nan'"),
        ({"exact": "maybe"}, "expected `exact` to be a valid boolean, received 'maybe'"),
        ({"kind": "Users"}, "expected `kind` to be 'users' or 'events', received 'Users'"),
        ({"limit": "much"}, "expected `limit` to be a valid number, received 'much'"),
        ({"top": "al"}, "expected `top` to be a valid integer or to be 'all', received 'al'"),
        ({"cuts": ["5", "0"]}, "expected `cuts[1]` to be greater than or equal to 1, received '0'"),
        ({"kk": "3"}, "unknown parameter `kk`; did you mean `k`?"),
    ],
)
def test_bad_text_is_refused_in_the_same_words(values, said):
    assert refused(Everything.from_text, values) == f"Everything: {said}"


def test_values_from_python_are_taken_strictly_and_text_leniently():
    values = {"k": 7, "l2": 3, "exact": True, "kind": "events", "limit": 0.1, "top": 4, "cuts": [1, 2], "pair": (3, 4)}
    text = {key: str(value).lower() for key, value in values.items()} | {"cuts": ["1", "2"], "pair": ["3", "4"]}
    strict, lenient = Everything(**values), Everything.from_text(text)
    assert strict.parameters() == lenient.parameters() == values | {"label": "a", "text": None}
    assert type(strict.l2) is float


def test_none_in_text_is_nothing_where_nothing_is_allowed_and_a_word_elsewhere():
    class Choice(Parameters):
        scale: Literal["none", "log"] = "log"
        name_of: str = "x"
        limit: float | None = 1.0
        text: str | None = "x"

    read = Choice.from_text({"scale": None, "name_of": "none", "limit": "none", "text": None})
    assert (read.scale, read.name_of, read.limit, read.text) == ("none", "none", None, None)
    assert Choice.from_text({"text": "none"}).text == "none"


def test_numpy_scalars_are_numbers_also_in_lists():
    made = Everything(k=np.int64(7), l2=np.float32(0.5), exact=np.bool_(True), cuts=[np.int32(3), 4], top=np.int16(2))
    assert made.parameters(changed_only=True) == {"k": 7, "exact": True, "cuts": [3, 4], "top": 2}
    assert [type(value) for value in (made.k, made.l2, made.exact, made.cuts[0])] == [int, float, bool, int]
    assert "received 0" in refused(Everything, k=np.int64(0))


def test_a_parameter_without_default_is_asked_for():
    assert refused(Needs) == "Needs: expected a value for `path`, which has no default"
    assert refused(Needs.from_text, {"k": "3"}) == "Needs: expected a value for `path`, which has no default"
    assert Needs(path="x").parameters(changed_only=True) == {"path": "x"}


def test_several_bad_values_are_said_together():
    sentence = refused(Everything, k=0, kind="x")
    assert "`k`" in sentence and "`kind`" in sentence and "; " in sentence


def test_unknown_parameters_are_offered_the_nearest_or_all():
    assert refused(Everything, cut=[3]) == "Everything: unknown parameter `cut`; did you mean `cuts`?"
    assert refused(Needs, zzz=3) == "Needs: unknown parameter `zzz`; known: k, path"


def test_parameters_are_given_by_name():
    assert refused(Everything, 3) == "Everything: parameters are given by name, as in `k=...`"


def test_a_long_value_is_cut_in_the_message():
    assert len(refused(Everything, k="x " * 10_000)) < 400


def test_a_default_that_does_not_fit_is_refused_when_it_is_used():
    class Sloppy(Parameters):
        k: int = "ten"

    assert refused(Sloppy) == "Sloppy: expected `k` to be a valid integer, received 'ten'"


def test_changed_only_compares_values_and_not_how_they_were_written():
    class Rate(Parameters):
        l2: float = 1
        on: bool = True

    assert Rate(l2=1.0).parameters(changed_only=True) == {}
    assert Rate(on=False).parameters(changed_only=True) == {"on": False}
    assert Everything(cuts=[5, 20]).parameters(changed_only=True) == {}


def test_a_default_may_stand_in_the_annotation():
    class Cut(Parameters):
        cuts: Annotated[list[int], Field(min_length=1, default_factory=lambda: [5, 20])]
        k: Annotated[int, Field(ge=1, default=3)]

    assert Cut().parameters() == {"cuts": [5, 20], "k": 3}
    assert Cut(cuts=[5, 20], k=3).parameters(changed_only=True) == {}
    assert Cut(k=4).parameters(changed_only=True) == {"k": 4}


def test_work_after_the_parameters_goes_into_post_init_and_its_refusal_is_plain():
    class Between(Parameters):
        low: float = 0.0
        high: float = 1.0

        def __post_init__(self) -> None:
            if self.low >= self.high:
                raise InputError(f"expected `low` below `high`, received {self.low} and {self.high}")
            self.span = self.high - self.low

    assert Between(high=3.0).span == 3
    assert refused(Between, low=2.0) == "Between: expected `low` below `high`, received 2.0 and 1.0"


def test_instances_share_no_mutable_state():
    given_cuts = [7]
    first, second, third = Everything(), Everything(), Everything(cuts=given_cuts)
    first.cuts.append(99)
    given_cuts.append(99)
    assert second.cuts == Everything().cuts == [5, 20]
    assert third.cuts == [7]
    first.learned_ = [1]
    assert not hasattr(second, "learned_")


def test_a_default_of_any_kind_is_not_shared_either():
    class Loose(Parameters):
        options: Any = []
        table: dict[str, Any] = {"a": [1]}

    Loose().options.append(1)
    Loose().table["a"].append(2)
    assert Loose().parameters() == {"options": [], "table": {"a": [1]}}


def test_fitted_state_is_set_freely_and_objects_are_compared_by_identity():
    one, other = Everything(), Everything()
    one.factors_ = np.eye(2)
    one.k = 3
    assert one != other and len({one, other}) == 2
    assert dataclasses.replace(one, l2=2.0).parameters(changed_only=True) == {"k": 3, "l2": 2.0}


def test_a_subclass_adds_fields_and_keeps_what_it_inherits():
    class Base(tailrec.MetricPlugin):
        k: Depth = 10

        def per_user(self, ranking):
            return np.full(len(ranking.items), self.k)

    class More(Base):
        share: Annotated[float, Field(gt=0, lt=1)] = 0.5

    class Deeper(More):
        k: Depth = 20

    assert More.parameter_names() == ["k", "share"]
    assert repr(Deeper(share=0.1)).endswith("Deeper(k=20, share=0.1)")
    assert Base().parameters() == {"k": 10}
    assert "`share`" in refused(Deeper, share=1.0) and "`k`" in refused(Deeper, k=0)
    assert "unknown parameter `share`" in refused(Base, share=0.5)


def test_a_constant_of_the_contract_may_be_set_or_be_a_property_of_an_instance():
    class Mrr(tailrec.MetricPlugin):
        higher_is_better = False
        api_version: ClassVar[int] = 1
        k: int | None = 10

        @property
        def needs_target_ranks(self):
            return self.k is None

        def per_user(self, ranking):
            return np.zeros(len(ranking.items))

    assert (Mrr().needs_target_ranks, Mrr(k=None).needs_target_ranks) == (False, True)
    assert Mrr.parameter_names() == ["k"] and not Mrr().higher_is_better


values_of_every_kind = st.fixed_dictionaries(
    {},
    optional={
        "k": st.integers(1, 100),
        "l2": st.floats(allow_nan=False, allow_infinity=False),
        "exact": st.booleans(),
        "kind": st.sampled_from(["users", "events"]),
        "limit": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "top": st.integers() | st.just("all"),
        "cuts": st.lists(st.integers(1, 1000)),
        "pair": st.tuples(st.integers(), st.integers()),
        "label": st.from_regex("[a-z]+", fullmatch=True),
        "text": st.none() | st.text(),
    },
)


@given(values_of_every_kind)
def test_what_was_changed_makes_the_same_object_again(values):
    made = Everything(**values)
    assert made.parameters() == Everything().parameters() | values
    again = Everything(**made.parameters(changed_only=True))
    assert again.parameters() == made.parameters()
    assert copy.deepcopy(made).parameters() == pickle.loads(pickle.dumps(made)).parameters() == made.parameters()


@given(values_of_every_kind)
def test_its_spelling_makes_the_same_object_again(values):
    made = Everything(**values)
    name, texts = names.parse(names.spelling(made))
    assert name == "Everything"
    assert Everything.from_text(texts).parameters() == made.parameters()


def test_a_class_that_was_defined_here_travels_with_its_refusals():
    made = pickle.loads(cloudpickle.dumps(Everything(k=3)))
    assert made.parameters(changed_only=True) == {"k": 3}
    assert "`k`" in refused(type(made), k=0)
