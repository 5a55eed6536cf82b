"""Where quality keeps its records."""

from __future__ import annotations

from syndic.models import TimeWindow
from syndic.ports import Key

STREAM = "quality"
"""Name of the results among the summaries of days and months."""


def partition(model_id: str) -> str:
    """The partition of a model's quality reports."""
    return f"quality.{model_id}"


def report_key(model_id: str, window: TimeWindow) -> Key:
    """Key of the report of a window."""
    return Key(partition(model_id), window.key)


def expectations_key(model_id: str) -> Key:
    """Key of what the model's baseline lets expect of each column; setting a baseline writes it."""
    return Key(f"model.{model_id}", "expectations")


def reference_key(model_id: str) -> Key:
    """Key of the counts of windows whose labels have come, from which others are expected."""
    return Key(f"quality.{model_id}.reference", "windows")


def report_id(model_id: str, window: TimeWindow) -> str:
    """The id of the report of a window."""
    return f"quality.{model_id}.{window.key}"
