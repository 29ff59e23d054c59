"""TensorFlow Recommenders models for tailrec. Importing it does not import TensorFlow; only training does."""
