"""PyTorch and JAX train what TensorFlow trains; they live in an environment of their own, under .extra/."""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import numpy as np
import pytest
from tailrec_keras.backends import losses_here
from tailrec_keras.mlp import Mlp
from tailrec_keras.neumf import NeuMf
from tailrec_keras.sasrec import SasRec

pytestmark = pytest.mark.extra

FOLDER = Path(__file__).parents[3] / ".extra" / "keras-backends"
REQUIREMENTS = ["torch==2.13.0", "jax==0.10.2", "jaxlib==0.10.2"]
OPTIONS = {"dim": 4, "hidden": [16, 8], "epochs": 3, "batch_size": 32, "learning_rate": 0.02}

FIT = """
import json, pickle, sys
from tailrec_keras.mlp import Mlp
from tailrec_keras.neumf import NeuMf
read, write = sys.argv[1:]
with open(read, "rb") as file:
    models, train, validation = pickle.load(file)
with open(write, "wb") as file:
    pickle.dump([model.fit(train, validation=validation) for model in models], file)
"""


@pytest.fixture(scope="module")
def python():
    """Return the Python of an environment with PyTorch and JAX that sees all else in the running one."""
    done, wanted = FOLDER / "requirements.txt", "\n".join([sys.version, *REQUIREMENTS])
    python = FOLDER / "bin" / "python"
    if not (done.is_file() and done.read_text() == wanted):
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "-q", "-q"]
        for command in ([sys.executable, "-m", "venv", "--clear", str(FOLDER)], [*pip, "install", *REQUIREMENTS]):
            made = subprocess.run(command, capture_output=True, text=True)
            if made.returncode:
                pytest.skip(f"no environment with {', '.join(REQUIREMENTS)}: {made.stderr.strip()[-300:]}")
        done.write_text(wanted)
    packages = FOLDER / sysconfig.get_path("purelib", "venv", {"base": "", "platbase": ""}).lstrip("/")
    running = sysconfig.get_path("purelib")
    # Its own packages come first; what they lack is taken from the running environment.
    (packages / "running.pth").write_text(f"import site; site.addsitedir({running!r})\n")
    return python


def run(python, backend, code, *arguments):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "KERAS_"))}
    command = [str(python), "-c", code, *map(str, arguments)]
    environment |= {"KERAS_BACKEND": backend}
    return subprocess.run(command, capture_output=True, text=True, env=environment)


@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_the_losses_are_those_of_tensorflow(python, backend):
    code = "import json; from tailrec_keras.backends import losses_here; print(json.dumps(losses_here()))"
    done = run(python, backend, code)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    np.testing.assert_allclose(json.loads(done.stdout), losses_here(), atol=1e-5)


@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_the_models_are_those_of_tensorflow_and_twice_the_same(python, backend, tmp_path, train, validation):
    import pickle

    # Every backend draws its own dropout.
    models = [Mlp(**OPTIONS), NeuMf(**OPTIONS), SasRec(dim=8, heads=2, max_len=8, epochs=3, batch_size=64, dropout=0.0)]
    (tmp_path / "task").write_bytes(pickle.dumps((models, train, validation)))
    written = []
    for name in ("first", "second"):
        done = run(python, backend, FIT, tmp_path / "task", tmp_path / name)
        assert (done.returncode, done.stderr) == (0, "")
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    for here, there in zip(models, pickle.loads(written[0]), strict=True):
        here.fit(train, validation=validation)
        np.testing.assert_allclose(there.losses_, here.losses_, atol=1e-4)
        np.testing.assert_allclose(there.score(np.arange(60)), here.score(np.arange(60)), atol=0.01)
