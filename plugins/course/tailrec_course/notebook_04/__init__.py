"""The exercises of notebook 04."""

from tailrec_course.notebook_04.adam_step import ADAM_STEP
from tailrec_course.notebook_04.largest_rate import LARGEST_RATE
from tailrec_course.notebook_04.stable_loss import STABLE_LOSS
from tailrec_course.notebook_04.two_slopes import TWO_SLOPES

EXERCISES = (TWO_SLOPES, STABLE_LOSS, ADAM_STEP, LARGEST_RATE)
