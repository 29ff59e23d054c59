"""Any scoring component of LensKit, in the environment in which LensKit is installed."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import pydantic

from tailrec_peers.elsewhere import Elsewhere


class LensKit(Elsewhere):
    """Score by a component of LensKit in its usual top-n pipeline, all items and all users of the train.

    Every pair of user and item goes to LensKit once, with the rating and time of its last event where it has them.
    Items that LensKit gives no score stand below those that it does.

    Parameters
    ----------
    component
        The class of the scorer with its module, such as ``lenskit.als.ImplicitMFScorer``.
    settings
        Its parameters, each written ``key=value``. One that learns from ratings needs data with ratings; with
        ``feedback=implicit``, the neighbours of ``lenskit.knn`` do without.
    seed
        Of its random numbers.
    python
        The Python of the environment that LensKit is installed in; by default that of ``.extra/lenskit``.

    Examples
    --------
    >>> LensKit(component="lenskit.knn.ItemKNNScorer", settings=["feedback=implicit", "max_nbrs=20"]).component
    'lenskit.knn.ItemKNNScorer'
    """

    library: ClassVar = "lenskit"
    requirement: ClassVar = "lenskit==2025.8.1"
    why_not_here: ClassVar = "it needs Python 3.12 or later, and pandas < 3"
    of_python: ClassVar = "python3.12"

    component: str = "lenskit.als.ImplicitMFScorer"
    seed: Annotated[int, pydantic.Field(ge=0)] = 0

    def _asked(self) -> dict[str, Any]:
        return {"component": self.component, "seed": self.seed}
