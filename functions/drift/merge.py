"""Drift, large windows: merges the counts of a window's objects and judges them. The map's last step."""

from __future__ import annotations

from typing import Any

from functions import wiring
from syndic.tasks import drift


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take the end of a map run."""
    report = drift.finish(event, wiring.wired())
    return {"report_id": report.id, "verdict": report.verdict}
