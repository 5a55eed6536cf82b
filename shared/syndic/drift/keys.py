"""Where drift keeps its records, and how its objects in the archive are named."""

from __future__ import annotations

from syndic.models import TimeWindow
from syndic.ports import Key

STREAM = "drift"
"""Name of the results among the summaries of days and months."""

POINTS = "point."
"""Sort prefix of the small records that histories are read from. Reports have the bare window key."""


def partition(model_id: str) -> str:
    """The partition of a model's drift reports."""
    return f"drift.{model_id}"


def report_key(model_id: str, window: TimeWindow) -> Key:
    """Key of the report of a window."""
    return Key(partition(model_id), window.key)


def point_key(model_id: str, window: TimeWindow) -> Key:
    """Key of the history point of a window."""
    return Key(partition(model_id), f"{POINTS}{window.key}")


def troubled_partition(model_id: str) -> str:
    """The partition in which the windows of a model are listed that have a trouble, and the mark from when on."""
    return f"drifted.{model_id}"


def baseline_key(model_id: str) -> Key:
    """Key of the pointer to a model's baseline."""
    return Key(f"model.{model_id}", "baseline")


def expectations_key(model_id: str) -> Key:
    """Key of what the baseline lets other concerns expect of each column: kind, range, values, missing share."""
    return Key(f"model.{model_id}", "expectations")


def report_id(model_id: str, window: TimeWindow) -> str:
    """The id of the report of a window."""
    return f"drift.{model_id}.{window.key}"


def slices_name(model_id: str, digest: str) -> str:
    """Name, in the archive, of a baseline's counts by slices."""
    return f"baselines/{model_id}/{digest}.slices"


def baseline_name(model_id: str, digest: str) -> str:
    """Name of a baseline summary in the archive."""
    return f"baselines/{model_id}/{digest}.baseline"
