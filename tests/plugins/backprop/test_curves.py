"""Curves against scipy and differences: activations, and how hard a loss pulls at the logit."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, log_expit
from tailrec_backprop.curves import compute_activations, compute_losses, draw_activations, draw_losses, draw_training


def test_activations_and_their_slopes():
    curves = compute_activations(["sigmoid", "tanh", "relu"], -5.0, 5.0, 2001)
    for name, f in (("sigmoid", expit), ("tanh", np.tanh), ("relu", lambda z: np.maximum(z, 0))):
        rows = curves[curves["activation"] == name]
        np.testing.assert_allclose(rows["f"], f(rows["z"]), atol=1e-15)
        off_the_kink = np.abs(rows["z"]) > 0.01
        np.testing.assert_allclose(
            rows["slope"][off_the_kink], np.gradient(rows["f"], rows["z"])[off_the_kink], atol=1e-4
        )


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_losses_over_the_logit(y):
    curves = compute_losses(y, -8.0, 8.0, 1601)
    squared, entropy = (curves[curves["loss"] == name] for name in ("squared error", "cross-entropy"))
    z = squared["z"].to_numpy()
    np.testing.assert_allclose(squared["value"], (expit(z) - y) ** 2, atol=1e-15)
    np.testing.assert_allclose(entropy["value"], -(y * log_expit(z) + (1 - y) * log_expit(-z)), atol=1e-14)
    for rows in (squared, entropy):
        inside = slice(1, -1)
        np.testing.assert_allclose(rows["gradient"][inside], np.gradient(rows["value"], z)[inside], atol=1e-4)
    # Wrong and sure: the squared error no longer pulls, the cross-entropy pulls with all its might.
    wrong = -8.0 if y else 8.0
    assert abs(squared["gradient"][squared["z"] == wrong].item()) < 1e-3
    assert abs(entropy["gradient"][entropy["z"] == wrong].item()) > 0.99


def test_each_line_of_a_picture_has_its_own_look():
    for figure in (draw_activations(compute_activations()), draw_losses(compute_losses())):
        for ax in figure.axes:
            lines = [line for line in ax.lines if not line.get_label().startswith("_")]
            assert len({line.get_color() for line in lines}) == len({line.get_marker() for line in lines}) == len(lines)
        figure.draw_without_rendering()
    figure = draw_training({"one": [3.0, 2.0, 1.0], "other": [4.0]})
    assert figure.axes[0].get_yscale() == "log" and len(figure.axes[0].lines) == 2
    figure.draw_without_rendering()
