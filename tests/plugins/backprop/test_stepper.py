"""A backward pass a step at a time: what is known when, and sums that come out as they say."""

from __future__ import annotations

import re

import numpy as np
import pytest
from tailrec_backprop import Dense, Network, binary_cross_entropy, mse
from tailrec_backprop.stepper import compute_step, draw_step, n_steps


@pytest.fixture
def net():
    rng = np.random.default_rng(0)
    return Network([Dense.random(2, 3, "sigmoid", rng), Dense.random(3, 1, "linear", rng)])


def known(step):
    """Return in which layers δ and ∂C/∂w are shown."""
    deltas = {one.layer for one in step.diagram.neurons if one.delta is not None}
    return deltas, {line.layer for line in step.diagram.lines if line.gradient is not None}


def test_what_is_known_after_each_step(net):
    steps = [compute_step(net, [2.0, 3.0], [1.0], binary_cross_entropy, i) for i in range(n_steps(net))]
    assert [known(step) for step in steps] == [
        (set(), set()),
        (set(), set()),
        ({2}, set()),
        ({2}, {2}),
        ({2}, {2}),
        ({1, 2}, {2}),
        ({1, 2}, {1, 2}),
    ]
    assert [step.title.partition(":")[0] for step in steps] == ["Forward", *["Layer 2"] * 3, *["Layer 1"] * 3]
    assert all(step.diagram.loss == steps[0].diagram.loss for step in steps)


def test_beyond_the_ends_are_the_ends(net):
    ends = [compute_step(net, [2.0, 3.0], [1.0], mse, i) for i in (-5, 0, 6, 99)]
    assert ends[0] == ends[1] and ends[2] == ends[3]


@pytest.mark.parametrize("step", [2, 3, 4, 5, 6])
def test_every_sum_comes_out_as_it_says(net, step):
    found = compute_step(net, [2.0, 3.0], [1.0], binary_cross_entropy, step)
    assert found.sums
    for line in found.sums:
        if "·" not in line:
            continue
        *_, terms, result = line.replace("−", "-").split(" = ")
        total = sum(np.prod([float(f.strip("()")) for f in term.split(" · ")]) for term in terms.split(" + "))
        # Every factor was rounded to four decimals before.
        assert float(result) == pytest.approx(total, abs=6e-4)


def test_the_sums_are_the_networks_gradients(net):
    values = {}
    for step in range(1, 7):
        for line in compute_step(net, [2.0, 3.0], [1.0], binary_cross_entropy, step).sums:
            name, *_, last = line.split(" = ")
            values[f"{step} {name}"] = last.replace("−", "-").partition(",")[0]
    first, last = net.layers
    assert float(values["1 ∂C/∂a₁"]) == pytest.approx(last.da[0, 0], abs=5e-5)
    assert float(values["2 δ₁"]) == pytest.approx(last.delta[0, 0], abs=5e-5)
    assert float(values["3 ∂C/∂w₃₁"]) == pytest.approx(last.dW[2, 0], abs=5e-5)
    assert float(values["4 ∂C/∂a₂"]) == pytest.approx(first.da[0, 1], abs=5e-5)
    assert float(values["5 δ₃"]) == pytest.approx(first.delta[0, 2], abs=5e-5)
    assert float(values["6 ∂C/∂b₂"]) == pytest.approx(first.db[1], abs=5e-5)


def test_many_sums_are_cut_short():
    rng = np.random.default_rng(0)
    net = Network([Dense.random(12, 12, "tanh", rng)])
    step = compute_step(net, rng.normal(size=12), np.ones(12), mse, 3)
    assert step.sums[6] == "and 138 more" and len(step.sums) == 14
    assert re.match(r"∂C/∂a₁₂ = ", compute_step(net, rng.normal(size=12), np.ones(12), mse, 1).sums[-1])


def test_it_is_drawn(net):
    figure = draw_step(compute_step(net, [2.0, 3.0], [1.0], mse, 4))
    figure.draw_without_rendering()
