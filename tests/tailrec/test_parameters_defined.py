"""Classes that would lose something in silence are refused when they are defined; the others travel."""

import subprocess
import sys
from typing import Any, ClassVar

import pytest

import tailrec
from tailrec import InputError, Parameters


class Base(Parameters):
    k: int = 10


def own_init():
    class Bad(Parameters):
        def __init__(self, k=10):
            self.k = k


def bare_constant():
    class Bad(Parameters):
        k = 10


def bare_override():
    class Bad(Base):
        k = 20


def field_hides_method():
    class Bad(tailrec.ModelPlugin):
        fit: int = 3


def field_hides_own_base_method():
    class Bad(Parameters):
        parameters: int = 3


def field_over_class_variable():
    class Bad(tailrec.ModelPlugin):
        uses_weights: bool = True


def fitted_state_as_field():
    class Bad(Parameters):
        factors_: Any = None


@pytest.mark.parametrize(
    ("define", "said"),
    [
        (own_init, "an own `__init__` would be replaced .* `__post_init__`"),
        (bare_constant, "`k = 10` has no annotation.*`k: int = 10`, or `k: ClassVar = 10`"),
        (bare_override, "`k = 20` has no annotation"),
        (field_hides_method, "the parameter `fit` would hide the method `fit`"),
        (field_hides_own_base_method, "the parameter `parameters` would hide the method"),
        (field_over_class_variable, "`uses_weights` is fixed by the contract.*`uses_weights: ClassVar = ...`"),
        (fitted_state_as_field, "`factors_` ends in an underscore"),
    ],
)
def test_a_class_that_would_lose_something_in_silence_is_refused_when_it_is_defined(define, said):
    with pytest.raises(InputError, match=said):
        define()


def test_private_names_functions_and_nested_classes_are_no_constants():
    class Fine(Parameters):
        _cache = 3
        k: int = 1

        class Inner:
            pass

        def twice(self):
            return 2 * self.k

        @staticmethod
        def half(x):
            return x / 2

    assert Fine.parameter_names() == ["k"] and Fine(k=4).twice() == 8


CELL = """
{future}
from typing import Annotated, ClassVar, Literal
import numpy as np
import pydantic
import tailrec

@tailrec.register.model("mine")
class Mine(tailrec.ModelPlugin):
    uses_weights: ClassVar = True
    k: Annotated[int, pydantic.Field(ge=1)] = 10
    cuts: list[int] = [5, 20]
    kind: Literal["a", "b"] = "a"
    seed: int = 0

    def __post_init__(self):
        self.twice = 2 * self.k

    def fit(self, train, *, weights=None, validation=None):
        self.n_items_ = train.n_items
        return self

    def score(self, users):
        return np.zeros((len(users), self.n_items_))

class Child(Mine):
    more: float = 0.5
"""

AT_HOME = """
import cloudpickle, sys
exec(CELL, globals())
mine, child = Mine(k=3, cuts=[1]), Child(seed=2)
mine.n_items_ = 7
assert mine.parameters(changed_only=True) == {"k": 3, "cuts": [1]}
sys.stdout.buffer.write(cloudpickle.dumps((mine, child, Mine)))
"""

ELSEWHERE = """
import pickle, sys
import tailrec
from tailrec import names
mine, child, Mine = pickle.loads(sys.stdin.buffer.read())
assert mine.parameters(changed_only=True) == {"k": 3, "cuts": [1]}
assert mine.twice == 6 and mine.n_items_ == 7
assert child.parameters(changed_only=True) == {"seed": 2}
assert Mine().parameters(changed_only=True) == {}
assert Mine(cuts=[5, 20], k=10).parameters(changed_only=True) == {}
again = type(child)(**child.parameters())
assert repr(again) == repr(child) and again.more == 0.5
assert Mine.from_text({"k": "4"}).twice == 8
assert names.spelling(mine) == "mine:k=3,cuts=[1]"
assert isinstance(mine, tailrec.ModelPlugin)
assert Mine().cuts is not Mine().cuts
for bad in ({"k": "3"}, {"k": 0}, {"kk": 3}, {"kind": "c"}):
    try:
        Mine(**bad)
    except tailrec.InputError as error:
        assert "mine: " in str(error), error
    else:
        raise AssertionError(bad)
print("as at home")
"""


@pytest.mark.parametrize("future", ["", "from __future__ import annotations"])
def test_a_class_from_a_notebook_cell_travels_to_another_process(future):
    cell = CELL.format(future=future)
    sent = subprocess.run([sys.executable, "-c", f"CELL = {cell!r}\n{AT_HOME}"], capture_output=True, check=True)
    came = subprocess.run([sys.executable, "-c", ELSEWHERE], input=sent.stdout, capture_output=True)
    assert came.stdout.decode().strip() == "as at home", came.stderr.decode()


def test_a_constant_of_the_class_may_be_a_dictionary():
    class Cut(Parameters):
        table: ClassVar[dict[str, int]] = {"a": 1}
        k: int = 3

    assert Cut().table is Cut.table and Cut.parameter_names() == ["k"]
