"""The widgets of the course: a slider above a picture and a few lines, which are replaced when it moves."""

from __future__ import annotations

import html
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets
from numpy.typing import ArrayLike

from tailrec_backprop.network import SGD, Adam, Momentum, Network
from tailrec_backprop.stepper import Step, compute_step, draw_step, n_steps
from tailrec_backprop.surface import Surface, compute_surface, draw_surface, valley

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_OPTIMISERS: dict[str, Callable[[float], Any]] = {"SGD": SGD, "momentum": Momentum, "Adam": Adam}


class BackpropStepper(ipywidgets.VBox):
    """Step through one backward pass: move the slider, and the next gradients appear with the sums that gave them.

    Parameters
    ----------
    net
        A small network without a softmax.
    x, y
        (n_in,) a sample, (n_out,) its label.
    loss
        `mse`, `binary_cross_entropy` or `cross_entropy`.

    Examples
    --------
    >>> from tailrec_backprop import Dense, mse
    >>> stepper = BackpropStepper(Network([Dense([[2.0]], [1.0], "linear")]), [3.0], [5.0], mse)
    >>> stepper.step.value = 2
    >>> stepper
    BackpropStepper(step 2 of 3)
    """

    def __init__(self, net: Network, x: ArrayLike, y: ArrayLike, loss: Callable[..., Any]):
        self.task = net, x, y, loss
        self.step = ipywidgets.IntSlider(
            description="step", min=0, max=n_steps(net) - 1, continuous_update=False, layout={"width": "420px"}
        )
        self.text, self.picture = ipywidgets.HTML(), _picture()
        self.step.observe(lambda change: self.show(), "value")
        super().__init__([self.step, self.picture, self.text])
        self.show()

    @staticmethod
    def compute(net: Network, x: ArrayLike, y: ArrayLike, loss: Callable[..., Any], step: int) -> Step:
        """Return what is shown at a step; see `compute_step`."""
        return compute_step(net, x, y, loss, step)

    def show(self) -> None:
        """Replace text and picture by those of the slider's step."""
        step = self.compute(*self.task, self.step.value)
        self.text.value = _lines(step.title, step.sums)
        self.picture.value = _png(draw_step(step))

    def __repr__(self) -> str:
        return f"BackpropStepper(step {self.step.value} of {self.step.max})"


class LearningRate(ipywidgets.VBox):
    """Move the learning rate, and see the way over a long valley and the loss after each step.

    Parameters
    ----------
    lr
        Where the slider stands at first.
    n_steps
        How many steps are taken.

    Examples
    --------
    >>> widget = LearningRate()
    >>> widget.lr.value = 0.11
    >>> widget
    LearningRate(SGD, lr 0.110)
    """

    def __init__(self, lr: float = 0.02, n_steps: int = 40):
        self.n_steps = n_steps
        wide = {"width": "420px"}
        self.lr = ipywidgets.FloatSlider(
            lr,
            description="lr",
            min=0.005,
            max=0.12,
            step=0.005,
            readout_format=".3f",
            continuous_update=False,
            layout=wide,
        )
        self.optimizer = ipywidgets.Dropdown(options=list(_OPTIMISERS), description="optimiser")
        self.text, self.picture = ipywidgets.HTML(), _picture()
        for control in (self.lr, self.optimizer):
            control.observe(lambda change: self.show(), "value")
        super().__init__([ipywidgets.HBox([self.lr, self.optimizer]), self.picture, self.text])
        self.show()

    @staticmethod
    def compute(lr: float, optimizer: str = "SGD", n_steps: int = 40) -> Surface:
        """Return the valley with the way of one optimiser ("SGD", "momentum", "Adam") from (-3.5, 1.5).

        Examples
        --------
        >>> path = LearningRate.compute(0.11).paths["SGD, lr 0.110"]
        >>> bool(path.losses[-1] > path.losses[0])  # 2 / 20 = 0.1 is the most that the valley's walls allow
        True
        """
        return compute_surface(
            valley, [-3.5, 1.5], {f"{optimizer}, lr {lr:.3f}": _OPTIMISERS[optimizer](lr)}, n_steps=n_steps
        )

    def show(self) -> None:
        """Replace text and picture by those of the controls."""
        surface = self.compute(self.lr.value, self.optimizer.value, self.n_steps)
        losses = next(iter(surface.paths.values())).losses
        verdict = "it climbs: the steps are too long" if losses[-1] > losses[0] else "it descends"
        sums = [f"C = {losses[0]:.4g} at the start, {losses[-1]:.4g} after {len(losses) - 1} steps"]
        self.text.value = _lines(f"{self.optimizer.value} with lr = {self.lr.value:.3f}: {verdict}", sums)
        self.picture.value = _png(draw_surface(surface))

    def __repr__(self) -> str:
        return f"LearningRate({self.optimizer.value}, lr {self.lr.value:.3f})"


def _picture() -> ipywidgets.Image:
    # A box would stretch it to its own width.
    return ipywidgets.Image(format="png", layout={"max_width": "100%", "align_self": "flex-start"})


def _lines(title: str, lines: list[str]) -> str:
    body = "<br>".join(html.escape(line) for line in lines)
    return f"<b>{html.escape(title)}</b><br><span style='font-family: monospace'>{body}</span>"


def _png(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=96)
    return file.getvalue()
