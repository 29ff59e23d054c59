"""The exercises of notebook 07."""

from tailrec_course.notebook_07.accidental_hits import ACCIDENTAL_HITS
from tailrec_course.notebook_07.batch_loss import BATCH_LOSS
from tailrec_course.notebook_07.logq import LOGQ

__all__ = ["EXERCISES"]

EXERCISES = (BATCH_LOSS, ACCIDENTAL_HITS, LOGQ)
