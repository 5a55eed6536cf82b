"""Discovery: brings the registry up to date with the clouds and asks for the checks that are due."""

from __future__ import annotations

from typing import Any

from functions import wiring
from syndic.tasks import discovery


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take the schedule's call; what it says does not matter."""
    return discovery.discover(wiring.wired()).model_dump(mode="json")
