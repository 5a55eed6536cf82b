"""Drift, large windows: counts one captured object. The map calls it for each."""

from __future__ import annotations

from typing import Any

from functions import wiring
from syndic.tasks import drift


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Take one object of a map run."""
    return drift.count_object(event, wiring.wired()).model_dump(mode="json")
