"""The counter's functions."""
