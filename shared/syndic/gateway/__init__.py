"""Governed predictions: requests are held to the version's signature, answered, logged, and can be traced."""
