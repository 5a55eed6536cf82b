"""Compliance: the state of each requirement of a framework, computed from evidence."""
