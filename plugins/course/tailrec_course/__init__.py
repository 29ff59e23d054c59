"""The exercises of the course and their checks: ``from tailrec_course import check``."""

from tailrec_course.checking import EXERCISES, check
from tailrec_course.exercise import Exercise, WrongAnswer, judge
from tailrec_course.stored import main_job

__all__ = ["EXERCISES", "Exercise", "WrongAnswer", "check", "judge", "main_job"]
