"""Drift: judges the window that each queued request names."""

from __future__ import annotations

from typing import Any

from functions import wiring
from functions.messages import each_message, read_request
from functions.metrics import count
from syndic.drift.use_cases import check_or_map


def check(body: str) -> None:
    """Take one request for a check."""
    request, clouds = read_request(body, "drift"), wiring.wired()
    report = check_or_map(
        request,
        store=clouds.store,
        captures=clouds.captures,
        archive=clouds.archive,
        bus=clouds.bus,
        audit=clouds.audit,
        maps=clouds.maps,
        map_threshold_mb=clouds.settings.map_threshold_mb,
        now=clouds.now(),
    )
    count("WindowsChecked", check="drift", verdict=getattr(report, "verdict", "mapped"))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take a batch from the drift queue."""
    return each_message(event, check)
