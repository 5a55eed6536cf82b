"""Fairness: every group, with its uncertainty, from live traffic."""
