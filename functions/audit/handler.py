"""Audit: the sequencer, which alone appends to the trail and signs its checkpoints."""

from __future__ import annotations

from typing import Any

from functions import wiring
from syndic.tasks import trail


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take the call of the schedule, or of the table in which entries wait; what it says does not matter."""
    return trail.run(wiring.wired())
