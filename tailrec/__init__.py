"""tailrec: learn, teach and honestly try out recommenders for long-tail users.

Everything public hangs here and is imported when it is first used.
"""

import lazy_loader as _lazy

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submodules=["figures"],
    submod_attrs={
        "comparison": ["compare"],
        "experiments": ["Experiment"],
        "results": ["Result"],
        "errors": ["InputError", "PluginError", "StoreError", "TailrecError"],
        "evaluation": ["evaluate"],
        "interactions": ["Interactions"],
        "interfaces": ["CatalogueMetric", "DataPlugin", "MetricPlugin", "ModelPlugin", "depth_of", "is_fitted"],
        "parameters": ["Parameters"],
        "preparing": ["prepare"],
        "ranking": ["Ranking", "rank"],
        "registry": ["load", "make", "metric", "model", "plugins", "register"],
        "scenarios": ["Scenario"],
        "segments": ["segments"],
        "splitting": ["Holdout", "Split", "split"],
        "statistics": ["bootstrap_interval", "holm", "sign_flip_p_value"],
        "topk": ["top_k", "top_k_of_factors"],
        "weighting": ["weights"],
    },
)
