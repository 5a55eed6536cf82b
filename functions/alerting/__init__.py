"""The alerting function."""
