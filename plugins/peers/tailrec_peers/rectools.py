"""Any model of RecTools, in the environment in which RecTools is installed."""

from __future__ import annotations

from typing import Any, ClassVar

from tailrec_peers.elsewhere import Elsewhere


class RecTools(Elsewhere):
    """Score by what a model of RecTools recommends, all items and all users of the train.

    Every pair of user and item goes to RecTools once, with the weight 1 and the time of its last event. Items that
    RecTools does not list for somebody stand below those that it does.

    Parameters
    ----------
    model
        The class of the model in ``rectools.models``, such as ``EASEModel``, or any other with its module, such as
        ``my_package.MyModel``.
    settings
        Its parameters as RecTools' ``model_from_params`` reads them, each written ``key=value``:
        ``regularization=500``, ``model.factors=64``.
    python
        The Python of the environment that RecTools is installed in; by default that of ``.extra/rectools``.

    Examples
    --------
    >>> RecTools(model="ImplicitALSWrapperModel", settings=["model.factors=64", "model.random_state=1"])
    RecTools(settings=['model.factors=64', 'model.random_state=1'], python=None, model='ImplicitALSWrapperModel')
    """

    library: ClassVar = "rectools"
    requirement: ClassVar = "rectools==0.19.0"
    why_not_here: ClassVar = "it needs numpy < 2"
    of_python: ClassVar = "python3.12"

    model: str = "EASEModel"

    def _asked(self) -> dict[str, Any]:
        return {"model": self.model}
