"""The exercises of notebook 00."""

from tailrec_course.notebook_00.tail_size import TAIL_SIZE
from tailrec_course.notebook_00.two_means import TWO_MEANS
from tailrec_course.notebook_00.verdict import VERDICT

EXERCISES = (VERDICT, TAIL_SIZE, TWO_MEANS)
