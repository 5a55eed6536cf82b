"""Discovery: brings the registry up to date with the clouds and asks for the checks that are due."""

from __future__ import annotations

from typing import Any

from functions import wiring
from functions.metrics import count
from syndic.discovery.use_cases import discover_models


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take the schedule's call; what it says does not matter."""
    clouds = wiring.wired()
    report = discover_models(
        sources=clouds.sources,
        store=clouds.store,
        captures=clouds.captures,
        bus=clouds.bus,
        audit=clouds.audit,
        now=clouds.now(),
    )
    count("ChecksRequested", report.requested)
    return report.model_dump(mode="json")
