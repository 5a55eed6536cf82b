"""Bytes of captured records, ground truth and tables become columnar windows of numpy arrays."""

from syndic.windows.cells.cell import level_text
from syndic.windows.formats.azure_collector.records import parse_collector
from syndic.windows.formats.sagemaker.records import parse_sagemaker
from syndic.windows.formats.table import FORMATS
from syndic.windows.labels import LabelCoverage, LabelFile, Labels, join_labels, label_coverage, parse_labels
from syndic.windows.parsing.deduplication import Seen
from syndic.windows.partitions import Part, in_batches
from syndic.windows.read_ahead import read_ahead
from syndic.windows.read_window import read_files, read_label_files, read_labels, read_objects, read_window
from syndic.windows.rejected import OnReject, Reason, Rejected
from syndic.windows.tables.alike import read_tables_alike
from syndic.windows.tables.read_table import Table, read, read_table
from syndic.windows.window import Categories, Column, Window, concatenate, missing_in

__all__ = [
    "FORMATS",
    "Categories",
    "Column",
    "LabelCoverage",
    "LabelFile",
    "Labels",
    "OnReject",
    "Part",
    "Reason",
    "Rejected",
    "Seen",
    "Table",
    "Window",
    "concatenate",
    "in_batches",
    "join_labels",
    "label_coverage",
    "level_text",
    "missing_in",
    "parse_collector",
    "parse_labels",
    "parse_sagemaker",
    "read",
    "read_ahead",
    "read_files",
    "read_label_files",
    "read_labels",
    "read_objects",
    "read_table",
    "read_tables_alike",
    "read_window",
]
