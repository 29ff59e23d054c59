"""The widgets without a browser: a slider that moves replaces text and picture, and nothing is printed."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO

import matplotlib.image
import numpy as np
import pytest
from tailrec_backprop import Dense, Network, mse
from tailrec_backprop.stepper import compute_step
from tailrec_backprop.widgets import BackpropStepper, LearningRate


@pytest.fixture
def task():
    rng = np.random.default_rng(0)
    return Network([Dense.random(2, 3, "sigmoid", rng), Dense.random(3, 1, "linear", rng)]), [2.0, 3.0], [1.0], mse


def size(png):
    return matplotlib.image.imread(BytesIO(png)).shape


def test_the_stepper_shows_the_step_of_its_slider(task, capfd):
    stepper = BackpropStepper(*task)
    assert (stepper.step.min, stepper.step.max, stepper.step.value) == (0, 6, 0)
    seen = []
    for value in range(7):
        stepper.step.value = value
        expected = compute_step(*task, value)
        assert expected.title.replace("'", "&#x27;") in stepper.text.value
        assert expected.sums[0] in stepper.text.value
        seen.append(stepper.picture.value)
    assert len(set(seen)) == 5  # ∂C/∂a has no place in the picture
    assert size(seen[0])[1] > 600
    assert repr(stepper) == "BackpropStepper(step 6 of 6)" and capfd.readouterr() == ("", "")


def test_the_learning_rate_is_followed(capfd):
    widget = LearningRate()
    seen = [widget.picture.value]
    assert "SGD with lr = 0.020: it descends" in widget.text.value
    widget.lr.value = 0.11
    assert "SGD with lr = 0.110: it climbs" in widget.text.value
    seen.append(widget.picture.value)
    widget.optimizer.value = "Adam"
    assert "Adam with lr = 0.110: it descends" in widget.text.value
    assert len({*seen, widget.picture.value}) == 3
    assert repr(widget) == "LearningRate(Adam, lr 0.110)" and capfd.readouterr() == ("", "")


@pytest.mark.parametrize("optimizer", ["SGD", "momentum", "Adam"])
def test_compute_is_pure(optimizer):
    one, again = (LearningRate.compute(0.05, optimizer, 10) for _ in range(2))
    name = f"{optimizer}, lr 0.050"
    np.testing.assert_array_equal(one.paths[name].weights, again.paths[name].weights)
    assert one.paths[name].weights.shape == (11, 2)


def test_only_the_widgets_need_ipywidgets():
    code = """
import sys
sys.modules["ipywidgets"] = None
import tailrec_backprop, tailrec_backprop.stepper, tailrec_backprop.graph, tailrec_backprop.curves
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ))
    assert (done.returncode, done.stderr) == (0, "")
