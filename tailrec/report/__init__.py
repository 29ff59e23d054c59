"""The HTML report: one self-contained file that can be read without script and printed."""
