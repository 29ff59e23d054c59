"""The exercises of notebook 02."""

from tailrec_course.notebook_02.forward import FORWARD
from tailrec_course.notebook_02.inverse import INVERSE
from tailrec_course.notebook_02.n_parameters import N_PARAMETERS
from tailrec_course.notebook_02.neuron import NEURON

EXERCISES = (NEURON, N_PARAMETERS, FORWARD, INVERSE)
