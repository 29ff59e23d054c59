import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

import tailrec
from tailrec.holdout import Holdout
from tailrec.keys import digest


def events(**changes):
    table = pd.DataFrame({"user": [0, 0, 1], "item": [0, 1, 1], "rating": [1.0, 2.0, 3.0], "time": [5, 6, 7]})
    return table.assign(**changes)


def interactions(table=None, **values):
    names = {"rating": "rating", "timestamp": "time"}
    return tailrec.Interactions.from_frame(events() if table is None else table, **(names | values))


def matrix(*rows):
    return csr_matrix(np.array(rows, dtype=np.float32))


DIFFERENT = {
    "numbers": [1, 2, 1.0, "1", None, True, (1,), [1], [1, 2], [2, 1], [[1], 2], {}, {"a": 1}, {"a": 2}, {"b": 1}],
    "arrays": [
        np.array([1, 2]), np.array([2, 1]), np.array([1.0, 2.0]), np.array([[1, 2]]), np.array([1, 2], dtype=np.int32),
        np.array(["1", "2"], dtype=object), np.array([1, None], dtype=object),
        np.zeros(2), np.zeros(2, dtype=np.int64),
    ],
    "matrices": [
        matrix([1, 0], [0, 1]), matrix([0, 1], [0, 1]), matrix([1, 0], [0, 2]), matrix([1, 0], [0, 1], [0, 0]),
    ],
    "frames": [events(), events(rating=0.0), events().rename(columns={"rating": "stars"}), events().iloc[:2]],
    "interactions": [
        interactions(), interactions(events(item=[0, 1, 0])), interactions(events(rating=1.0)),
        interactions(rating=None), interactions(events(time=[6, 5, 7])), interactions(timestamp=None),
        interactions(timestamp=None, ordered=True),
        interactions(events(user=["a", "a", "b"])), interactions(events(user=["a", "a", "c"])),
        interactions(item_features=pd.DataFrame({"title": ["x", "y"]})),
        interactions(item_features=pd.DataFrame({"title": ["x", "z"]})),
        interactions(user_features=pd.DataFrame({"title": ["x", "y"]})),
    ],
    "holdouts": [
        Holdout(matrix([1, 0]), matrix([0, 0])), Holdout(matrix([0, 1]), matrix([0, 0])),
        Holdout(matrix([1, 0]), matrix([0, 1])),
    ],
    "plugins": [
        tailrec.model("ease"), tailrec.model("ease", l2=1.0), tailrec.model("popularity"), tailrec.metric("ndcg"),
        tailrec.metric("ndcg", k=5), tailrec.metric("recall"), tailrec.model("blend:models=[ease,popularity]"),
        tailrec.model("blend:models=[ease:l2=3,popularity]"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", DIFFERENT)
def test_different_content_is_another_key(kind):
    assert len({digest(one) for one in DIFFERENT[kind]}) == len(DIFFERENT[kind])


def test_the_same_content_is_the_same_key():
    data = interactions()
    assert digest(data) == digest(interactions()) == digest(replace(data, title="renamed", given_test=data.frame))
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})
    assert digest(np.arange(10)[::2]) == digest(np.array([0, 2, 4, 6, 8]))
    assert digest(tailrec.model("ease")) == digest(tailrec.model("ease", l2=tailrec.model("ease").l2))
    explicit = csr_matrix((np.ones(2, dtype=np.float32), np.array([1, 0], dtype=np.int64), np.array([0, 1, 2])))
    assert digest(explicit) == digest(matrix([0, 1], [1, 0]))


CELL = """
import tailrec
STEP = 3
NAMES = {"a", "b"}
TABLE = {"step": [1, 2]}
import numpy, pandas
from functools import partial
from types import SimpleNamespace
FRAME = pandas.DataFrame({"a": [1, 2]})
SERIES = pandas.Series([1.5])
NUMBER = numpy.int64(3)
SETTINGS = SimpleNamespace(depth=4)
def power(x, by):
    return x**by
squared = partial(power, by=2)
from functools import cache, cached_property
@cache
def kept(x):
    return x + 7
def helper(x, more=1):
    rest = FRAME, SERIES, NUMBER, SETTINGS, squared
    return [y + 1 + TABLE["step"][0] + kept(y) for y in x]
class Base(tailrec.ModelPlugin):
    def score(self, users):
        return helper(users)
class Mine(Base):
    k: int = 3
    _alpha = 0.5
    @cached_property
    def half(self):
        return self.k / 2
    def fit(self, train, *, weights=None, validation=None):
        self.all_ = [step * STEP for step in range(self.k)]
        return self
"""

EDITS = {
    "itself": ("", ""),
    "the method": ("step * STEP", "step + STEP"),
    "inside a loop of the method": ("step * STEP for", "step * STEP * 2 for"),
    "a function that it calls": ("y + 1 +", "y + 2 +"),
    "a constant that it reads": ("STEP = 3", "STEP = 4"),
    "a class that it derives from": ("return helper(users)", "return helper(users)[::-1]"),
    "a default": ("k: int = 3", "k: int = 4"),
    "a default of a function": ("more=1", "more=2"),
    "an inner default": ("weights=None, validation=None", "weights=1, validation=None"),
    "a dictionary that it reads": ("[1, 2]", "[1, 3]"),
    "a function that is cached": ("x + 7", "x + 8"),
    "a frame": ('"a": [1, 2]', '"a": [1, 3]'),
    "a series": ("[1.5]", "[2.5]"),
    "a number of NumPy's": ("int64(3)", "int64(4)"),
    "an object": ("depth=4", "depth=5"),
    "what a partial function was given": ("by=2", "by=3"),
    "a private constant": ("_alpha = 0.5", "_alpha = 0.6"),
    "a property that is cached": ("self.k / 2", "self.k / 3"),
    "something else": ("NAMES = {", "OTHERS = {"),
}

PROGRAM = """
import json, sys
from tailrec.keys import digest
keys = {}
for name, text in json.loads(sys.argv[1]).items():
    exec(text, globals())
    keys[name] = digest(Mine())
print(json.dumps(keys))
"""


def run(*command):
    return subprocess.run([sys.executable, *command], capture_output=True, text=True, check=True).stdout


def test_an_edited_cell_is_another_key_in_any_process():
    cells = {name: CELL.replace(*edit, 1) for name, edit in EDITS.items()}
    assert len(set(cells.values())) == len(EDITS)
    keys = json.loads(run("-c", PROGRAM, json.dumps(cells)))
    assert keys == json.loads(run("-c", PROGRAM, json.dumps(dict(reversed(cells.items())))))
    assert keys.pop("something else") == keys["itself"]
    assert len(set(keys.values())) == len(keys), keys


def test_an_edited_script_is_another_key(tmp_path):
    keys = []
    for edit in ("itself", "the method", "a function that it calls", "a constant that it reads", "something else"):
        script = tmp_path / "script.py"
        script.write_text(CELL.replace(*EDITS[edit], 1) + "\nfrom tailrec.keys import digest\nprint(digest(Mine()))\n")
        keys.append(run(str(script)))
    assert keys[0] == keys[-1] and len(set(keys)) == 4


def test_a_helper_that_is_defined_anew_is_another_key():
    namespace = {"__name__": "__main__"}
    exec(CELL, namespace)
    before = digest(namespace["Mine"]())
    exec("def helper(x):\n    return x", namespace)
    assert digest(namespace["Mine"]()) != before


def test_what_a_factory_closes_over_is_part_of_the_key():
    namespace = {"__name__": "__main__", "tailrec": tailrec}
    exec(
        "def make(step):\n"
        "    class Made(tailrec.ModelPlugin):\n"
        "        def fit(self, train, *, weights=None, validation=None): self.step_ = step; return self\n"
        "        def score(self, users): return users\n"
        "    return Made",
        namespace,
    )
    assert digest(namespace["make"](1)()) == digest(namespace["make"](1)()) != digest(namespace["make"](2)())


def test_what_a_plugin_is_made_of_counts_by_its_own_text():
    namespace = {"__name__": "__main__"}
    keys = []
    for edit in ("itself", "the method"):
        exec(CELL.replace(*EDITS[edit], 1), namespace)
        tailrec.register.model("of-a-cell")(namespace["Mine"])
        keys.append(digest(tailrec.model("blend:models=[popularity,of-a-cell]")))
    assert keys[0] != keys[1]


def test_every_file_of_a_package_counts(tmp_path, monkeypatch):
    package = tmp_path / "of_two_files"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "rest.py").write_text("STEP = 1\n")
    (package / "model.py").write_text(
        "import tailrec\nclass Mine(tailrec.MetricPlugin):\n    def per_user(self, ranking): ...\n"
    )
    program = "from of_two_files.model import Mine; from tailrec.keys import digest; print(digest(Mine()))"
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    before = run("-c", program)
    assert run("-c", program) == before
    (package / "rest.py").write_text("STEP = 2\n")
    assert run("-c", program) != before
