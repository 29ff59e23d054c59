"""The commands of `tailrec`, one a file: each parses, calls one function and prints."""
