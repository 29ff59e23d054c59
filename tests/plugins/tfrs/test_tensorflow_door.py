"""The door to TensorFlow: silent, on Keras 2, and plain about what is in its way."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
import tailrec_tfrs
from tailrec_tfrs import tensorflow_door
from tailrec_tfrs.tensorflow_door import open_door

from tailrec import InputError


def test_behind_it_stand_legacy_keras_and_deterministic_operations():
    tf, tf_keras, tfrs = open_door()
    assert tf.keras.layers.Layer is tf_keras.layers.Layer
    assert issubclass(tfrs.tasks.Retrieval, tf_keras.layers.Layer)
    assert os.environ["TF_USE_LEGACY_KERAS"] == "1"
    assert open_door().tf is tf
    with pytest.raises(RuntimeError, match="cannot be modified after"):
        tf.config.threading.set_intra_op_parallelism_threads(7)


def test_no_other_module_imports_tensorflow():
    for path in Path(tailrec_tfrs.__file__).parent.glob("*.py"):
        tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        names = {alias.name for node in tree if isinstance(node, ast.Import) for alias in node.names}
        heavy = {name for name in names if name.startswith(("tensorflow", "tf_keras"))}
        assert bool(heavy) == (path.stem == "tensorflow_door")


@pytest.mark.parametrize("text", ["0", "two", "-1", ""])
def test_a_thread_count_that_is_none_is_refused(monkeypatch, text):
    monkeypatch.setenv("TAILREC_THREADS", text)
    with pytest.raises(InputError, match=f"`TAILREC_THREADS` to be a positive integer, received '{text}'"):
        open_door.__wrapped__()


def test_what_is_written_to_standard_error_is_held_back(capfd):
    with tensorflow_door._standard_error_held_back():
        os.write(2, b"noise from below\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_and_let_out_if_the_block_raises(capfd):
    with pytest.raises(ZeroDivisionError), tensorflow_door._standard_error_held_back():
        os.write(2, b"the reason\n")
        1 / 0  # noqa: B018
    assert capfd.readouterr().err == "the reason\n"


def test_graphics_cards_are_hidden_for_tensorflow_only(monkeypatch):
    for before in ("3", None):
        monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
        if before:
            monkeypatch.setenv("CUDA_VISIBLE_DEVICES", before)
        with tensorflow_door._cuda_hidden():
            assert os.environ["CUDA_VISIBLE_DEVICES"] == "-1"
        assert os.environ.get("CUDA_VISIBLE_DEVICES") == before


KERAS_3_FIRST = """
import tensorflow as tf
import tailrec
from tailrec_tfrs.tensorflow_door import open_door
layer = tf.keras.layers.Dense(2)
try:
    open_door()
except tailrec.PluginError as error:
    print(error)
"""

SIDE_BY_SIDE = """
import tensorflow as tf
import keras
from tailrec_tfrs.tensorflow_door import open_door
dense = keras.Sequential([keras.layers.Dense(2)])
door = open_door()
print(dense(tf.ones((1, 3))).shape, keras.__version__[0], door.tfrs.tasks.Retrieval().built)
"""


def run(code):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    ).stdout


def test_where_keras_3_is_in_the_way_it_says_what_to_do():
    said = run(KERAS_3_FIRST)
    assert "already used as Keras 3." in said
    assert "restart Python (in a notebook, the kernel)" in said
    assert 'os.environ["TF_USE_LEGACY_KERAS"] = "1"' in said


def test_tensorflow_loaded_before_without_the_flag_and_keras_3_beside_it_are_fine():
    assert run(SIDE_BY_SIDE) == "(1, 2) 3 False\n"
