"""Rollouts: moves every open deployment at most one step. The only function that may change endpoints."""

from __future__ import annotations

from typing import Any

from functions import wiring
from syndic.tasks import rollouts


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take the schedule's call; what it says does not matter."""
    return rollouts.advance(wiring.wired()).model_dump(mode="json")
