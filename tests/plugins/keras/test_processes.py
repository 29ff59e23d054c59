"""The same bytes in another process, without a word, and scores without Keras."""

import copy
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from tailrec_keras.mlp import Mlp
from tailrec_keras.neumf import NeuMf
from tailrec_keras.sasrec import SasRec

OPTIONS = {"dim": 4, "hidden": [16, 8], "epochs": 4, "batch_size": 32, "learning_rate": 0.02}

ALL = [Mlp(**OPTIONS), NeuMf(**OPTIONS), SasRec(dim=4, max_len=8, epochs=4, batch_size=32, learning_rate=0.02)]

FIT_ELSEWHERE = """
import pickle, sys
from tailrec_keras.mlp import Mlp
from tailrec_keras.neumf import NeuMf
from tailrec_keras.sasrec import SasRec
assert "keras" not in sys.modules
read, write = sys.argv[1:]
with open(read, "rb") as file:
    models, train, validation = pickle.load(file)
with open(write, "wb") as file:
    pickle.dump([model.fit(train, validation=validation) for model in models], file)
"""

SCORE_ELSEWHERE = """
import pickle, sys
sys.modules["keras"] = sys.modules["tensorflow"] = None  # importing one would raise
import numpy as np
with open(sys.argv[1], "rb") as file:
    models = pickle.load(file)
np.save(sys.argv[2], np.stack([model.score(np.arange(5)) for model in models]))
"""


def run(code, *arguments):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "TAILREC_"))}
    command = [sys.executable, "-W", "error", "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment)


@pytest.fixture(scope="module")
def fitted(train, validation):
    return [copy.deepcopy(model).fit(train, validation=validation) for model in ALL]


def test_another_process_fits_the_same_bytes_without_a_word(tmp_path, train, validation, fitted):
    (tmp_path / "task").write_bytes(pickle.dumps((ALL, train, validation)))
    done = run(FIT_ELSEWHERE, tmp_path / "task", tmp_path / "models")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    for here, there in zip(fitted, pickle.loads((tmp_path / "models").read_bytes()), strict=True):
        assert here.weights_.keys() == there.weights_.keys()
        for name, arrays in here.weights_.items():
            assert [one.tobytes() for one in arrays] == [one.tobytes() for one in there.weights_[name]], name
        assert (there.losses_, there.validation_ndcg_) == (here.losses_, here.validation_ndcg_)


def test_a_fitted_model_is_read_and_asked_without_keras(tmp_path, fitted):
    (tmp_path / "models").write_bytes(pickle.dumps(fitted))
    done = run(SCORE_ELSEWHERE, tmp_path / "models", tmp_path / "scores.npy")
    assert (done.returncode, done.stderr) == (0, "")
    here = np.stack([model.score(np.arange(5)) for model in fitted])
    np.testing.assert_array_equal(np.load(tmp_path / "scores.npy"), here)
