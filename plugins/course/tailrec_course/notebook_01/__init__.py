"""The exercises of notebook 01, and what it measures people's breadth with."""

from tailrec_course.notebook_01.breadth import bits_per_doubling, compute_breadth, entropy, shuffled
from tailrec_course.notebook_01.core_of_k import CORE_OF_K
from tailrec_course.notebook_01.cores import k_core
from tailrec_course.notebook_01.gini_by_hand import GINI_BY_HAND
from tailrec_course.notebook_01.kinds_seen import KINDS_SEEN
from tailrec_course.notebook_01.owned import OWNED

__all__ = ["EXERCISES", "bits_per_doubling", "compute_breadth", "entropy", "k_core", "shuffled"]

EXERCISES = (OWNED, GINI_BY_HAND, KINDS_SEEN, CORE_OF_K)
