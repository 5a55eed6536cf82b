"""Counter, large windows: merges the counts of all parts and hands them on. The map's last step."""

from __future__ import annotations

from typing import Any

from functions import wiring
from syndic.tasks import counter


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take the end of a run."""
    return counter.finish(event, wiring.wired())
