"""Vendors: who supplies what, what they answered, what was agreed in writing and until when."""
