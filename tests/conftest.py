"""No test may fail for being slow: a busy machine is no defect of the code."""

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
