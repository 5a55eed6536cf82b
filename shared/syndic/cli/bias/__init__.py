"""``syndic bias``."""
