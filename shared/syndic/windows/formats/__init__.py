"""Capture formats: a folder each behind one protocol, and one line each in `table`."""
