"""The picture of breadth against activity, measured three ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import tailrec

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: How each measure is called and drawn; Okabe and Ito's colours, a marker and a line of its own.
_DRAWN = {
    "naive": ("naive entropy", "#D55E00", "s", "--"),
    "miller_madow": ("Miller–Madow", "#009E73", "^", "-."),
    "rarefied": ("rarefied", "#0072B2", "o", "-"),
}


def compute_by_fifth(breadth: pd.DataFrame) -> pd.DataFrame:
    """Return the mean of each measure and its 95 % interval in five equal groups of people by activity.

    Parameters
    ----------
    breadth
        What `compute_breadth` returned.

    Returns
    -------
    DataFrame
        One row a measure and group: ``measure``, ``group`` (0 the least active), ``n_people``, ``value``, ``low``,
        ``high``.

    Examples
    --------
    >>> people = pd.DataFrame({"length": range(10), "naive": range(10), "miller_madow": 1.0, "rarefied": 2.0})
    >>> groups = compute_by_fifth(people)
    >>> groups.loc[groups["measure"] == "naive", "value"].tolist()
    [0.5, 2.5, 4.5, 6.5, 8.5]
    """
    group = pd.qcut(breadth["length"].rank(method="first"), 5, labels=False).to_numpy()
    rows = []
    for at in range(5):
        found = tailrec.bootstrap_interval(breadth.loc[group == at, list(_DRAWN)], n_resamples=1000)
        rows += [[name, at, int((group == at).sum()), *(side[i] for side in found)] for i, name in enumerate(_DRAWN)]
    return pd.DataFrame(rows, columns=["measure", "group", "n_people", "value", "low", "high"])


def draw_breadth(panels: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw how breadth goes with activity, a panel a table of `compute_breadth`, by its title."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.5, 3.7), layout="constrained")
    axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for ax, (title, breadth) in zip(axes, panels.items(), strict=True):
        groups = compute_by_fifth(breadth)
        for name, (label, color, marker, line) in _DRAWN.items():
            rows = groups[groups["measure"] == name]
            value = rows["value"].to_numpy(dtype=float)
            ends: Any = np.stack([value - rows["low"], rows["high"] - value])
            style = {"color": color, "marker": marker, "linestyle": line, "label": label, "capsize": 3}
            ax.errorbar(rows["group"].to_numpy(), value, yerr=np.maximum(ends, 0), **style)
        ax.set_xticks(range(5), ["least\nactive", "", "middle", "", "most\nactive"])
        ax.set_title(title, loc="left", fontsize=11, fontweight="bold", parse_math=False)
        ax.set_xlabel("fifth of the people")
        ax.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("entropy of the kinds (bits)")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=3, frameon=False)
    return figure
