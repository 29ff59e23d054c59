"""Metrics on a ranking: how well it meets the targets (`accuracy`), and what else it does (`beyond`)."""
