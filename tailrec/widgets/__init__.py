"""Small applications for a notebook: each a pure `compute`, and controls that show what it returns.

They need ipywidgets (``pip install "tailrec[lab]"``), which is imported when the first of them is used.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
