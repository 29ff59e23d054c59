"""The surface and the ways over it: closed forms where there are any, and an end where numbers end."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from tailrec_backprop import SGD, Adam, Momentum
from tailrec_backprop.surface import compute_path, compute_surface, draw_surface, valley

START = [-3.5, 1.5]


def test_the_valleys_gradient_is_its_difference():
    w = np.array([1.3, -0.7])
    np.testing.assert_allclose(valley(w)[1], approx_fprime(w, lambda v: valley(v)[0]), rtol=1e-5)


@pytest.mark.parametrize("lr", [0.01, 0.09, 0.11])
def test_gradient_descent_shrinks_each_weight_by_its_own_factor(lr):
    path = compute_path(valley, START, SGD(lr), 30)
    steps = np.arange(31)[:, None]
    expected = np.array(START) * np.array([1 - lr, 1 - 20 * lr]) ** steps
    np.testing.assert_allclose(path.weights, expected, rtol=1e-9)
    np.testing.assert_allclose(path.losses, [valley(w)[0] for w in expected], rtol=1e-9)
    assert (path.losses[-1] < path.losses[0]) == (lr < 0.1)


def test_a_way_out_of_the_finite_numbers_ends():
    path = compute_path(valley, START, SGD(1e100), 20)
    assert 1 < len(path.weights) < 21 and np.isfinite(path.losses).all()


def test_the_grid_holds_the_loss_at_its_own_places():
    surface = compute_surface(valley, START, {"SGD": SGD(0.05)}, n=5, n_steps=3)
    assert surface.losses.shape == (5, 5) and surface.paths["SGD"].weights.shape == (4, 2)
    assert surface.losses[0, 3] == valley(np.array([surface.w1[3], surface.w2[0]]))[0]
    assert (surface.w1[[0, -1]].tolist(), surface.w2[[0, -1]].tolist()) == ([-4.0, 4.0], [-2.0, 2.0])


def test_the_picture_shows_each_way_in_its_own_look_and_stops_where_one_leaves_it():
    optimizers = {"SGD": SGD(0.05), "too far": SGD(0.12), "momentum": Momentum(0.02), "Adam": Adam(0.3)}
    figure = draw_surface(compute_surface(valley, START, optimizers, n_steps=40))
    lines = {line.get_label(): line for line in figure.axes[0].lines}
    looks = {(lines[name].get_color(), lines[name].get_marker(), lines[name].get_linestyle()) for name in optimizers}
    assert len(looks) == 4 and len(lines["SGD"].get_xdata()) == 41 and len(lines["too far"].get_xdata()) < 10
    figure.draw_without_rendering()
