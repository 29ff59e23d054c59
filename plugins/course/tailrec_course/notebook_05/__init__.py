"""The exercises of notebook 05, and the article's listing that it runs."""

from tailrec_course.notebook_05.area import AREA
from tailrec_course.notebook_05.constant_answer import CONSTANT_ANSWER
from tailrec_course.notebook_05.f1_score import F1_SCORE
from tailrec_course.notebook_05.filled import FILLED
from tailrec_course.notebook_05.listing import LISTING

__all__ = ["EXERCISES", "LISTING"]

EXERCISES = (CONSTANT_ANSWER, F1_SCORE, AREA, FILLED)
