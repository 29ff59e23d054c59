"""The exercises of notebook 06."""

from tailrec_course.notebook_06.expected_rank import EXPECTED_RANK
from tailrec_course.notebook_06.ndcg import NDCG
from tailrec_course.notebook_06.paired_error import PAIRED_ERROR
from tailrec_course.notebook_06.recall import RECALL

EXERCISES = (RECALL, NDCG, EXPECTED_RANK, PAIRED_ERROR)
