"""Drift, large windows: merges the counts of a window's objects and judges them. The map's last step."""

from __future__ import annotations

from typing import Any

from functions import wiring
from functions.messages import MapRun
from functions.metrics import count
from syndic.drift.use_cases import finish_window


def handler(event: dict[str, Any], context: object) -> dict[str, str]:  # noqa: ARG001
    """Take the end of a map run."""
    request, clouds = MapRun.model_validate(event).request, wiring.wired()
    report = finish_window(
        request,
        store=clouds.store,
        captures=clouds.captures,
        archive=clouds.archive,
        bus=clouds.bus,
        audit=clouds.audit,
        now=clouds.now(),
    )
    count("WindowsChecked", check="drift", verdict=report.verdict)
    return {"report_id": report.id, "verdict": report.verdict}
