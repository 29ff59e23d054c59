"""The loss over two weights, and the ways that optimisers take down it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from tailrec_backprop.network import SGD, Adam, Momentum

# Okabe and Ito's colours, each with a marker and a line of its own.
STYLES = (("#D55E00", "o", "-"), ("#0072B2", "s", "--"), ("#009E73", "^", "-."), ("#CC79A7", "D", ":"))

#: Weights (2,) to the loss there and its gradient (2,).
LossOfWeights = Callable[[NDArray[np.float64]], tuple[float, ArrayLike]]


def valley(w: NDArray[np.float64], steepness: float = 20.0) -> tuple[float, NDArray[np.float64]]:
    """Return ½ (w₁² + steepness · w₂²) and its gradient: a long valley, across which the loss rises fast.

    Gradient descent goes down it where lr < 2 / steepness, and oscillates away where lr is larger.

    Examples
    --------
    >>> value, gradient = valley(np.array([3.0, 1.0]))
    >>> value, gradient.tolist()
    (14.5, [3.0, 20.0])
    """
    curvature = np.array([1.0, steepness])
    return 0.5 * float(curvature @ w**2), curvature * w


@dataclass(frozen=True)
class Path:
    """The way of an optimiser: the weights before the first step and after each, and the loss there.

    `weights` is (n_steps + 1, 2) and `losses` (n_steps + 1,). A way that leaves the finite numbers ends there.
    """

    weights: NDArray[np.float64]
    losses: NDArray[np.float64]


@dataclass(frozen=True)
class Surface:
    """The loss on a grid, `losses` (n, n) with a row a w₂ and a column a w₁, and the ways by name."""

    w1: NDArray[np.float64]
    w2: NDArray[np.float64]
    losses: NDArray[np.float64]
    paths: dict[str, Path]


def compute_path(loss: LossOfWeights, start: ArrayLike, optimizer: SGD | Momentum | Adam, n_steps: int = 50) -> Path:
    """Return the way of a fresh optimiser from a start.

    Examples
    --------
    >>> from tailrec_backprop import SGD
    >>> compute_path(valley, [1.0, 1.0], SGD(0.05), 2).weights.round(4).tolist()
    [[1.0, 1.0], [0.95, 0.0], [0.9025, 0.0]]
    """
    w = np.array(start, dtype=np.float64)
    weights, losses = [w.copy()], [loss(w)[0]]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(n_steps):
            optimizer.step([w], [np.asarray(loss(w)[1], dtype=np.float64)])
            value = loss(w)[0]
            if not (np.isfinite(w).all() and np.isfinite(value)):
                break
            weights.append(w.copy())
            losses.append(value)
    return Path(np.array(weights), np.array(losses))


def compute_surface(
    loss: LossOfWeights,
    start: ArrayLike,
    optimizers: Mapping[str, Any],
    *,
    n_steps: int = 50,
    low: ArrayLike = (-4.0, -2.0),
    high: ArrayLike = (4.0, 2.0),
    n: int = 81,
) -> Surface:
    """Return the loss on a grid of n × n weights from `low` to `high`, and every optimiser's way from one start.

    Parameters
    ----------
    loss
        Weights (2,) to the loss and its gradient.
    start
        (2,) where every way begins.
    optimizers
        Fresh ones, by the name that the picture shows.
    """
    w1, w2 = (np.linspace(*ends, n) for ends in zip(np.asarray(low), np.asarray(high), strict=True))
    losses = np.array([[loss(np.array([one, two]))[0] for one in w1] for two in w2])
    return Surface(w1, w2, losses, {name: compute_path(loss, start, o, n_steps) for name, o in optimizers.items()})


def draw_surface(surface: Surface) -> Figure:
    """Draw the ways over lines of equal loss, and beside them the loss after each step."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.0, 3.9), layout="constrained")
    over, beside = figure.subplots(1, 2, width_ratios=[1.25, 1.0])
    _draw_lines_of_equal_loss(over, surface)
    for (name, path), (colour, marker, line) in zip(surface.paths.items(), _styles(len(surface.paths)), strict=True):
        look = {"color": colour, "linestyle": line, "marker": marker, "markersize": 3.5, "lw": 1.3, "label": name}
        over.plot(*path.weights[: _steps_in_the_picture(path, surface)].T, **look)
        beside.plot(path.losses, **look, markevery=max(1, len(path.losses) // 12))
    over.set(xlim=surface.w1[[0, -1]], ylim=surface.w2[[0, -1]], xlabel="w$_1$", ylabel="w$_2$")
    beside.set(yscale="log", xlabel="step", ylabel="loss C", ylim=_limits(surface))
    beside.grid(alpha=0.3)
    figure.legend(*beside.get_legend_handles_labels(), loc="outside upper center", ncols=4, frameon=False, fontsize=9)
    return figure


def _steps_in_the_picture(path: Path, surface: Surface) -> int:
    """Return how much of a way to draw: up to the first weights whose loss is higher than any on the grid."""
    too_high = np.flatnonzero(path.losses > surface.losses.max())
    return int(too_high[0]) + 1 if len(too_high) else len(path.losses)


def _styles(n: int) -> list[tuple[str, str, str]]:
    return [STYLES[i % len(STYLES)] for i in range(n)]


def _limits(surface: Surface) -> tuple[float, float]:
    """Return what of the loss is worth showing: not below a millionth of the first, not above a thousand times."""
    losses = np.concatenate([path.losses for path in surface.paths.values()])
    first = max(losses[0], 1e-12)
    low, high = np.clip([losses.min() / 2, losses.max() * 2], first * 1e-6, first * 1e3)
    return float(low), float(high)


def _draw_lines_of_equal_loss(ax: Axes, surface: Surface) -> None:
    low, high = max(float(surface.losses.min()), 1e-3), float(surface.losses.max())
    levels = np.geomspace(max(low, high * 1e-3), high, 12)
    ax.contourf(surface.w1, surface.w2, np.maximum(surface.losses, levels[0]), levels, cmap="Greys", alpha=0.35)
    ax.contour(surface.w1, surface.w2, surface.losses, levels, colors="#777777", linewidths=0.6)
    lowest = np.unravel_index(np.argmin(surface.losses), surface.losses.shape)
    ax.plot(surface.w1[lowest[1]], surface.w2[lowest[0]], marker="*", color="black", markersize=11, linestyle="none")
