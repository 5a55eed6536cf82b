"""A report of drift: built, kept and read."""
