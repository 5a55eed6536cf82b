# Made from ../_async by client/generate.py: change it there.
"""The client for programs that wait blocking."""
