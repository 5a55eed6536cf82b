"""How far two distributions are apart: named numbers, no verdict."""
