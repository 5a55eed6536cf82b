"""A report of fairness: built, kept, read and published."""
