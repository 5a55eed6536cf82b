"""The compliance function."""
