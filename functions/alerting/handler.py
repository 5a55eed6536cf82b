"""Alerting: keeps findings as alerts; its schedule sends one digest to each owner."""

from __future__ import annotations

from typing import Any

from functions import wiring
from functions.messages import each_message
from syndic.tasks import alerting


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take a batch from the alerting queue, or the schedule of digests."""
    if "Records" in event:
        return each_message(event, alerting.take, wiring.wired())
    return alerting.digest(wiring.wired())
