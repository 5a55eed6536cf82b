"""Named numbers with intervals, read off counts; no verdict."""
