"""Pictures of a result: each a pure `compute_...` that is tested, and a thin `draw_...` on matplotlib."""

from tailrec.figures.activity import compute_activity, draw_activity
from tailrec.figures.by_length import compute_by_length, draw_by_length
from tailrec.figures.forest import compute_forest, draw_forest
from tailrec.figures.gain_and_cost import compute_gain_and_cost, draw_gain_and_cost
from tailrec.figures.lorenz import compute_lorenz, draw_lorenz, gini
from tailrec.figures.trade_off import compute_trade_off, draw_trade_off
from tailrec.figures.weight_curve import compute_weight_curve, compute_weight_shares, draw_weight_curve

__all__ = [
    "compute_activity",
    "compute_by_length",
    "compute_forest",
    "compute_gain_and_cost",
    "compute_lorenz",
    "compute_trade_off",
    "compute_weight_curve",
    "compute_weight_shares",
    "draw_activity",
    "draw_by_length",
    "draw_forest",
    "draw_gain_and_cost",
    "draw_lorenz",
    "draw_trade_off",
    "draw_weight_curve",
    "gini",
]
