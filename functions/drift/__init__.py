"""The drift function."""
