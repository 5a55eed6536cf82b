"""Discovery: brings the registry up to date with clouds and other registries, and asks for the checks that are due."""

from __future__ import annotations

from typing import Any

from functions import wiring
from syndic.tasks import discovery, registries


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take the schedule's call; what it says does not matter."""
    clouds = wiring.wired()
    registries.keep_in_step(clouds)
    return discovery.discover(clouds).model_dump(mode="json")
