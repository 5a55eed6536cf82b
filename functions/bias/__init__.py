"""The bias function."""
