"""The function that keeps other registries in step."""
