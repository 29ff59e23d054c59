"""The exercises of notebook 12."""

from tailrec_course.notebook_12.found_share import FOUND_SHARE
from tailrec_course.notebook_12.rows_asked import ROWS_ASKED
from tailrec_course.notebook_12.unknown_codes import UNKNOWN_CODES

__all__ = ["EXERCISES"]

EXERCISES = (FOUND_SHARE, ROWS_ASKED, UNKNOWN_CODES)
