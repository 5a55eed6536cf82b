"""Where the concern keeps its records. docs/keys.md lists them."""

from __future__ import annotations

from syndic.models import TimeWindow
from syndic.ports import Key

EVIDENCE_KIND = "bias.run"


def stream(outcome: str) -> str:
    """Name of the reports on an outcome among the summaries of days and months."""
    return f"bias.{outcome}"


def report_partition(model_id: str) -> str:
    """All reports on a model."""
    return f"bias.{model_id}"


def report_key(model_id: str, outcome: str, window: TimeWindow) -> Key:
    """The report on one outcome in one window."""
    return Key(report_partition(model_id), f"{outcome}.{window.key}")


def announced_key(model_id: str, window: TimeWindow) -> Key:
    """The mark that everybody was told of a window's reports."""
    return Key(report_partition(model_id), f"told.{window.key}")


def report_id(model_id: str, outcome: str, window: TimeWindow) -> str:
    """The report's id: the same for the same model, outcome and window."""
    return f"bias.{model_id}.{outcome}.{window.key}"


def looks_key(model_id: str, outcome: str) -> Key:
    """What all windows of an outcome together say so far."""
    return Key(report_partition(model_id), f"looks.{outcome}")


def entered_key(model_id: str, outcome: str, window: TimeWindow) -> Key:
    """The counts of one window as they were added to it."""
    return Key(report_partition(model_id), f"entered.{outcome}.{window.key}")
