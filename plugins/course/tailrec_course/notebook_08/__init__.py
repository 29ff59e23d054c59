"""The exercises of notebook 08, and what it trains and reads beside the plugins."""

from tailrec_course.notebook_08.cvar_by_hand import CVAR_BY_HAND
from tailrec_course.notebook_08.dro_step import DRO_STEP
from tailrec_course.notebook_08.treatments import tail_treatments
from tailrec_course.notebook_08.weights_by_hand import WEIGHTS_BY_HAND

__all__ = ["EXERCISES", "tail_treatments"]

EXERCISES = (WEIGHTS_BY_HAND, CVAR_BY_HAND, DRO_STEP)
