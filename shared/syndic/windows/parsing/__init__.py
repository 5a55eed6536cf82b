"""Blocks of bytes become lines, records, payloads and batches of rows."""
