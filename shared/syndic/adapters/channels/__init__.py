"""Channels by which people are told: a folder each, and one line each in `table`."""
