"""The exercises of notebook 03."""

from tailrec_course.notebook_03.central_difference import CENTRAL_DIFFERENCE
from tailrec_course.notebook_03.hidden_delta import HIDDEN_DELTA
from tailrec_course.notebook_03.layer_gradients import LAYER_GRADIENTS
from tailrec_course.notebook_03.slope import SLOPE

EXERCISES = (SLOPE, HIDDEN_DELTA, LAYER_GRADIENTS, CENTRAL_DIFFERENCE)
