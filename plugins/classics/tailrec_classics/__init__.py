"""Classic recommenders for tailrec: the baselines that come first."""
