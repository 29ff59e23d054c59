"""Keras 3 models for tailrec. Importing it does not import Keras; only training and building a network do."""
