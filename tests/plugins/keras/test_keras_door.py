"""The door to Keras: silent, on Keras 3, and in one process with the Keras 2 of the TFRS plugin."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
import tailrec_keras
from tailrec_keras import keras_door
from tailrec_keras.keras_door import open_keras

from tailrec import InputError

HEAVY = {"keras", "tensorflow", "tf_keras", "torch", "jax"}
VARIABLES = ("CUDA_VISIBLE_DEVICES", "JAX_PLATFORMS", "XLA_FLAGS", "TF_USE_LEGACY_KERAS")


def run(code, **variables):
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TF_", "TAILREC_", "KERAS_", "CUDA_", "XLA_", "JAX_"))
    }
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, env=environment | variables
    )


def test_behind_it_stands_keras_3():
    keras = open_keras()
    assert keras.__version__.startswith("3.")
    assert open_keras() is keras


def test_no_other_module_imports_keras_or_a_backend():
    for path in Path(tailrec_keras.__file__).parent.glob("*.py"):
        tree = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        names = {alias.name for node in tree if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module for node in tree if isinstance(node, ast.ImportFrom)}
        names |= {node.args[0].value for node in tree if is_import_call(node)}
        heavy = {
            name for name in names if name.partition(".")[0] in ("keras", "tensorflow", "tf_keras", "torch", "jax")
        }
        assert bool(heavy) == (path.stem == "keras_door"), path.stem


def is_import_call(node):
    named = isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module")
    return named and isinstance(node.args[0], ast.Constant)


FIRST_USE = f"""
import sys
import tailrec_keras.mlp, tailrec_keras.neumf, tailrec_keras.classification_figures
assert "keras" not in sys.modules and "tensorflow" not in sys.modules and "matplotlib" not in sys.modules
from tailrec_keras.keras_door import open_keras
keras = open_keras()
tf = sys.modules["tensorflow"]
print(tf.config.threading.get_intra_op_parallelism_threads(), tf.config.threading.get_inter_op_parallelism_threads())
print(len(tf.config.list_physical_devices("GPU")), keras.backend.backend())
tf.random.normal([2])
from tensorflow.python.framework import config
print(config.is_op_determinism_enabled())
import os
print([name for name in {VARIABLES} if name in os.environ])
"""


@pytest.mark.parametrize("threads", ["1", "2"])
def test_the_first_use_says_nothing_and_leaves_the_environment_as_it_was(threads):
    done = run(FIRST_USE, **({"TAILREC_THREADS": threads} if threads != "1" else {}))
    assert (done.stdout, done.stderr) == (f"{threads} {threads}\n0 tensorflow\nTrue\n[]\n", "")


KERAS_THEN_TFRS = """
import numpy as np
from tailrec_keras.networks import build_mlp
network = build_mlp(3, 4)
network.compile("adam", "binary_crossentropy", jit_compile=False)
codes = np.array([0, 1], dtype="int32")
network.fit([codes, codes], np.array([0.0, 1.0]), verbose=0)
from tailrec_tfrs.tensorflow_door import open_door
tf, tf_keras, tfrs = open_door()
print(issubclass(tfrs.tasks.Retrieval, tf_keras.layers.Layer), tf.keras is not network)
network.fit([codes, codes], np.array([0.0, 1.0]), verbose=0)
print(network.predict([codes, codes], verbose=0).shape, tf_keras.layers.Dense(2)(tf.ones((1, 3))).shape)
"""

TFRS_THEN_KERAS = """
import numpy as np
from tailrec_tfrs.tensorflow_door import open_door
tf, tf_keras, tfrs = open_door()
print(tf_keras.layers.Dense(2)(tf.ones((1, 3))).shape)
from tailrec_keras.networks import build_mlp
from tailrec_keras.keras_door import open_keras
network = build_mlp(3, 4)
network.compile("adam", "binary_crossentropy", jit_compile=False)
codes = np.array([0, 1], dtype="int32")
network.fit([codes, codes], np.array([0.0, 1.0]), verbose=0)
print(open_keras().__version__[0], tf.keras.layers.Layer is tf_keras.layers.Layer, tfrs.tasks.Retrieval().built)
"""


def test_keras_3_first_and_tfrs_after_it():
    done = run(KERAS_THEN_TFRS)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True True\n(2, 1) (1, 2)\n", "")


def test_tfrs_first_and_keras_3_after_it():
    done = run(TFRS_THEN_KERAS)
    assert (done.returncode, done.stdout, done.stderr) == (0, "(1, 2)\n3 True False\n", "")


BACKEND_THAT_IS_MISSING = """
import sys, tailrec
sys.modules["torch"] = None  # importing it raises
from tailrec_keras.keras_door import open_keras
try:
    open_keras()
except tailrec.PluginError as error:
    print(error)
"""


def test_a_backend_that_is_missing_is_named_with_what_to_do():
    said = run(BACKEND_THAT_IS_MISSING, KERAS_BACKEND="torch").stdout
    assert said.startswith("Keras cannot be imported: ")
    assert "torch" in said
    assert "install the package that `KERAS_BACKEND` names" in said


@pytest.mark.parametrize("text", ["0", "two", "-1", ""])
def test_a_thread_count_that_is_none_is_refused(monkeypatch, text):
    monkeypatch.setenv("TAILREC_THREADS", text)
    with pytest.raises(InputError, match=f"`TAILREC_THREADS` to be a positive integer, received '{text}'"):
        open_keras.__wrapped__()


def test_what_is_written_to_standard_error_is_held_back(capfd):
    with keras_door._standard_error_held_back():
        os.write(2, b"noise from below\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_and_let_out_if_the_block_raises(capfd):
    with pytest.raises(ZeroDivisionError), keras_door._standard_error_held_back():
        os.write(2, b"the reason\n")
        1 / 0  # noqa: B018
    assert capfd.readouterr().err == "the reason\n"


def test_variables_hold_inside_the_block_only(monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", "--mine")
    monkeypatch.delenv("JAX_PLATFORMS", raising=False)
    assert keras_door._xla_flags(2) == "--mine"
    with keras_door._environment({"XLA_FLAGS": keras_door._xla_flags(1), "JAX_PLATFORMS": "cpu"}):
        assert os.environ["XLA_FLAGS"] == "--mine --xla_cpu_multi_thread_eigen=false"
        assert os.environ["JAX_PLATFORMS"] == "cpu"
    assert os.environ["XLA_FLAGS"] == "--mine"
    assert "JAX_PLATFORMS" not in os.environ
