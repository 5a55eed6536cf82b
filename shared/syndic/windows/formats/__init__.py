"""Capture formats: one module each."""
