"""Batch jobs: those that ended are found, related to a model, and the checks of their rows asked for."""
