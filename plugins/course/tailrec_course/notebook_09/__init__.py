"""The exercises of notebook 09."""

from tailrec_course.notebook_09.gate import GATE
from tailrec_course.notebook_09.mixture import MIXTURE
from tailrec_course.notebook_09.truncation import TRUNCATION

__all__ = ["EXERCISES"]

EXERCISES = (MIXTURE, GATE, TRUNCATION)
