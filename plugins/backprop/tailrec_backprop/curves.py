"""Curves: an activation and its derivative, a loss over the logit and its gradient, losses over the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from tailrec_backprop.network import ACTIVATIONS, binary_cross_entropy, mse, sigmoid
from tailrec_backprop.surface import STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def compute_activations(
    names: Sequence[str] = ("sigmoid", "tanh", "relu"), low: float = -6.0, high: float = 6.0, n: int = 241
) -> pd.DataFrame:
    """Return columns ``activation``, ``z``, ``f`` = f(z) and ``slope`` = f'(z), n rows an activation.

    Examples
    --------
    >>> compute_activations(["sigmoid"], -1.0, 1.0, 3).round(4).values.tolist()
    [['sigmoid', -1.0, 0.2689, 0.1966], ['sigmoid', 0.0, 0.5, 0.25], ['sigmoid', 1.0, 0.7311, 0.1966]]
    """
    z = np.linspace(low, high, n)[:, None]
    frames = []
    for name in names:
        f, backward = ACTIVATIONS[name]
        columns = {"activation": name, "z": z[:, 0], "f": f(z)[:, 0], "slope": backward(np.ones_like(z), z, f(z))[:, 0]}
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def compute_losses(y: float = 1.0, low: float = -8.0, high: float = 8.0, n: int = 161) -> pd.DataFrame:
    """Return what a sample with label y costs at each logit z, and how hard it pulls: ∂C/∂z through σ.

    Columns ``loss``, ``z``, ``value``, ``gradient``. The squared error's gradient is (σ - y) · 2 σ (1 - σ), which
    vanishes where the network is surest, right or wrong; the cross-entropy's is σ - y.

    Examples
    --------
    >>> compute_losses(1.0, -8.0, 8.0, 2).round(4).values.tolist()[0::2]
    [['squared error', -8.0, 0.9993, -0.0007], ['cross-entropy', -8.0, 8.0003, -0.9997]]
    """
    z = np.linspace(low, high, n)
    a = sigmoid(z)
    squared, entropy = (pd.DataFrame({"loss": name, "z": z}) for name in ("squared error", "cross-entropy"))
    for row, (one, output) in enumerate(zip(z, a, strict=True)):
        value, da = mse([output], [y])
        squared.loc[row, ["value", "gradient"]] = value, float(da[0] * output * (1 - output))
        value, dz = binary_cross_entropy([one], [y])
        entropy.loc[row, ["value", "gradient"]] = value, float(dz[0])
    return pd.concat([squared, entropy], ignore_index=True)


def draw_activations(curves: pd.DataFrame) -> Figure:
    """Draw the activations on the left, their derivatives on the right."""
    return _draw_pair(curves, "activation", "f", "slope", "f(z)", "f'(z)", "z")


def draw_losses(curves: pd.DataFrame) -> Figure:
    """Draw what each loss costs on the left, and how hard it pulls at z on the right."""
    return _draw_pair(curves, "loss", "value", "gradient", "C", "∂C/∂z", "logit z")


def draw_training(losses: Mapping[str, ArrayLike], *, log: bool = True) -> Figure:
    """Draw the loss after each step, a line a run."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.5, 3.6), layout="constrained")
    ax = figure.add_subplot()
    for i, (name, values) in enumerate(losses.items()):
        _draw_line(ax, np.arange(len(np.asarray(values))), np.asarray(values), name, i)
    ax.set(xlabel="step", ylabel="loss C", yscale="log" if log else "linear")
    ax.grid(alpha=0.3)
    ax.legend(frameon=False, fontsize=9)
    return figure


def _draw_pair(
    curves: pd.DataFrame, key: str, left: str, right: str, left_label: str, right_label: str, x_label: str
) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.0, 3.6), layout="constrained")
    axes = figure.subplots(1, 2)
    for ax, column, label in zip(axes, (left, right), (left_label, right_label), strict=True):
        for i, (name, rows) in enumerate(curves.groupby(key, sort=False)):
            _draw_line(ax, rows["z"].to_numpy(), rows[column].to_numpy(), str(name), i)
        ax.axhline(0, color="#999999", lw=0.8, zorder=0)
        ax.set(xlabel=x_label, ylabel=label)
        ax.grid(alpha=0.3)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=4, frameon=False, fontsize=9)
    return figure


def _draw_line(ax: Axes, x: ArrayLike, y: ArrayLike, name: str, i: int) -> None:
    colour, marker, line = STYLES[i % len(STYLES)]
    # Markers of neighbouring lines are set apart, so that a line beneath another shows through.
    n = len(np.asarray(x))
    every = max(1, n // 10)
    ax.plot(x, y, color=colour, linestyle=line, marker=marker, markersize=4, lw=1.5, label=name,
            markevery=(min(i * every // 4, n - 1), every))  # fmt: skip
