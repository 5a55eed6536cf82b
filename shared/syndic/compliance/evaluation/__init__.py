"""Evaluating models, and what others read of it."""
