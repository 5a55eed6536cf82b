"""Bytes of captured records, ground truth and tables become columnar windows of numpy arrays."""

from syndic.windows.rejected import OnReject, Reason, Rejected
from syndic.windows.window import Categories, Column, Window, concatenate, missing_in

__all__ = ["Categories", "Column", "OnReject", "Reason", "Rejected", "Window", "concatenate", "missing_in"]
