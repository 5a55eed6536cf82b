"""The quality function."""
