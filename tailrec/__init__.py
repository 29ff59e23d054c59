"""tailrec: learn, teach and honestly try out recommenders for long-tail users.

Everything public stands in ``__init__.pyi`` and is imported when it is first used.
"""

import lazy_loader as _lazy

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
