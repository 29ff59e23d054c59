"""Data sets for tailrec: two that work offline, files of one's own, and one with known tastes."""
