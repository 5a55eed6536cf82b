"""Syndic: governance of machine-learning models across clouds, computed from evidence."""

__version__ = "0.1.0"
