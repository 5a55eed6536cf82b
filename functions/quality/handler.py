"""Quality: judges the window that each queued request names."""

from __future__ import annotations

from typing import Any

from syndic.quality.use_cases import check_quality

from functions import wiring
from functions.messages import each_message, read_request
from functions.metrics import count


def check(body: str) -> None:
    """Take one request for a check."""
    request, clouds = read_request(body, "quality"), wiring.wired()
    report = check_quality(
        request,
        store=clouds.store,
        captures=clouds.captures,
        archive=clouds.archive,
        bus=clouds.bus,
        audit=clouds.audit,
        now=clouds.now(),
    )
    count("WindowsChecked", check="quality", verdict=report.verdict)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take a batch from the quality queue."""
    return each_message(event, check)
