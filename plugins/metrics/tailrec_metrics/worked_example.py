"""Four users on whom every metric can be worked out by hand: those that `worked_values` are held to."""

import tailrec

four_users = tailrec.testing.four_users
