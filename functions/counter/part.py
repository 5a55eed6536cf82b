"""Counter, large windows: counts one part. The map calls it for each."""

from __future__ import annotations

from typing import Any

from functions import wiring
from syndic.tasks import counter


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take one part of a run."""
    return counter.count(event, wiring.wired()).model_dump(mode="json")
