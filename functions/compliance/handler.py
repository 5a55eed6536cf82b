"""Compliance: looks at a model again when its evidence changed, and at all models once a day."""

from __future__ import annotations

from typing import Any

from functions import wiring
from functions.messages import each_message
from syndic.tasks import compliance


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take a batch from the compliance queue, or the daily schedule."""
    if "Records" in event:
        return each_message(event, compliance.once_a_batch(), wiring.wired())
    return compliance.evaluate_daily(wiring.wired()).model_dump(mode="json")
