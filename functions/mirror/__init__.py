"""The mirror function."""
