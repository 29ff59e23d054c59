"""The kit that tells a plugin writer what is wrong, check by check."""
