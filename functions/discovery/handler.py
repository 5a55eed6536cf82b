"""Discovery: brings the registry up to date with the clouds, and asks for the checks that are due."""

from __future__ import annotations

from typing import Any

from functions import wiring
from functions.messages import each_message
from syndic.tasks import discovery


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take a batch from the discovery queue, or the schedule's call."""
    if "Records" in event:
        return each_message(event, discovery.take, wiring.wired())
    return discovery.discover(wiring.wired()).model_dump(mode="json")
